# stone: the memory limit of the group, over all its processes together
# expect: ok|out_of_memory
def eat():
    held = bytearray(64 << 20)
    time.sleep(60)
children = []
for _ in range(8):
    pid = os.fork()
    if pid == 0:
        eat()
    children.append(pid)
ended = 0
while ended < 2:  # 8 x 64 MiB do not fit: some must fall
    pid, code = os.wait()
    ended += 1
held("children were ended", ended)
