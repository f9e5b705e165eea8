# stone: the folder of inputs: its size, no program runs from it
# expect: ok
total = 0
try:
    fd = os.open("fill", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=4)
    while total < 1 << 30:
        total += os.write(fd, b"x" * (1 << 20))
    escape("inputs", total)
except OSError as trouble:
    held("inputs", f"{total} {trouble}")
os.truncate(fd, 0) if total else None
fd = os.open("run", os.O_WRONLY | os.O_CREAT, 0o700, dir_fd=4)
os.write(fd, b"#!/bin/sh\necho ran\n")
os.close(fd)
refused("a program of it", subprocess.run, ["/inputs/run"])
