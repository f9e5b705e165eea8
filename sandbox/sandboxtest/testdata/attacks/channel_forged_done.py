# stone: a kernel can only spoil its own run
# expect: ok|killed
import json
held("begun")
for number in range(5):
    done = json.dumps({"t": "done", "run": number, "raised": False, "interrupted": False, "code": 0, "failure": "", "exception": "", "line": 0}).encode()
    os.write(3, struct.pack(">IB", len(done), ord("j")) + done)
time.sleep(0.3)
