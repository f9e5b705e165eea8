# stone: questions are bounded, and so are those that nobody waits for
# expect: killed|timed_out
import json
def frame(**message):
    raw = json.dumps(message).encode()
    return struct.pack(">IB", len(raw), ord("j")) + raw
held("begun")
prompt = "\ud800\0\x1b]0;x\x07" * 40_000
number = 0
while True:
    number += 1
    os.write(3, frame(t="ask", ask=number, prompt=prompt, secret=bool(number % 2)))
