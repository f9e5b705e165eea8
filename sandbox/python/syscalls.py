"""The system calls that Python has no name for."""

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND = 4096

_OPEN_TREE, _MOUNT_SETATTR = 428, 442  # the same number on every architecture
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_OPEN_TREE_CLONE, _OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID = 1, 2
_MS_PRIVATE = 1 << 18

_libc = ctypes.CDLL(None, use_errno=True)


class _MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _checked(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def unshare(flags):
    _checked(_libc.unshare(flags))


def mount(source, target, kind, flags, options=None):
    _checked(
        _libc.mount(
            source.encode(),
            target.encode(),
            kind.encode() if kind else None,
            ctypes.c_ulong(flags),
            options.encode() if options else None,
        )
    )


def clone_mount(path):
    """A detached second mount of what lies at path, as a directory descriptor."""
    call = _libc.syscall
    return _checked(call(_OPEN_TREE, _AT_FDCWD, path.encode(), _OPEN_TREE_CLONE | _OPEN_TREE_CLOEXEC))


def make_read_only(path, below=False):
    """Read-only, no set-uid, cut off from the parent; with below, all under it too."""
    attr = _MountAttr(_MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, _MS_PRIVATE, 0)
    _checked(
        _libc.syscall(
            _MOUNT_SETATTR,
            _AT_FDCWD,
            path.encode(),
            _AT_RECURSIVE if below else 0,
            ctypes.byref(attr),
            ctypes.sizeof(attr),
        )
    )


def prctl(option, a=0, b=0, c=0, d=0):
    return _checked(_libc.prctl(option, *(ctypes.c_ulong(x) for x in (a, b, c, d))))


def drop_capabilities():
    """All of them, from every set, and no way back (capabilities(7))."""
    last = int(open("/proc/sys/kernel/cap_last_cap").read()) if os.path.exists("/proc/sys/kernel/cap_last_cap") else 63
    prctl(47, 4)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL
    # NOROOT, NO_SETUID_FIXUP, KEEP_CAPS off, NO_CAP_AMBIENT_RAISE; each locked.
    prctl(28, 0b11101111)
    for number in range(last + 1):
        try:
            prctl(24, number)  # PR_CAPBSET_DROP
        except OSError:
            break  # past the last capability of this kernel
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    empty = (ctypes.c_uint32 * 6)()
    _checked(_libc.capset(header, empty))


def no_new_privileges():
    prctl(38, 1)


def install_filter(program):
    """The seccomp filter: struct sock_filter bytes, made by the host."""
    held = ctypes.create_string_buffer(program, len(program))
    prog = _Program(len(program) // 8, ctypes.cast(held, ctypes.c_char_p))
    _checked(_libc.prctl(22, ctypes.c_ulong(2), ctypes.byref(prog), 0, 0))  # PR_SET_SECCOMP, MODE_FILTER


def flush_c_streams():
    _libc.fflush(None)
