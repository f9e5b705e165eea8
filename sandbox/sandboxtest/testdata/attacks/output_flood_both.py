# stone: the limit of output, over both streams and all processes
# expect: output_cap
signal.signal(signal.SIGINT, signal.SIG_IGN)
for fd in (1, 2, 1, 2):
    if os.fork() == 0:
        while True:
            os.write(fd, b"y\n" * 1000)
while True:
    time.sleep(1)
