# stone: the memory limit of the group, over shared memory
# expect: out_of_memory
import mmap
maps = []
while True:
    area = mmap.mmap(-1, 32 << 20)
    area.write(b"x" * (32 << 20))
    maps.append(area)
