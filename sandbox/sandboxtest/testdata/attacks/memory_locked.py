# stone: the limit of locked memory
# expect: ok
import mmap
area = mmap.mmap(-1, 1 << 20)
address = ctypes.addressof(ctypes.c_char.from_buffer(area))
for name, call in {"mlock": lambda: libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(1 << 20)), "mlockall": lambda: libc.mlockall(3)}.items():
    ctypes.set_errno(0)
    held(name, errno.errorcode.get(ctypes.get_errno(), "")) if call() == -1 else escape(name)
