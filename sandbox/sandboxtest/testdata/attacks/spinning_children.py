# stone: one core's worth of processor, the wall limit
# expect: timed_out
for _ in range(8):
    if os.fork() == 0:
        break
while True:
    pass
