# stone: own network namespace, where abstract names live
# expect: ok
# bare: escape
def call(name):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(name)
        return s.recv(100)
for name in (BAIT["abstract"], "neighbour", "/tmp/.X11-unix/X0", "/org/freedesktop/systemd1/notify"):
    refused(name, call, "\0" + name)
