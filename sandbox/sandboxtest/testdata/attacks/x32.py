# stone: the filter's rule for x32 numbers
# expect: ok
for number in (39, 56, 101, 165, 272, 321):  # getpid, clone, ptrace, mount, unshare, bpf
    refused(f"x32 {number}", syscall, 0x40000000 + number, 0, 0, 0, 0, 0)
refused("beyond the table", syscall, 100_000)
refused("a negative number", syscall, -39)
