# stone: own host name, not a cached one
# expect: ok
for name in (socket.gethostname(), os.uname().nodename, platform.node(), platform.uname().node, os.environ.get("HOSTNAME", "mayfly")):
    held("host name") if name == "mayfly" else escape("host name", name)
import uuid, getpass, tempfile
held("user", getpass.getuser()) if getpass.getuser() == "mayfly" else escape("user", getpass.getuser())
held("temporary folder") if tempfile.gettempdir() == "/tmp" else escape("temporary folder", tempfile.gettempdir())
held("home") if os.path.expanduser("~") == "/w" else escape("home", os.path.expanduser("~"))
