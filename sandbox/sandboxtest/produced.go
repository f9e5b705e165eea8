package sandboxtest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// made is one produced file, read.
type made struct {
	path, content, refused string
	size                   int64
}

// produced reads everything that the last Exec made, in the order it came.
func produced(t *testing.T, k sandbox.Kernel) []made {
	t.Helper()
	var all []made
	for p, err := range k.Produced(t.Context()) {
		if err != nil {
			t.Fatalf("produced: %v", err)
		}
		f := made{path: p.Path, refused: p.Refused, size: p.Size}
		if (p.Content == nil) != (p.Refused != "") {
			t.Fatalf("%s has content %v and is refused %q", p.Path, p.Content != nil, p.Refused)
		}
		if p.Content != nil {
			content, err := io.ReadAll(p.Content)
			if err != nil {
				t.Errorf("read %s: %v", p.Path, err)
			}
			if err := p.Content.Close(); err != nil {
				t.Errorf("close %s: %v", p.Path, err)
			}
			if int64(len(content)) != p.Size {
				t.Errorf("%s has %d bytes and says %d", p.Path, len(content), p.Size)
			}
			f.content = string(content)
		}
		all = append(all, f)
	}
	return all
}

// wantPaths compares the kept files.
func wantPaths(t *testing.T, files []made, want ...string) {
	t.Helper()
	var got []string
	for _, f := range files {
		if f.refused != "" {
			t.Errorf("%s was refused: %s", f.path, f.refused)
		}
		got = append(got, f.path)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("produced %v, want %v", got, want)
	}
}

func producedChecks() []check {
	return []check{
		{"ProducedNested", producedNested},
		{"ProducedOfTheLastExec", producedOfTheLastExec},
		{"ProducedOfTheDead", producedOfTheDead},
		{"ProducedWhileWritten", producedWhileWritten},
		{"ProducedStopsEarly", producedStopsEarly},
		{"ProducedNames", producedNames},
	}
}

func producedNested(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import os
os.makedirs('a/b/c'); os.makedirs('empty/folder')
for path in ('z.txt', 'a/b/c/deep.txt', 'a/b.txt', '.hidden', 'empty.txt', 'a/b/x', 'ünïcode 日本.txt'):
    with open(path, 'w') as f: f.write('' if path == 'empty.txt' else path)
open('noread.txt', 'w').write('noread.txt'); os.chmod('noread.txt', 0)
open('/tmp/scratch.txt', 'w').write('x'); open('/dev/shm/scratch', 'w').write('x')`)
	files := produced(t, k)
	wantPaths(t, files, ".hidden", "a/b.txt", "a/b/c/deep.txt", "a/b/x", "empty.txt", "noread.txt", "z.txt", "ünïcode 日本.txt")
	for _, f := range files {
		if want := strings.ReplaceAll(f.path, "empty.txt", ""); f.content != want {
			t.Errorf("%s holds %q", f.path, f.content)
		}
	}
	must(t, k, "os.chdir('a')\nopen('moved.txt', 'w').write('1')\nos.chdir('/tmp')")
	wantPaths(t, produced(t, k), "a/moved.txt")
}

func producedOfTheLastExec(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "for n in 'abcd': open(n, 'w').write('one')")
	wantPaths(t, produced(t, k), "a", "b", "c", "d")
	wantPaths(t, produced(t, k), "a", "b", "c", "d") // asked twice, told twice
	must(t, k, "import os\nopen('b', 'w').write('two')\nos.rename('c', 'e')\nos.remove('d')\nopen('a').read()")
	files := produced(t, k)
	wantPaths(t, files, "b", "e")
	if files[0].content != "two" || files[1].content != "one" {
		t.Errorf("they hold %q and %q", files[0].content, files[1].content)
	}
	must(t, k, "print('nothing')")
	wantPaths(t, produced(t, k))
	// What an Exec made and nobody collected belongs to it alone.
	must(t, k, "open('f', 'w').write('1')")
	must(t, k, "pass")
	wantPaths(t, produced(t, k))
	result, _ := exec(t, k, "open('g', 'w').write('kept')\n1 / 0")
	if result.Ending != sandbox.Raised {
		t.Fatal(result.Ending)
	}
	wantPaths(t, produced(t, k), "g")
}

// producedOfTheDead: the files are the owner's, whatever became of the kernel.
func producedOfTheDead(t *testing.T, s *suite) {
	for _, death := range []string{
		"import os; os._exit(1)",
		"held = [bytearray(8 << 20) for _ in range(1000)]",
		"while True: pass",
		"import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass",
		"while True: print('x' * 10_000)",
	} {
		limits := tight()
		if strings.Contains(death, "pass") {
			limits.Wall = time.Second
		}
		k := s.open(t, sandbox.Spec{Limits: limits})
		exec(t, k, "with open('kept.txt', 'w') as f: f.write('all of it')\n"+death)
		files := produced(t, k)
		wantPaths(t, files, "kept.txt")
		if files[0].content != "all of it" {
			t.Errorf("after %q it holds %q", death, files[0].content)
		}
	}
}

// producedWhileWritten: what goes on in the background waits while the files
// are read, and goes on after.
func producedWhileWritten(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import threading, os
going, rounds = True, 0
def scribble():
    global rounds
    while going:
        rounds += 1
        with open('grows.txt', 'w') as f: f.write('x' * (rounds % 5000))
thread = threading.Thread(target=scribble); thread.start()`)
	for range 5 {
		for _, f := range produced(t, k) {
			if strings.Trim(f.content, "x") != "" {
				t.Errorf("%s was torn", f.path)
			}
		}
	}
	d := must(t, k, "was = rounds\nwhile rounds == was: pass\ngoing = False\nthread.join()\nprint('went on')")
	wantText(t, d, sandbox.Stdout, "went on\n")
}

func producedStopsEarly(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "for n in 'abc': open(n, 'w').write(n)")
	for p := range k.Produced(t.Context()) {
		_ = p.Content.Close()
		break
	}
	wantText(t, must(t, k, "print('thawed')"), sandbox.Stdout, "thawed\n")
}

// producedNames: no name of a file can break what lists it.
func producedNames(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import os
names = [b'\xff\xfe.txt', b'new\nline', b'tab\t', b'\x1b[31m', b'back\\slash', b' ', b'..x', b'-rf', '\u202egpj.exe'.encode(), b'n' * 255, 'e\u0301.txt'.encode()]
for name in names:
    with open(name, 'w') as f: f.write('1')
print(len(names))`)
	files := produced(t, k)
	if len(files) != 11 {
		t.Errorf("%d files told of, want 11, kept or refused", len(files))
	}
	for _, f := range files {
		if f.path != strings.ToValidUTF8(f.path, "") || f.path == "" {
			t.Errorf("the path %q is not text", f.path)
		}
		if f.refused == "" && f.content != "1" {
			t.Errorf("%q holds %q", f.path, f.content)
		}
	}
	if got := fmt.Sprint(files); !strings.Contains(got, "..x") || !strings.Contains(got, "-rf") {
		t.Errorf("harmless names are missing: %s", got)
	}
}
