# stone: the host takes no descriptors (it counts its own after each attack)
# expect: killed
channel = socket.socket(fileno=os.dup(3))
raw = b'{"t":"nothing"}'
frame = struct.pack(">IB", len(raw), ord("j")) + raw
folder = os.open("/w", os.O_RDONLY)
for _ in range(50):
    socket.send_fds(channel, [frame], [folder] * 100)
time.sleep(60)
