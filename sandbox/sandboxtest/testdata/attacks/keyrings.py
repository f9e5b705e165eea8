# stone: the filter's rules for keys
# expect: ok
# bare: escape
no_syscall("add_key", b"user", b"mayfly", b"secret", 6, -4)
no_syscall("request_key", b"user", b"mayfly", None, -4)
no_syscall("keyctl", 0, -4, 1)
no_syscall("keyctl", 1, None)
