# stone: the filter's rule for ioctl, no terminal
# expect: ok
# bare: escape
IOCTL = 16 if platform.machine() == "x86_64" else 29
refused("/dev/tty", open, "/dev/tty", "w")
refused("/dev/ptmx", open, "/dev/ptmx", "w")
for name, request in {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C, "TIOCSETD": 0x5423}.items():
    for fd in (0, 1, 2):
        no_syscall(IOCTL, fd, request, b"x", what=f"{name} on {fd}")
no_syscall(IOCTL, 1, 0x7FFF_0000_5412, b"x", what="high bits")
