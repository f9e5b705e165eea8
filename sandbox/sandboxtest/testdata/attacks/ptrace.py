# stone: the filter's rule for ptrace
# expect: ok
# bare: escape
refused("traceme", lambda: in_child(lambda: 0 if libc.ptrace(0, 0, 0, 0) == 0 else 7) == 7 and (_ for _ in ()).throw(OSError(errno.EPERM, "traceme")))
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
for name, request in (("attach", 16), ("seize", 0x4206)):
    refused(name, syscall, "ptrace", request, child, 0, 0)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
refused("attach to 1", syscall, "ptrace", 16, 1, 0, 0)
