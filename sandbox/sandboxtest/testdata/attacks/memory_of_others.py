# stone: the filter's rules for process_vm_*, own pid namespace
# expect: ok
# bare: escape
buffer = ctypes.create_string_buffer(8)
local = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
no_syscall("process_vm_readv", child, local, 1, local, 1, 0)
no_syscall("process_vm_writev", child, local, 1, local, 1, 0)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
refused("memory of the host's server", open, f"/proc/{BAIT['pid']}/mem", "rb")
no_syscall("pidfd_getfd", os.pidfd_open(os.getpid()), 1, 0)
no_syscall("kcmp", os.getpid(), os.getpid(), 0, 0, 0)
