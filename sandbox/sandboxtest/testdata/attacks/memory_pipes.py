# stone: open files, the memory limit of the group
# expect: ok
import fcntl
pipes = []
try:
    while True:
        r, w = os.pipe()
        pipes.append(w)
        try:
            fcntl.fcntl(w, 1031, 1 << 20)
        except OSError:
            pass
        os.set_blocking(w, False)
        try:
            while True:
                os.write(w, b"x" * 65536)
        except BlockingIOError:
            pass
        if len(pipes) > 1000:
            escape("pipes", len(pipes))
            break
except OSError as trouble:
    held(f"{len(pipes)} pipes", trouble)
