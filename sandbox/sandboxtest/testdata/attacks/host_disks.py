# stone: the filter's rules for sync and syncfs, which would flush every disk of the host
# expect: ok
# bare: escape
SYNC, SYNCFS = (162, 306) if platform.machine() == "x86_64" else (81, 267)
no_syscall(SYNC, what="sync")
no_syscall(SYNCFS, os.open("/usr", os.O_RDONLY), what="syncfs")
