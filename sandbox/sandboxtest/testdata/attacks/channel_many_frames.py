# stone: a flood of small frames ends at the wall limit at the latest
# expect: killed|timed_out
raw = b'{"t":"ask","ask":1,"prompt":"?"}'
frames = (struct.pack(">IB", len(raw), ord("j")) + raw) * 1000
def drain():
    while os.read(3, 1 << 16):
        pass
threading.Thread(target=drain, daemon=True).start()
while True:
    os.write(3, frames)
