# stone: the host reads, whatever is done to the pipes
# expect: ok|raised|killed
import fcntl
held("begun")
for fd in (1, 2):
    fcntl.fcntl(fd, 1031, 4096)
    os.set_blocking(fd, False)
    mine = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_NONBLOCK)
    for _ in range(200):
        try:
            os.write(fd, b"x" * 4096)
            os.read(mine, 100)
        except BlockingIOError:
            pass
held("done")
