# stone: the filter's rule for setns
# expect: ok
# bare: escape
for name in os.listdir("/proc/self/ns"):
    try:
        fd = os.open(f"/proc/self/ns/{name}", os.O_RDONLY)
    except OSError as trouble:
        held(name, trouble)
        continue
    no_syscall("setns", fd, 0, what=name)
no_syscall("setns", os.pidfd_open(os.getpid()), 0x20000, what="by pidfd")
