# stone: own network namespace: no names are resolved, no interface but lo
# expect: ok
# bare: escape
import urllib.request
for host in ("example.com", "localhost", "localhost.localdomain"):
    try:
        socket.create_connection((host, BAIT["port"]), 1)
        escape(host)
    except OSError as trouble:
        held(host, trouble)
try:
    urllib.request.urlopen(f"http://127.0.0.1:{BAIT['port']}", timeout=1)
    escape("urlopen")
except OSError as trouble:
    held("urlopen", trouble)
except Exception as trouble:
    escape("urlopen, whose answer was odd", trouble)
try:
    names = [name for _, name in socket.if_nameindex()]
except OSError as trouble:
    names = []
held("interfaces", names) if set(names) <= {"lo"} else escape("interfaces", names)
