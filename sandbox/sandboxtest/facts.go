package sandboxtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func factChecks() []check {
	return []check{
		{"FactsOfTime", factsOfTime},
		{"FactsOfMemory", factsOfMemory},
		{"OneCoreEach", oneCoreEach},
	}
}

func inputChecks() []check {
	return []check{
		{"Input", inputs},
		{"InputOfNobody", inputOfNobody},
		{"InputStopsTheClock", inputStopsTheClock},
	}
}

func factsOfTime(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	busy, _ := exec(t, k, "import time\nuntil = time.process_time() + 0.4\nwhile time.process_time() < until: pass")
	if busy.CPU < 350*time.Millisecond || busy.Wall < 350*time.Millisecond || busy.CPU > 3*time.Second {
		t.Errorf("0.4 s of work: wall %s, cpu %s", busy.Wall, busy.CPU)
	}
	idle, _ := exec(t, k, "time.sleep(0.4)")
	if idle.Wall < 400*time.Millisecond || idle.CPU > 200*time.Millisecond {
		t.Errorf("0.4 s of sleep: wall %s, cpu %s (of this Exec, not of all before)", idle.Wall, idle.CPU)
	}
	child, _ := exec(t, k, "import subprocess\nsubprocess.run(['sh', '-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'])")
	if child.CPU < 50*time.Millisecond {
		t.Errorf("a child's work is not counted: cpu %s", child.CPU)
	}
}

func factsOfMemory(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	small, _ := exec(t, k, "1")
	large, d := exec(t, k, "held = bytearray(150 << 20)\nfor i in range(0, len(held), 4096): held[i] = 1")
	wantEnding(t, large, d, sandbox.OK, 0)
	if small.PeakMemory <= 0 || small.PeakMemory > 100<<20 {
		t.Errorf("peak of a trivial run is %d MiB", small.PeakMemory>>20)
	}
	if large.PeakMemory < 150<<20 || large.PeakMemory > 400<<20 {
		t.Errorf("peak with 150 MiB held is %d MiB", large.PeakMemory>>20)
	}
}

// oneCoreEach: spinning processes together get no more than their share.
func oneCoreEach(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, `import os, time
until = time.monotonic() + 1.5
for _ in range(5):
    if os.fork() == 0: break
while time.monotonic() < until: pass
`)
	wantEnding(t, result, d, sandbox.OK, 0)
	if result.CPU > result.Wall*13/10 {
		t.Errorf("six spinning processes took %s of cpu in %s", result.CPU, result.Wall)
	}
}

func inputs(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	var prompts []string
	lines := []string{"Ada", "36", "", "näme", "from stdin", "secret"}
	d := newDesk()
	d.answer = func(_ context.Context, prompt string) (string, error) {
		prompts = append(prompts, prompt)
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}
	result := execOn(t, k, `import getpass, sys
print('hello', input('name? '))
print(int(input('age? ')) + 1, repr(input()), input('wörd: '))
print(repr(sys.stdin.readline()), getpass.getpass('password: '))`, d)
	wantEnding(t, result, d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "hello Ada\n37 '' näme\n'from stdin\\n' secret\n")
	if got := strings.Join(prompts, "|"); got != "name? |age? ||wörd: ||password: " {
		t.Errorf("prompts %q", got)
	}
}

func inputOfNobody(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	result, d := exec(t, k, "print('asking')\ninput('? ')")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantPart(t, "the exception", result.Exception, "EOFError")
	wantText(t, must(t, k, "import sys\nprint(sys.stdin.read() == '', list(sys.stdin))"), sandbox.Stdout, "True []\n")
	d = answers("one", "two")
	wantEnding(t, execOn(t, s.open(t, sandbox.Spec{}), "import sys\nprint([line for line in sys.stdin])", d), d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "['one\\n', 'two\\n']\n")
}

// inputStopsTheClock: whoever answers late is not timed out, and a run that
// goes on after it still is.
func inputStopsTheClock(t *testing.T, s *suite) {
	const wall = time.Second
	spec := sandbox.Spec{Limits: sandbox.Limits{Wall: wall}}
	late := func() *desk {
		d := newDesk()
		d.answer = func(ctx context.Context, _ string) (string, error) {
			select {
			case <-time.After(2 * wall):
				return "late", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		return d
	}
	d := late()
	result := execOn(t, s.open(t, spec), "print(input('? '))", d)
	wantEnding(t, result, d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "late\n")
	if result.Wall > wall {
		t.Errorf("the wait counts as %s of wall time", result.Wall)
	}
	d = late()
	wantEnding(t, execOn(t, s.open(t, spec), "input('? ')\nwhile True: pass", d), d, sandbox.TimedOut, 124)
	// Nobody answers, and a thread works on meanwhile: that is no waiting.
	d = newDesk()
	d.answer = func(ctx context.Context, _ string) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	code := "import threading\ndef burn():\n    while True: pass\nthreading.Thread(target=burn, daemon=True).start()\ninput('? ')"
	wantEnding(t, execOn(t, s.open(t, spec), code, d), d, sandbox.TimedOut, 124)
}
