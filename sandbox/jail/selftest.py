# Runs in a real kernel before any user's code may: each check tries to do what
# a stone of the wall forbids. The host reads the last line.
def _self_test(known):
    import ctypes, errno, json, os, resource, socket, subprocess

    libc = ctypes.CDLL(None, use_errno=True)

    def refused(do, *numbers):
        try:
            do()
        except OSError as trouble:
            assert trouble.errno in numbers, f"it answered {os.strerror(trouble.errno)}"
            return
        raise AssertionError("it was allowed")

    def call(name, *arguments):
        ctypes.set_errno(0)
        if getattr(libc, name)(*arguments) != 0:
            raise OSError(ctypes.get_errno(), name)

    def write(path):
        with open(path, "w") as held:
            held.write("0")

    def read_only_root():
        for folder in ("/", "/usr", "/etc", "/opt/python", "/opt/guest/mayfly", "/dev", "/inputs"):
            refused(lambda: write(f"{folder}/self-test"), errno.EROFS)

    def only_the_jails_files():
        for folder in ("/home", "/root", "/run", "/sys", "/var/lib", "/boot", "/mnt"):
            assert not os.path.exists(folder), f"{folder} shows"

    def workspace_limit():
        def fill():
            for number in range(64):
                with open(f"full-{number}", "wb", buffering=0) as held:
                    assert held.write(bytes(1 << 20)) == 1 << 20 or number, "the first file did not fit"

        try:
            refused(fill, errno.ENOSPC)
        finally:
            for name in os.listdir():
                os.remove(name)

    def environment():
        found = {pair.split(b"=")[0].decode() for pair in open("/proc/1/environ", "rb").read().split(b"\0") if pair}
        assert found <= set(known), f"unknown names {sorted(found - set(known))}"

    def own_processes():
        seen = [name for name in os.listdir("/proc") if name.isdigit()]
        assert os.getpid() == 1 and seen == ["1"], f"processes {seen}"

    def own_groups():
        with open("/proc/self/cgroup") as held:
            paths = {line.strip().split(":", 2)[2] for line in held}
        assert paths == {"/"}, f"groups {sorted(paths)}"

    def read_only_proc():
        refused(lambda: write("/proc/self/oom_score_adj"), errno.EROFS)

    def no_network():
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET, 40):
            refused(lambda: socket.socket(family, socket.SOCK_DGRAM), errno.EAFNOSUPPORT)

    def no_namespaces():
        refused(lambda: call("unshare", 0x10000000), errno.EPERM)

    def no_mounts():
        refused(lambda: call("mount", b"none", b"/w", b"tmpfs", 0, None), errno.EPERM)

    def no_way_to_root():
        refused(lambda: os.setuid(0), errno.EPERM, errno.EINVAL)

    def open_files_limit():
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 256
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)

    def process_limit():
        started = []
        try:
            refused(lambda: [started.append(subprocess.Popen(["/bin/sleep", "60"])) for _ in range(200)], errno.EAGAIN)
        finally:
            for process in started:
                process.kill()
            for process in started:
                process.wait()

    def no_tracing():  # the last one: where it is allowed, the next signal stops us
        refused(lambda: call("ptrace", 0, 0, 0, 0), errno.EPERM)

    faults = {}
    for check in (
        read_only_root, only_the_jails_files, workspace_limit, environment, own_processes, own_groups, read_only_proc,
        no_network, no_namespaces, no_mounts, no_way_to_root, open_files_limit, process_limit, no_tracing,
    ):
        try:
            check()
        except BaseException as trouble:
            faults[check.__name__.replace("_", " ")] = f"{type(trouble).__name__}: {trouble}"
    print(json.dumps(faults))
