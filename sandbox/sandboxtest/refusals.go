package sandboxtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func refusalChecks() []check {
	return []check{
		{"RefusesWhatIsNoFile", refusesWhatIsNoFile},
		{"RefusesTheLargeFile", refusesTheLargeFile},
		{"RefusesFile101", refusesFile101},
		{"RefusesMoreBytes", refusesMoreBytes},
		{"RefusesTheDeepTree", refusesTheDeepTree},
		{"TenThousandFiles", tenThousandFiles},
		{"FullWorkspace", fullWorkspace},
	}
}

// wantRefused checks that exactly these were refused, each with a reason.
func wantRefused(t *testing.T, files []made, want ...string) {
	t.Helper()
	var got []string
	for _, f := range files {
		if f.refused != "" {
			got = append(got, f.path)
			if len(f.refused) < 5 || len(f.refused) > 200 || strings.Contains(f.refused, "/proc") {
				t.Errorf("%s: the reason is %q", f.path, f.refused)
			}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("refused %v, want %v\nall: %v", got, want, brief(files))
	}
}

func brief(files []made) string {
	var b strings.Builder
	for i, f := range files {
		if i == 20 {
			fmt.Fprintf(&b, "… %d more", len(files)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s (%d) %s", f.path, f.size, f.refused)
	}
	return b.String()
}

// refusesWhatIsNoFile: links lead nowhere, pipes hold nobody, and each is told.
func refusesWhatIsNoFile(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import os, socket
open('good.txt', 'w').write('good')
os.symlink('/etc/passwd', 'link.txt'); os.symlink('good.txt', 'near.txt'); os.symlink('/', 'root'); os.symlink('nowhere', 'loose')
os.mkfifo('fifo'); socket.socket(socket.AF_UNIX).bind('sock')
open('twice', 'w').write('2'); os.link('twice', 'twin')
os.mkdir('d'); os.symlink('../../../../etc', 'd/up')`)
	files := produced(t, k)
	wantRefused(t, files, "d/up", "fifo", "link.txt", "loose", "near.txt", "root", "sock", "twice", "twin")
	if len(files) != 10 {
		t.Errorf("%d files told of, want 10: %s", len(files), brief(files))
	}
}

func refusesTheLargeFile(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `with open('large.bin', 'wb') as f: f.write(b'x' * 51_000_000)
with open('most.bin', 'wb') as f: f.write(b'x' * 50_000_000)
with open('sparse.bin', 'wb') as f: f.truncate(200_000_000)`)
	files := produced(t, k)
	wantRefused(t, files, "large.bin", "sparse.bin")
	if len(files) != 3 || len(files[1].content) != 50_000_000 || files[0].size != 51_000_000 {
		t.Errorf("of three files: %s", brief(files))
	}
}

func refusesFile101(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "for i in range(102): open(f'{i:03}.txt', 'w').write('x')")
	files := produced(t, k)
	wantRefused(t, files, "100.txt", "101.txt")
	wantPart(t, "the reason", files[100].refused, "100")
}

// refusesMoreBytes: holes have a size but no memory, so that the sum can pass
// what the workspace could hold.
func refusesMoreBytes(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{BytesMax: 10_000_000}})
	must(t, k, "for n in 'abcd':\n    with open(n, 'wb') as f: f.truncate(4_000_000)\nopen('e', 'w').write('small')")
	files := produced(t, k)
	wantRefused(t, files, "c", "d")
	if len(files) != 5 || files[4].content != "small" {
		t.Errorf("a small file that still fits was not kept: %s", brief(files))
	}
}

func refusesTheDeepTree(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import os
open('top.txt', 'w').write('top')
for _ in range(2000):
    os.mkdir('d'); os.chdir('d')
open('bottom.txt', 'w').write('bottom')
os.chdir('/w')`)
	began := time.Now()
	files := produced(t, k)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the walk took %s", took)
	}
	refused := 0
	for _, f := range files {
		if f.refused != "" {
			refused++
		}
	}
	if refused != 1 || len(files) != 2 || files[len(files)-1].path != "top.txt" && files[0].path != "top.txt" {
		t.Errorf("want top.txt and one refusal: %s", brief(files))
	}
	must(t, k, "print('goes on')")
}

func tenThousandFiles(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "for i in range(10_000): open(f'{i:05}.txt', 'w').close()")
	began := time.Now()
	files := produced(t, k)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the walk took %s", took)
	}
	kept := 0
	for _, f := range files {
		if f.refused == "" {
			kept++
		}
	}
	if kept != 100 || len(files) == 100 {
		t.Errorf("%d kept of 10,000 and %d told of, want 100 kept and the others told", kept, len(files))
	}
	must(t, k, "print('goes on')")
	wantPaths(t, produced(t, k))
}

// fullWorkspace: the folder ends where it is said to, as an error that the
// program can handle.
func fullWorkspace(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{BytesMax: 8_000_000}})
	result, d := exec(t, k, "for n in 'abcdefgh':\n    with open(n, 'wb') as f: f.write(b'x' * 4_000_000)")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantPart(t, "the exception", result.Exception, "No space left on device")
	must(t, k, "import os\nfor n in os.listdir(): os.remove(n)\nopen('fits', 'w').write('x')")
	wantPaths(t, produced(t, k), "fits")
}
