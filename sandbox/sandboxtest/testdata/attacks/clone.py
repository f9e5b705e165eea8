# stone: the filter's rule for clone's flags
# expect: ok
# bare: escape
def clone(flags):
    pid = syscall("clone", flags | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid
for name, flag in {"user": 0x10000000, "user and pid": 0x30000000, "user and net": 0x50000000, "user and mount": 0x10020000}.items():
    refused(name, clone, flag)
refused("high bits", clone, 0x7FFFFFFF_10000000)
