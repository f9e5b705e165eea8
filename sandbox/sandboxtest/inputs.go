package sandboxtest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func inputChecks() []check {
	return []check{
		{"Input", inputs},
		{"InputIsSecretOrNot", inputIsSecretOrNot},
		{"InputOfNobody", inputOfNobody},
		{"InputThatIsHostile", inputThatIsHostile},
		{"InputStopsTheClock", inputStopsTheClock},
	}
}

func inputs(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	var prompts []string
	lines := []string{"Ada", "36", "", "näme", "from stdin", "secret"}
	d := newDesk()
	d.answer = func(_ context.Context, q sandbox.Question) (string, error) {
		prompts = append(prompts, q.Prompt)
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

// inputIsSecretOrNot: who asks for a secret is known for certain, whatever the
// prompt and the code say.
func inputIsSecretOrNot(t *testing.T, s *suite) {
	var asked []string
	d := newDesk()
	d.answer = func(_ context.Context, q sandbox.Question) (string, error) {
		asked = append(asked, fmt.Sprintf("%s=%v", q.Prompt, q.Secret))
		return "x", nil
	}
	result := execOn(t, s.open(t, sandbox.Spec{}), `from getpass import getpass
import getpass as module, sys
input('password'); getpass('name'); module.getpass(); getpass(prompt='to', stream=sys.stderr); getpass(''); input()
sys.stdin.readline()`, d)
	wantEnding(t, result, d, sandbox.OK, 0)
	if got := strings.Join(asked, " "); got != "password=false name=true Password: =true to=true =true =false =false" {
		t.Errorf("asked %s", got)
	}
}

// inputOfNobody: the code is told why there is no answer.
func inputOfNobody(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for _, none := range []error{io.EOF, sandbox.Unanswered("nobody is at home: \xff ring twice")} {
		d := newDesk()
		d.answer = func(context.Context, sandbox.Question) (string, error) { return "", none }
		result := execOn(t, k, "print('asking')\ninput('? ')", d)
		wantEnding(t, result, d, sandbox.Raised, 1)
		want := "EOFError: input() found nobody to answer"
		if none != io.EOF {
			want = "EOFError: nobody is at home: \ufffd ring twice"
		}
		wantPart(t, "the exception", result.Exception, want)
	}
	wantText(t, must(t, k, "import sys\nprint(sys.stdin.read() == '', list(sys.stdin))"), sandbox.Stdout, "True []\n")
	d := answers("one", "two")
	wantEnding(t, execOn(t, s.open(t, sandbox.Spec{}), "import sys\nprint([line for line in sys.stdin])", d), d, sandbox.OK, 0)
	wantText(t, d, sandbox.Stdout, "['one\\n', 'two\\n']\n")
	// A process that the code has started cannot ask, and is told so.
	d = answers("never")
	wantEnding(t, execOn(t, k, "import os\nif os.fork() == 0:\n    try: input()\n    except EOFError as e: print('child:', e, flush=True)\n    os._exit(0)\nos.wait()", d), d, sandbox.OK, 0)
	wantPart(t, "the child", d.text(sandbox.Stdout), "child: input() found nobody to answer: only the run")
}

// inputThatIsHostile: prompts of any make are bounded text, and answers of any
// make arrive or are refused; the kernel goes on.
func inputThatIsHostile(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for _, c := range []struct{ code, prompt, answer, want string }{
		{"print(input('x' * 1_000_000))", strings.Repeat("x", sandbox.PromptMax), "a", "a"},
		{"print(input('日' * 1_000_000))", strings.Repeat("日", sandbox.PromptMax), "a", "a"},
		{`print(input('a\ud800b\udfff'))`, "a\ufffdb\ufffd", "a", "a"},
		{`print(input('a\0b\x1b[2J\u202e\n'))`, "a\x00b\x1b[2J\u202e\n", "a", "a"},
		{"print(ascii(input()))", "", "\x00\xff\u2028<&'\"", `'\x00\ufffd\u2028<&\'"'`},
		{"print(len(input()))", "", strings.Repeat("\x01", sandbox.AnswerMax), fmt.Sprint(sandbox.AnswerMax)},
		{"try: input()\nexcept EOFError as e: print(e)", "", strings.Repeat("a", sandbox.AnswerMax+1), "input() was given an answer of more than 1 MiB"},
	} {
		var prompt string
		d := newDesk()
		d.answer = func(_ context.Context, q sandbox.Question) (string, error) {
			prompt = q.Prompt
			return c.answer, nil
		}
		wantEnding(t, execOn(t, k, c.code, d), d, sandbox.OK, 0)
		wantPart(t, c.code, d.text(sandbox.Stdout), c.want)
		if prompt != c.prompt {
			t.Errorf("%s asks %q", c.code, clip(prompt))
		}
	}
}

// inputStopsTheClock: whoever answers late is not timed out, and a run that
// goes on after it still is.
func inputStopsTheClock(t *testing.T, s *suite) {
	const wall = time.Second
	spec := sandbox.Spec{Limits: sandbox.Limits{Wall: wall}}
	late := func() *desk {
		d := newDesk()
		d.answer = func(ctx context.Context, _ sandbox.Question) (string, error) {
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
	d.answer = func(ctx context.Context, _ sandbox.Question) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	code := "import threading\ndef burn():\n    while True: pass\nthreading.Thread(target=burn, daemon=True).start()\ninput('? ')"
	wantEnding(t, execOn(t, s.open(t, spec), code, d), d, sandbox.TimedOut, 124)
}
