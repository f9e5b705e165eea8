# stone: the filter's rules for System V and POSIX queues, own IPC namespace
# expect: ok
# bare: escape
no_syscall("shmget", 0, 4096, 0o1666)
no_syscall("semget", 0, 1, 0o1666)
no_syscall("msgget", 0, 0o1666)
no_syscall("mq_open", b"mayfly", 0o102, 0o666, None)
