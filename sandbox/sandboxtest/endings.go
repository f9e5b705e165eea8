package sandboxtest

import (
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func endingChecks() []check {
	var checks []check
	for _, e := range append(endings(), deaths()...) {
		checks = append(checks, check{"Ending/" + e.name, e.check})
	}
	return append(checks,
		check{"ChildOutOfMemory", childOutOfMemory},
		check{"EndingOfTheKernel", endingOfTheKernel},
		check{"SyntaxErrorsRunNothing", syntaxErrorsRunNothing},
		check{"TracebackIsTheUsers", tracebackIsTheUsers},
		check{"PrintsBeforeTheEnd", printsBeforeTheEnd},
		check{"EmitRefuses", emitRefuses},
	)
}

// tight are limits that are soon met, but for the wall limit: the machine may
// be a slow one.
func tight() sandbox.Limits {
	return sandbox.Limits{Memory: 128 << 20, BytesMax: 8_000_000, OutputMax: 1_000_000}
}

// ending is one way to end, and what the result says of it.
type ending struct {
	name, code string
	limits     sandbox.Limits
	want       sandbox.Ending
	rc         int
	exception  string
	line       int
	signal     int
	failure    string // a part of the failure text
}

func endings() []ending {
	return []ending{
		{name: "Ok", code: "x = 1", want: sandbox.OK},
		{name: "Empty", code: "", want: sandbox.OK},
		{name: "ExitNothing", code: "import sys\nsys.exit()", want: sandbox.OK},
		{name: "ExitZero", code: "import sys\nsys.exit(0)", want: sandbox.OK},
		{name: "ExitCall", code: "exit()", want: sandbox.OK},
		{name: "ExitNumber", code: "import sys\nsys.exit(3)", want: sandbox.Raised, rc: 3},
		{name: "ExitString", code: "import sys\nsys.exit('no data')", want: sandbox.Raised, rc: 1, failure: "no data"},
		{name: "Raised", code: "x = 1\n\nraise ValueError('bad x')", want: sandbox.Raised, rc: 1, exception: "ValueError: bad x", line: 3, failure: "raise ValueError('bad x')"},
		{name: "RaisedBelow", code: "def f():\n    return 1 / 0\n\nf()", want: sandbox.Raised, rc: 1, exception: "ZeroDivisionError: division by zero", line: 2, failure: "return 1 / 0"},
		{name: "RaisedInALibrary", code: "import json\n\njson.loads('{')", want: sandbox.Raised, rc: 1, exception: "json.decoder.JSONDecodeError", line: 3, failure: "json.loads('{')"},
		{name: "Syntax", code: "x = 1\nif x\n    pass", want: sandbox.Raised, rc: 1, exception: "SyntaxError", line: 2, failure: "if x"},
		{name: "Indentation", code: "x = 1\n  y = 2", want: sandbox.Raised, rc: 1, exception: "IndentationError", line: 2},
		{name: "Nul", code: "x = 1\nprint('a\x00b')", want: sandbox.Raised, rc: 1, failure: "null bytes"},
		{name: "Group", code: "raise ExceptionGroup('two', [ValueError('a'), KeyError('b')])", want: sandbox.Raised, rc: 1, exception: "ExceptionGroup", line: 1, failure: "KeyError"},
		{name: "LongMessage", code: "raise ValueError('x' * 5_000_000)", want: sandbox.Raised, rc: 1, exception: "ValueError: xxx", line: 1},
		{name: "HostileException", code: "class E(Exception):\n    def __str__(self): raise self\nraise E", want: sandbox.Raised, rc: 1, exception: "E", line: 3},
		{name: "RaisedKeyboardInterrupt", code: "raise KeyboardInterrupt", want: sandbox.Raised, rc: 1, line: 1},
		{name: "TimedOut", code: "while True: pass", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "TimedOutAsleep", code: "import time\ntime.sleep(60)", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "TimedOutDeaf", code: "while True:\n  try:\n    while True: pass\n  except BaseException: pass", limits: sandbox.Limits{Wall: time.Second}, want: sandbox.TimedOut, rc: 124},
		{name: "OutOfMemory", code: "held = []\nwhile True: held.append(bytearray(8 << 20))", limits: tight(), want: sandbox.OutOfMemory, rc: 137},
		{name: "OutputCap", code: "while True: print('x' * 10_000)", limits: tight(), want: sandbox.OutputCap, rc: 125},
		{name: "OutputCapOfAChild", code: "!yes", limits: tight(), want: sandbox.OutputCap, rc: 125},
		{name: "KilledByExit", code: "import os\nos._exit(7)", want: sandbox.Killed, rc: 137},
		{name: "KilledByExitZero", code: "import os\nos._exit(0)", want: sandbox.Killed, rc: 137},
		{name: "KilledBySegfault", code: "import ctypes\nctypes.string_at(0)", want: sandbox.Killed, rc: 137, signal: 11},
	}
}

func (e ending) check(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{Limits: e.limits}, e.code)
	wantEnding(t, result, d, e.want, e.rc)
	if result.Line != e.line {
		t.Errorf("line %d, want %d", result.Line, e.line)
	}
	if result.Signal != e.signal {
		t.Errorf("signal %d, want %d", result.Signal, e.signal)
	}
	if !strings.Contains(result.Exception, e.exception) || len(result.Exception) > 1000 || strings.Contains(result.Exception, "\n") {
		t.Errorf("exception %q, want %q on one line of at most 1 kB", clip(result.Exception), e.exception)
	}
	if e.want != sandbox.Raised && result.Exception != "" {
		t.Errorf("an ending %s with an exception %q\n%s", e.want, result.Exception, d)
	}
	wantPart(t, "the failure", d.text(sandbox.Failure), e.failure)
	e.checkFacts(t, result)
}

// endingOfTheKernel: Done tells whether there is an interpreter left, and a
// kernel without one does not pretend.
func endingOfTheKernel(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	exec(t, k, "raise ValueError")
	select {
	case <-k.Done():
		t.Fatal("an exception ended the kernel")
	default:
	}
	result, d := exec(t, k, "import os\nos._exit(0)")
	wantEnding(t, result, d, sandbox.Killed, 137)
	waitDone(t, k)
	after, err := k.Exec(t.Context(), "print(1)", d)
	if err == nil && after.Ending == sandbox.OK {
		t.Error("a dead kernel ran code")
	}
}

func waitDone(t *testing.T, k sandbox.Kernel) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-k.Done():
	case <-late.C:
		t.Fatal("the kernel is not done")
	}
}

func syntaxErrorsRunNothing(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, "print('first')\nx = = 1")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantText(t, d, sandbox.Stdout, "")
}

// tracebackIsTheUsers: the user's lines are all there, ours are not.
func tracebackIsTheUsers(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "open('mod.py', 'w').write('def deep(n):\\n    return {}[n]\\n')")
	result, d := exec(t, k, "import mod\ndef outer(n):\n    return mod.deep(n)\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n    outer(5)")
	wantEnding(t, result, d, sandbox.Raised, 1)
	text := d.text(sandbox.Failure)
	for _, part := range []string{"1 / 0", "During handling", "outer(5)", "return mod.deep(n)", "return {}[n]", "KeyError: 5"} {
		wantPart(t, "the traceback", text, part)
	}
	for _, ours := range []string{"/opt/guest", "IPython", "zygote", "run_code"} {
		if strings.Contains(text, ours) {
			t.Errorf("the traceback shows %s:\n%s", ours, text)
		}
	}
	// A line of an earlier cell is still shown as it was.
	must(t, k, "def broken():\n    raise RuntimeError('here')")
	_, d = exec(t, k, "\n\nbroken()")
	wantPart(t, "the traceback", d.text(sandbox.Failure), "raise RuntimeError('here')")
}

// printsBeforeTheEnd: however a run dies, what it said before is kept.
func printsBeforeTheEnd(t *testing.T, s *suite) {
	for code, want := range map[string]sandbox.Ending{
		"held = [bytearray(8 << 20) for _ in range(1000)]": sandbox.OutOfMemory,
		"import os; os._exit(1)":                           sandbox.Killed,
		"import ctypes; ctypes.string_at(0)":               sandbox.Killed,
		"while True: pass":                                 sandbox.TimedOut,
		"while True: print('x' * 10_000)":                  sandbox.OutputCap,
	} {
		limits := tight()
		if want == sandbox.TimedOut {
			limits.Wall = time.Second
		}
		result, d := s.run(t, sandbox.Spec{Limits: limits}, "import sys\nprint('before')\nprint('half', end='')\nprint('err', file=sys.stderr)\n"+code)
		if result.Ending != want {
			t.Errorf("%q ended %s, want %s", code, result.Ending, want)
		}
		if !strings.HasPrefix(d.text(sandbox.Stdout), "before\nhalf") || d.text(sandbox.Stderr) != "err\n" {
			t.Errorf("%q lost what was printed before\n%s", code, d)
		}
	}
}
