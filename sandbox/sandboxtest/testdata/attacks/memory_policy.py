# stone: the filter's rules for pages of others
# expect: ok
# bare: escape
no_syscall("move_pages", 1, 0, None, None, None, 0)
no_syscall("migrate_pages", 1, 8, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8))
no_syscall("mbind", 0, 4096, 0, None, 0, 0)
no_syscall("process_madvise", 0, None, 0, 0, 0)
no_syscall("vmsplice", 1, None, 0, 0)
no_syscall("splice", 0, None, 1, None, 1, 0)
