# stone: process 1 is immune to its own namespace
# expect: ok
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGHUP):
    os.kill(1, number)
    os.kill(os.getpid(), number)
    in_child(lambda: os.kill(1, number))
held("still here")
