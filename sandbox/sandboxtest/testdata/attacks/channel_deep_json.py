# stone: frames are checked, their depth too
# expect: killed
os.write(3, struct.pack(">IB", 900_000, ord("j")))
sent = 0
while sent < 900_000:
    sent += os.write(3, b"[" * (900_000 - sent))
time.sleep(60)
