# stone: locks on shared files hold nobody up
# expect: ok
import fcntl
files = []
for path in ("/opt/python/pyvenv.cfg", "/opt/guest/filter", "/opt/guest/mayfly/kernel.py", "/usr/bin/env", "/dev/null", "/etc/passwd", "/usr/lib/python3.11/os.py"):
    f = open(path)
    files.append(f)
    try:
        fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as trouble:
        held(path, trouble)
refused("lease", fcntl.fcntl, files[0], fcntl.F_SETLEASE, fcntl.F_WRLCK)
time.sleep(0.5)  # the neighbour works meanwhile
held("locked", len(files))
