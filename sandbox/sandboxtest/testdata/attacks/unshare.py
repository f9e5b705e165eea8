# stone: the filter's rule for unshare
# expect: ok
# bare: escape
CLONE_NEW = {"user": 0x10000000, "mount": 0x20000, "net": 0x40000000, "pid": 0x20000000, "ipc": 0x8000000, "uts": 0x4000000, "cgroup": 0x2000000, "time": 0x80}
for name, flag in CLONE_NEW.items():
    no_syscall("unshare", flag, what=name)
no_syscall("unshare", 0x10020000, what="user and mount")
