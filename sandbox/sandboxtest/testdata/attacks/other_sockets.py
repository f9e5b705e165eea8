# stone: the filter's rule for socket: AF_UNIX alone
# expect: ok
# bare: escape
for family in range(1, 46):
    if family != socket.AF_UNIX:
        for kind in (1, 2, 3, 5):
            try:
                fd = libc.socket(family, kind, 0)
            finally:
                pass
            if fd >= 0:
                escape(f"family {family} kind {kind}")
                os.close(fd)
held("45 families")
# The kernel reads an int: a family hidden in the high half is none.
ctypes.set_errno(0)
got = libc.syscall(ctypes.c_long(41 if platform.machine() == "x86_64" else 198), ctypes.c_ulong(0x1_0000_0002), 1, 0)
held("high bits") if got == -1 else escape("high bits")
