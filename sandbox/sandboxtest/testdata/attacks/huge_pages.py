# stone: the filter's rules for huge pages, which no group counts
# expect: ok
# bare: escape
MMAP = 9 if platform.machine() == "x86_64" else 222
MEMFD = 319 if platform.machine() == "x86_64" else 279
no_syscall(MMAP, 0, 2 << 20, 3, 0x40022, -1, 0, what="mmap")
no_syscall(MEMFD, b"huge", 4, what="memfd")
