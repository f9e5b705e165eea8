# stone: the filter's rule for io_uring, which would go round the filter
# expect: ok
no_syscall("io_uring_setup", 4, ctypes.create_string_buffer(120))
