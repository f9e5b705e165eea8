package sandboxtest

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"mayfly/sandbox"
)

func streamChecks() []check {
	return []check{
		{"StreamsInOrder", streamsInOrder},
		{"StreamsAsWritten", streamsAsWritten},
		{"StreamsBelowPython", streamsBelowPython},
		{"StreamsOfChildrenInOrder", streamsOfChildrenInOrder},
		{"StreamsPointedElsewhere", streamsPointedElsewhere},
		{"StreamsBesideASurvivor", streamsBesideASurvivor},
		{"StreamsAreText", streamsAreText},
		{"StreamsOfManyKernels", streamsOfManyKernels},
		{"StreamsWhole", streamsWhole},
	}
}

// said is a transcript as a test writes it down.
type said []sandbox.Output

func (want said) compare(t *testing.T, d *desk) {
	t.Helper()
	got := d.pieces()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Stream != want[i].Stream || got[i].Text != want[i].Text {
			t.Fatalf("piece %d is not as wanted\ngot:\n%s", i, d)
		}
	}
}

func streamsInOrder(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import sys
for i in range(20):
    print('out', i)
    print('err', i, file=sys.stderr)
`)
	var want said
	for i := range 20 {
		want = append(want,
			sandbox.Output{Stream: sandbox.Stdout, Text: fmt.Sprintf("out %d\n", i)},
			sandbox.Output{Stream: sandbox.Stderr, Text: fmt.Sprintf("err %d\n", i)})
	}
	want.compare(t, d)
	// A half line counts too, and so does a display between two prints.
	d = must(t, k, "print('a', end='')\nprint('b', end='', file=sys.stderr)\nprint('c')\ndisplay('d')\nprint('e')\n'f'")
	said{
		{Stream: sandbox.Stdout, Text: "a"},
		{Stream: sandbox.Stderr, Text: "b"},
		{Stream: sandbox.Stdout, Text: "c\n"},
		{Stream: sandbox.Display, Text: "'d'"},
		{Stream: sandbox.Stdout, Text: "e\n"},
		{Stream: sandbox.Display, Text: "'f'"},
	}.compare(t, d)
}

func streamsAsWritten(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `print('\x1b[31mred\x1b[0m')
for p in (10, 50, 100):
    print(f'\r{p}%', end='')
print()
print('tab\tzürich 日本 🦋')
import tqdm
for _ in tqdm.tqdm(range(3)): pass
`)
	wantText(t, d, sandbox.Stdout, "\x1b[31mred\x1b[0m\n\r10%\r50%\r100%\ntab\tzürich 日本 🦋\n")
	wantPart(t, "stderr", d.text(sandbox.Stderr), "\r100%")
}

func streamsBelowPython(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import ctypes, os, subprocess
print('python')
libc = ctypes.CDLL(None)
libc.printf(b'libc\n')
libc.fflush(None)
os.write(1, b'descriptor\n')
subprocess.run(['echo', 'child'])
!echo shell
print('python again')
libc.printf(b'unflushed\n')
subprocess.run('echo to stderr >&2', shell=True)
`)
	out := d.text(sandbox.Stdout)
	for _, line := range []string{"python\n", "libc\n", "descriptor\n", "child\n", "shell\n", "python again\n", "unflushed\n"} {
		wantPart(t, "stdout", out, line)
	}
	if !strings.HasPrefix(out, "python\nlibc\ndescriptor\nchild\n") {
		t.Errorf("stdout is not in order: %q", out)
	}
	wantText(t, d, sandbox.Stderr, "to stderr\n")
}

// streamsOfChildrenInOrder: what a child or a library said on one stream comes
// before what is printed on the other after it.
func streamsOfChildrenInOrder(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import os, subprocess
for i in range(200):
    os.write(2, b'below %d\n' % i)
    print('above', i)
for i in range(200):
    subprocess.run(f'printf "child " >&2; echo {i} >&2', shell=True)
    print('parent', i)
`)
	all := d.all()
	for _, names := range [][2]string{{"below", "above"}, {"child", "parent"}} {
		for i := range 200 {
			first, then := fmt.Sprintf("%s %d\n", names[0], i), fmt.Sprintf("%s %d\n", names[1], i)
			if strings.Index(all, first) < 0 || strings.Index(all, then) < strings.Index(all, first) {
				t.Fatalf("%q came before %q, or is not there\n%s", then, first, d)
			}
		}
	}
}

// streamsPointedElsewhere: code that sends a descriptor elsewhere, or closes a
// stream, can still print on the other one, and waits for nobody.
func streamsPointedElsewhere(t *testing.T, s *suite) {
	for _, elsewhere := range []string{
		"os.dup2(os.open('/dev/null', os.O_WRONLY), 2)",
		"os.dup2(os.open('log', os.O_RDWR | os.O_CREAT), 2); os.write(2, b'x' * 99); os.lseek(2, 0, 0)",
		"r, w = os.pipe(); os.dup2(w, 2); os.write(2, b'nobody reads this')",
		"os.close(2)",
		"sys.stderr.close()",
	} {
		result, d := s.run(t, sandbox.Spec{}, "import os, sys, time\nprint('x', file=sys.stderr)\n"+elsewhere+`
began = time.process_time(), time.monotonic()
for i in range(1000): print(i)
print(time.monotonic() - began[1] < 20 + 10 * (time.process_time() - began[0]))`)
		wantEnding(t, result, d, sandbox.OK, 0)
		if out := d.text(sandbox.Stdout); !strings.HasSuffix(out, "\n998\n999\nTrue\n") {
			t.Errorf("%s: stdout ends %q", elsewhere, out[max(0, len(out)-100):])
		}
	}
}

// streamsBesideASurvivor: what the cell prints is whole and in order, however
// much a process that it left behind prints between, in this cell and the next.
func streamsBesideASurvivor(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	var want strings.Builder
	for i := range 2000 {
		fmt.Fprintln(&want, i)
	}
	for _, first := range []string{"import os\nfor fd in (1, 2):\n    if os.fork() == 0:\n        while True: os.write(fd, b'.')\n", ""} {
		d := must(t, k, first+"for i in range(2000): print(i)")
		if got := strings.ReplaceAll(d.text(sandbox.Stdout), ".", ""); got != want.String() {
			t.Errorf("%d bytes beside the survivor's, want %d, or they differ", len(got), want.Len())
		}
	}
}

// streamsAreText: whatever bytes a run writes, what arrives is valid UTF-8, and
// a character that comes in two pieces is not torn.
func streamsAreText(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import os, sys, fcntl, termios
def taken():
    left = bytearray(4)
    while fcntl.ioctl(1, termios.FIONREAD, left) or any(left): pass
for byte in '🦋'.encode():
    os.write(1, bytes([byte]))
    taken()
os.write(1, b'\xff\xfe|\n')
print('lone \udc80 surrogate')
`)
	out := d.text(sandbox.Stdout)
	for _, o := range d.said {
		if !utf8.ValidString(o.Text) {
			t.Errorf("a piece is not UTF-8: %q", o.Text)
		}
	}
	if !strings.HasPrefix(out, "🦋\ufffd") || !strings.Contains(out, "|\n") {
		t.Errorf("stdout is %q", out)
	}
	wantPart(t, "stdout", out, `lone \udc80 surrogate`)
}

func streamsOfManyKernels(t *testing.T, s *suite) {
	const many = 6
	type ended struct {
		n int
		d *desk
	}
	results := make(chan ended, many)
	for n := range many {
		k := s.open(t, sandbox.Spec{})
		go func() {
			d := newDesk()
			_, _ = k.Exec(t.Context(), fmt.Sprintf("for _ in range(200): print(%d)", n), d)
			results <- ended{n, d}
		}()
	}
	for range many {
		r := <-results
		wantText(t, r.d, sandbox.Stdout, strings.Repeat(fmt.Sprintf("%d\n", r.n), 200))
	}
}

func streamsWhole(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, "for i in range(200_000): print(i)")
	wantEnding(t, result, d, sandbox.OK, 0)
	var want strings.Builder
	for i := range 200_000 {
		fmt.Fprintln(&want, i)
	}
	if d.text(sandbox.Stdout) != want.String() {
		t.Errorf("%d bytes of stdout, want %d, or they differ", len(d.text(sandbox.Stdout)), want.Len())
	}
	if result.OutputBytes != int64(want.Len()) {
		t.Errorf("%d bytes counted, want %d", result.OutputBytes, want.Len())
	}
}
