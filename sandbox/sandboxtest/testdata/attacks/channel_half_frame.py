# stone: a frame that never ends holds up its own run alone
# expect: timed_out|killed
os.write(3, struct.pack(">IB", 1 << 20, ord("j")) + b'{"t":')
time.sleep(60)
