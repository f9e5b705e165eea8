# stone: the filter's rules for clocks and names
# expect: ok
now = (ctypes.c_long * 2)(0, 0)
no_syscall("clock_settime", 0, now)
no_syscall("settimeofday", now, None)
no_syscall("adjtimex", ctypes.create_string_buffer(b"\x01" + b"\x00" * 400))
no_syscall("sethostname", b"evil", 4)
no_syscall("setdomainname", b"evil", 4)
