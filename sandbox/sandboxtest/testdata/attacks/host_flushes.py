# stone: the filter's answers for fsync, fdatasync and msync, so that no loop of them reaches a disk of the host
# expect: ok
# bare: escape
import mmap
CLOSED = 250  # only the operating system would say so
for what in (os.fsync, os.fdatasync):
    try:
        what(CLOSED)
        held(what.__name__, "is answered without the disk")
    except OSError as trouble:
        escape(f"{what.__name__} reaches the operating system", trouble)
with open("/usr/bin/env", "rb") as file:
    for _ in range(2000):
        os.fsync(file.fileno())
    mapped = mmap.mmap(file.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ)
libc = ctypes.CDLL(None, use_errno=True)
libc.msync.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
answer = libc.msync(1 << 46, 4096, 4)  # nothing is mapped there: ENOMEM
held("msync") if answer == 0 else escape("msync reaches the operating system", os.strerror(ctypes.get_errno()))
# What is honest still works.
with open("kept.txt", "w") as file:
    file.write("kept")
    file.flush()
    os.fsync(file.fileno())
with mmap.mmap(-1, 4096) as own:
    own.flush()
held("own files") if open("kept.txt").read() == "kept" else escape("own files are lost")
