# stone: the harness runs beside user code and can only spoil its own run
# expect: ok|raised|killed
held("begun")
import builtins, json
json.dumps = json.loads = lambda *a, **k: {"t": "up"}
struct.pack = None
for name in list(sys.modules):
    if name.startswith("mayfly") or name in ("os", "socket", "io", "traceback", "textwrap", "signal"):
        sys.modules[name] = None
builtins.print = builtins.len = builtins.isinstance = builtins.open = None
sys.stdout = sys.stderr = 7
sys.exit = sys.excepthook = None
# next cell
1
