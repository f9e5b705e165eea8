# stone: the memory limit of the group, over files without a name
# expect: out_of_memory
fds = []
while True:
    fd = os.memfd_create("bomb")
    fds.append(fd)
    for _ in range(16):
        os.write(fd, b"x" * (1 << 20))
