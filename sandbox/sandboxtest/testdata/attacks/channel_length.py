# stone: frames are capped
# expect: killed
for length in (0xFFFFFFFF, 0x7FFFFFFF, 2 << 30):
    os.write(3, struct.pack(">IB", length, ord("j")) + b"{" * 1000)
time.sleep(60)
