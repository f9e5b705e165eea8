# stone: descriptors: three streams, the channel and the folder of inputs
# expect: ok
fds = {}
for fd in os.listdir("/proc/self/fd"):
    try:
        fds[int(fd)] = os.readlink(f"/proc/self/fd/{fd}")
    except FileNotFoundError:
        pass  # that of the listing itself
held("inherited", fds)
for fd, target in fds.items():
    if fd > 4 and not target.startswith(("anon_inode:[event", "socket:", "pipe:")):
        escape(f"descriptor {fd}", target)
for path in ("..", "../..", "../../../../../../etc/passwd", "../../../proc/1/root"):
    try:
        fd = os.open(path, os.O_RDONLY, dir_fd=4)
    except OSError as trouble:
        held(f"4/{path}", trouble)
        continue
    names = os.listdir(fd) if os.path.isdir(f"/proc/self/fd/{fd}") else ["a file"]
    held(f"4/{path}", names) if set(names) <= {str(n) for n in range(100)} else escape(f"4/{path}", names)
for name in ("usr", "etc", "root", "w", BAIT["file"].lstrip("/")):
    refused(f"4/{name}", lambda: os.open(name, os.O_RDONLY, dir_fd=4))
