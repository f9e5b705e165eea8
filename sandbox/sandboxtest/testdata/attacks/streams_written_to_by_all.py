# stone: every descriptor that can be written to, with garbage
# expect: ok|killed|raised
held("begun")
for fd in range(0, 16):
    try:
        os.set_blocking(fd, False)
        for _ in range(100):
            os.write(fd, os.urandom(4096))
    except OSError:
        pass
