"""The inner wall: what one kernel does to itself before it sees user code.

It runs in a fresh child of the zygote, which is already process 1 of a new pid
namespace, as uid 0 of the outer user namespace (one unprivileged uid outside).
The order matters: each step says what the next one could not do any more.
"""

import contextlib
import os
import resource
import socket

from . import syscalls

INPUTS_FD = 4  # the writable side of /inputs, kept by the harness
_USER = 1000


class Broken(Exception):
    """A stone of the wall could not be laid. Nothing may run."""


@contextlib.contextmanager
def _stone(name):
    try:
        yield
    except OSError as trouble:
        raise Broken(f"{name}: {trouble.strerror or trouble}") from trouble


def enclose(order):
    """Namespaces, mounts and ids, and the working folder as the current one."""
    with _stone("the outer /proc"):
        # Opened in the old mount namespace: after the next steps every path
        # is read-only, and the id maps are still to be written.
        outer = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY)
    with _stone("oom_score_adj"):
        _write(outer, "oom_score_adj", "500")  # dies before the server and the database do
    with _stone("own mount, network, IPC and host name namespaces"):
        syscalls.unshare(
            syscalls.CLONE_NEWNS | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
        )
    with _stone("a read-only root"):
        syscalls.make_read_only("/", below=True)
    with _stone("the workspace"):
        _workspace(order)
    with _stone("the folder of fetched files"):
        inputs = _inputs(order)
    with _stone("own /proc"):
        flags = syscalls.MS_RDONLY | syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        syscalls.mount("proc", "/proc", "proc", flags, "subset=pid")
    with _stone("own host name"):
        socket.sethostname("mayfly")
    with _stone("own user namespace"):
        # Last: it owns none of the namespaces above, so nobody inside can
        # change them, whatever it becomes.
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        _write(outer, "setgroups", "deny")
        _write(outer, "uid_map", f"{_USER} 0 1")
        _write(outer, "gid_map", f"{_USER} 0 1")
    os.close(outer)
    os.dup2(inputs, INPUTS_FD, inheritable=False)
    os.chdir("/w")


def lock(order, program):
    """Limits, capabilities and the system call filter. The last steps, once the
    host has put this process into its own cgroup."""
    with _stone("own cgroup namespace"):
        # Its own group is the top of all that it sees: no path, and no number
        # of other kernels.
        syscalls.unshare(syscalls.CLONE_NEWCGROUP)
    with _stone("resource limits"):
        _limits(order)
    with _stone("no new privileges"):
        syscalls.no_new_privileges()
    with _stone("no capabilities"):
        syscalls.drop_capabilities()
    os.closerange(INPUTS_FD + 1, 1 << 16)
    with _stone("the system call filter"):
        syscalls.install_filter(program)


def _workspace(order):
    """One tmpfs holds the working folder, /tmp and /dev/shm: one budget of bytes
    and of inodes (without the second, empty files alone eat the memory)."""
    options = f"size={order['work_bytes']},nr_inodes={order['work_files']},mode=0700"
    syscalls.mount("tmpfs", "/tmp", "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
    os.mkdir("/tmp/w", 0o700)
    os.mkdir("/tmp/t", 0o700)
    for source, target in (("/tmp/w", "/w"), ("/tmp/t", "/dev/shm"), ("/tmp/t", "/tmp")):
        syscalls.mount(source, target, None, syscalls.MS_BIND)


def _inputs(order):
    """What load_file fetches lies in a tmpfs of its own, read-only by path."""
    flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
    options = f"size={max(order['inputs_bytes'], 4096)},nr_inodes=16384,mode=0700"
    syscalls.mount("tmpfs", "/inputs", "tmpfs", flags, options)
    writable = syscalls.clone_mount("/inputs")
    syscalls.make_read_only("/inputs")
    return writable


def _limits(order):
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_NPROC: order["pids"],
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
        resource.RLIMIT_RTPRIO: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_FSIZE: max(order["work_bytes"], order["inputs_bytes"]),
        resource.RLIMIT_STACK: 8 << 20,
    }
    for which, bound in bounds.items():
        resource.setrlimit(which, (bound, bound))


def _write(directory, name, text):
    fd = os.open(name, os.O_WRONLY, dir_fd=directory)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)
