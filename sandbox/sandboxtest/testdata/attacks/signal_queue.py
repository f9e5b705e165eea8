# stone: the limit of pending signals
# expect: ok
# bare: escape
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
sent = 0
while sent < 20_000 and libc.sigqueue(os.getpid(), signal.SIGRTMIN, None) == 0:
    sent += 1
held("queued signals", sent) if sent <= 300 else escape("queued signals", sent)
