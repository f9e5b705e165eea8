# stone: a child may speak on the channel, and spoil its own run alone
# expect: ok|killed|raised
held("begun")
if os.fork() == 0:
    for _ in range(200):
        try:
            print(list_files())
        except Exception:
            pass
        os.write(3, b"\0\0\0\2j{}")
    os._exit(0)
os.wait()
