# stone: own pid namespace: kill(-1) reaches nobody else
# expect: ok
def kill_all():
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(-1, number)
        except OSError:
            pass
in_child(kill_all)
try:
    os.kill(-1, signal.SIGKILL)
except ProcessLookupError:
    pass
for group in range(0, 4000):
    try:
        os.killpg(group, signal.SIGSTOP)
    except (ProcessLookupError, PermissionError):
        pass
held("still here")
