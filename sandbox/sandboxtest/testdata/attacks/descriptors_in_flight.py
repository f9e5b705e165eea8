# stone: open files: descriptors in flight are counted per uid
# expect: ok
pairs, sent = [], 0
try:
    for _ in range(60):
        left, right = socket.socketpair()
        pairs += [left, right]
        left.setblocking(False)
        for _ in range(50):
            socket.send_fds(left, [b"x"], [0] * 200)
            sent += 200
except OSError as trouble:
    held(f"{sent} in flight", trouble)
time.sleep(0.7)  # others open kernels meanwhile
held("in flight", sent)
