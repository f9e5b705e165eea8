# stone: file size limit, size checked before reading
# expect: ok
def grow(size):
    with open("sparse.bin", "wb") as f:
        f.truncate(size)
    return size
refused("10 GB", grow, 10 << 30)
refused("1 TB", grow, 1 << 40)
held("what fits", grow(60_000_000))
