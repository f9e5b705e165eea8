# stone: own pid namespace
# expect: ok
# bare: escape
seen = [pid for pid in range(1, 100_000) if pid != os.getpid() and os.path.exists(f"/proc/{pid}")]
held("/proc") if not seen else escape("/proc", seen)
def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
found = [pid for pid in range(2, 100_000) if pid != os.getpid() and alive(pid)]
held("kill") if not found else escape("kill", found)
refused("the host's server", os.pidfd_open, BAIT["pid"])
