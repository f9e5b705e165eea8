# stone: displays are capped before they come
# expect: killed
import json
raw = json.dumps({"t": "display", "forms": [{"kind": "text/html", "size": 1 << 40}]}).encode()
os.write(3, struct.pack(">IB", len(raw), ord("j")) + raw)
while True:
    os.write(3, struct.pack(">IB", 1 << 20, ord("b")) + b"x" * (1 << 20))
