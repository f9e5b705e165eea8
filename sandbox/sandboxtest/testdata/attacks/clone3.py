# stone: the filter: clone3 does not exist, as it hides its flags in memory
# expect: ok
# bare: escape
args = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, signal.SIGCHLD)
def clone3():
    pid = syscall("clone3", args, ctypes.sizeof(args))
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
refused("clone3", clone3)
