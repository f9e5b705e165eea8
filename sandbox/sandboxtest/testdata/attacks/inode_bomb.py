# stone: the workspace's number of inodes
# expect: ok
made = 0
try:
    while made < 100_000:
        os.close(os.open(f"/tmp/{made}", os.O_CREAT))
        made += 1
    escape("inodes", made)
except OSError as trouble:
    held("inodes", f"{made} {trouble}")
try:
    for n in range(100_000):
        os.symlink("x" * 4000, f"/dev/shm/l{n}")
    escape("links", n)
except OSError as trouble:
    held("links", trouble)
