# stone: the filter's rules for modules, kexec, power and logs
# expect: ok
no_syscall("init_module", b"x", 1, b"")
no_syscall("finit_module", 0, b"", 0)
no_syscall("delete_module", b"x", 0)
no_syscall("kexec_load", 0, 0, None, 0)
no_syscall("reboot", 0xFEE1DEAD, 672274793, 0, None)
no_syscall("syslog", 3, ctypes.create_string_buffer(64), 64)
no_syscall("swapon", b"/w/swap", 0)
no_syscall("acct", b"/w/acct")
no_syscall("quotactl", 0, None, 0, None)
