# stone: the workspace's size: one budget for /w, /tmp and /dev/shm
# expect: ok
total = 0
for folder in ("/w", "/tmp", "/dev/shm"):
    try:
        with open(folder + "/fill", "wb") as f:
            while total < 2 << 30:
                total += f.write(b"x" * (1 << 20))
        escape(folder, total)
    except OSError as trouble:
        held(folder, f"{total} {trouble}")
held("in all") if total < 200 << 20 else escape("in all", total)
