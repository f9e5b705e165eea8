# stone: frames are checked
# expect: killed
import json
for message in ({"t": "ask", "ask": 1, "prompt": "?", "secret": "yes"}, {"t": "ask", "ask": 1 << 70, "prompt": "?"}):
    raw = json.dumps(message).encode()
    os.write(3, struct.pack(">IB", len(raw), ord("j")) + raw)
time.sleep(60)
