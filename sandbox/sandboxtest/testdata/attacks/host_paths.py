# stone: own mount namespace: the host's folders are not there
# expect: ok
# bare: escape
for path in ("/root", "/home", "/var/lib", "/etc/shadow", "/etc/hostname", "/etc/resolv.conf", "/etc/ssl/private", "/sys", "/boot", "/mnt", "/media",
             "/srv", "/run", "/var/run", "/var/log", "/opt/mayfly", "/usr/local/bin", "/usr/local/go", "/lost+found", "/proc/kcore", "/proc/kallsyms", "/proc/keys",
             "/proc/kmsg", "/proc/sys", "/proc/sysrq-trigger", "/proc/meminfo", "/proc/net/tcp", "/dev/mem", "/dev/kvm", "/dev/fuse", "/dev/pts", "/dev/mqueue",
             "/dev/vda", "/dev/sda", BAIT["dir"], BAIT["file"]):
    try:
        found = os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(20) and [path]
    except OSError as trouble:
        held(path, errno.errorcode[trouble.errno])
        continue
    held(path, "empty") if not found else escape(path, found)
held("/", sorted(os.listdir("/")))
extra = set(os.listdir("/dev")) - {"null", "zero", "full", "random", "urandom", "shm", "fd", "stdin", "stdout", "stderr"}
held("/dev") if not extra else escape("/dev", extra)
accounts = open("/etc/passwd").read()
held("accounts") if accounts.count("\n") == 2 else escape("accounts", accounts)
