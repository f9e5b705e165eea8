# stone: a kernel that does not read its channel holds up its own run alone
# expect: killed|timed_out
raw = b'{"t":"list"}'
frame = struct.pack(">IB", len(raw), ord("j")) + raw
while True:
    os.write(3, frame)
