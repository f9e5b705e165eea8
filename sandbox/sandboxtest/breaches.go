package sandboxtest

import (
	"strings"
	"testing"

	"mayfly/sandbox"
)

// breach is one way in which a kernel spoils its own channel, and what its owner
// is told of it.
type breach struct{ name, code, told string }

func breaches() []breach {
	const (
		frame  = "import os, struct, json, time, socket\ndef frame(text, kind='j', size=None):\n    raw = text.encode()\n    return struct.pack('>IB', len(raw) if size is None else size, ord(kind)) + raw\n"
		alien  = "The code sent something on the interpreter's channel to Mayfly that does not belong there, so its interpreter was ended."
		closed = "The code closed the channel by which the interpreter talks to Mayfly, so its interpreter was ended."
	)
	return []breach{
		{"Garbage", frame + "os.write(3, bytes(range(256)) * 100)\ntime.sleep(60)", alien},
		{"TwoGigabytes", frame + "os.write(3, frame('{', size=2 << 30))\ntime.sleep(60)", alien},
		{"FourGigabytes", frame + "os.write(3, frame('{', size=(4 << 30) - 1))\ntime.sleep(60)", alien},
		{"Bytes", frame + "os.write(3, frame('x', 'b'))\ntime.sleep(60)", alien},
		{"AnotherRun", frame + "os.write(3, frame('{\"t\":\"done\",\"run\":77}'))\ntime.sleep(60)", alien},
		{"BeganAgain", frame + "os.write(3, frame('{\"t\":\"began\",\"run\":1}'))\ntime.sleep(60)", alien},
		{"Surrogates", frame + "os.write(3, frame('{\"t\":\"\\\\ud800\"}'))\ntime.sleep(60)", alien},
		{"Descriptors", frame + "s = socket.socket(fileno=os.dup(3))\nsocket.send_fds(s, [frame('{\"t\":\"x\"}')], [0] * 50)\ntime.sleep(60)", alien},
		{"Closed", frame + "os.close(3)\ntime.sleep(60)", closed},
		{"EverythingClosed", frame + "os.closerange(0, 65536)\ntime.sleep(60)", closed},
		{"ShutDown", frame + "socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_RDWR)\ntime.sleep(60)", closed},
	}
}

func breachChecks() []check {
	var checks []check
	for _, b := range breaches() {
		checks = append(checks, check{"Breach/" + b.name, b.check})
	}
	return append(checks, check{"ForgedVerdict", forgedVerdict})
}

// check: the breach ends the kernel that commits it, is told for what it is, and
// what was printed before is kept; a kernel beside it notices nothing.
func (b breach) check(t *testing.T, s *suite) {
	neighbour := s.open(t, sandbox.Spec{})
	must(t, neighbour, "x = 'mine'")
	k := s.open(t, sandbox.Spec{})
	result, d := exec(t, k, "print('before', flush=True)\n"+b.code)
	wantEnding(t, result, d, sandbox.Killed, 137)
	wantText(t, d, sandbox.Note, b.told)
	wantText(t, d, sandbox.Stdout, "before\n")
	if result.Exception != "" || result.Signal != 0 {
		t.Errorf("its own words are in the result: %+v", result)
	}
	waitDone(t, k)
	wantText(t, must(t, neighbour, "print(x)"), sandbox.Stdout, "mine\n")
}

// forgedVerdict: code may lie about its own end, which it can decide anyway; the
// text is made safe and the rest of the facts are the host's.
func forgedVerdict(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, `import os, struct, json, time
raw = json.dumps({"t": "done", "run": 1, "raised": True, "code": 1 << 40, "line": -5, "failure": "\ud800 forged", "exception": "E: " + "x\n" * 9000}).encode()
os.write(3, struct.pack('>IB', len(raw), ord('j')) + raw)
time.sleep(60)`)
	wantEnding(t, result, d, sandbox.Raised, 1)
	if result.Line != 0 || len(result.Exception) > 1024 || strings.Contains(result.Exception, "\n") || result.CPU <= 0 || result.PeakMemory <= 0 {
		t.Errorf("%+v", result)
	}
	wantText(t, d, sandbox.Failure, "\ufffd forged")
}
