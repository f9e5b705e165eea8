# stone: the memory limit of the group, over page tables
# expect: out_of_memory
import mmap
libc.mmap.restype = ctypes.c_void_p
size = 1 << 40
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
base = libc.mmap(None, size, 1, 0x4022, -1, 0)  # PROT_READ, PRIVATE ANONYMOUS NORESERVE
libc.madvise(ctypes.c_void_p(base), ctypes.c_size_t(size), 15)  # no huge pages
for offset in range(0, size, 2 << 20):
    ctypes.string_at(base + offset, 1)
escape("page tables", size)
