# stone: frames are checked
# expect: killed
import json
for message in ({"t": ["done"]}, {"t": "done", "run": "1"}, {"t": "display", "forms": [{"kind": "x", "size": -1}]}, [], 1, None):
    raw = json.dumps(message).encode()
    os.write(3, struct.pack(">IB", len(raw), ord("j")) + raw)
time.sleep(60)
