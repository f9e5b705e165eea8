package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"mayfly/sandbox"
)

// rack is a Shelf of files that a test puts there.
type rack struct {
	mu    sync.Mutex
	files []racked
	ids   int   // given so far: none is given twice
	fails error // what List says
}

type racked struct {
	entry   sandbox.Entry
	content string
	reader  io.Reader // instead of content, for a file that cannot be read
}

func (r *rack) put(name, content string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids++
	id := fmt.Sprintf("123_1696118400_abc%d", r.ids)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r.files = append(r.files, racked{content: content, entry: sandbox.Entry{
		ID: id, Name: name, Version: 1, Size: int64(len(content)), Category: "data", CreatedAt: now, ExpiresAt: now.Add(48 * time.Hour),
	}})
	return id
}

func (r *rack) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files = nil
}

// List returns every file, the newest first.
func (r *rack) List(context.Context) ([]sandbox.Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var entries []sandbox.Entry
	for i := len(r.files) - 1; i >= 0; i-- {
		entries = append(entries, r.files[i].entry)
	}
	return entries, r.fails
}

// Open finds a file by id, or the newest of a name.
func (r *rack) Open(_ context.Context, ref string) (sandbox.Entry, io.ReadCloser, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(r.files) - 1; i >= 0; i-- {
		f := r.files[i]
		if f.entry.ID != ref && f.entry.Name != ref {
			continue
		}
		if f.reader != nil {
			return f.entry, io.NopCloser(f.reader), nil
		}
		return f.entry, io.NopCloser(strings.NewReader(f.content)), nil
	}
	return sandbox.Entry{}, nil, fmt.Errorf("There is no live file %q. Nearest: sales.csv", ref) //nolint:staticcheck // shown to people
}

func shelfChecks() []check {
	return []check{
		{"LoadFileOfEveryFormat", loadEveryFormat},
		{"LoadFileAgreesWithTheTable", loadersAgree},
		{"LoadFileOfWhatLiesHere", loadOfWhatLiesHere},
		{"LoadFileByName", loadByName},
		{"LoadFileUnknown", loadUnknown},
		{"LoadFileWithoutAShelf", loadWithoutAShelf},
		{"LoadFileAtThatMoment", loadAtThatMoment},
		{"LoadFileIsACopy", loadIsACopy},
		{"LoadFileThatFails", loadThatFails},
		{"LoadFileTooMuch", loadTooMuch},
		{"ListFiles", listFiles},
	}
}

func loadByName(t *testing.T, s *suite) {
	shelf := &rack{}
	shelf.put("sales.csv", "x\n1\n")
	shelf.put("sales.csv", "x\n2\n")
	shelf.put("out/deep/sales.csv", "x\n3\n")
	k := s.open(t, sandbox.Spec{Shelf: shelf})
	d := must(t, k, `print(load_file('sales.csv').x[0], load_file('out/deep/sales.csv').x[0])
print(load_file('sales.csv', header=None).shape)
path = get_file_path('out/deep/sales.csv')
import os
print(os.path.basename(path), open(path).read())
import mayfly
print(mayfly.load_file('sales.csv').x[0], load_file(list_files()[-1]).x[0])`)
	wantText(t, d, sandbox.Stdout, "2 3\n(2, 1)\nsales.csv x\n3\n\n2 1\n")
}

func loadUnknown(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Shelf: &rack{}})
	for _, call := range []string{"load_file('salse.csv')", "get_file_path('salse.csv')"} {
		result, d := exec(t, k, "\n"+call)
		wantEnding(t, result, d, sandbox.Raised, 1)
		wantPart(t, "the exception", result.Exception, `There is no live file "salse.csv". Nearest: sales.csv`)
		if result.Line != 2 {
			t.Errorf("line %d, want the user's 2", result.Line)
		}
	}
	for _, ref := range []string{"../../etc/passwd", "/etc/passwd", "", "a\x00b", strings.Repeat("x", 100_000)} {
		result, d := exec(t, k, fmt.Sprintf("load_file(%q)", ref))
		if result.Ending != sandbox.Raised {
			t.Errorf("load_file(%q) ended %s\n%s", clip(ref), result.Ending, d)
		}
	}
	must(t, k, "print('the kernel goes on')")
}

func loadWithoutAShelf(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	result, d := exec(t, k, "load_file('a.csv')")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantText(t, must(t, k, "print(list_files())"), sandbox.Stdout, "no files\n")
}

// loadAtThatMoment: the shelf is asked each time, so a file that expired
// between two calls is gone even though it was read before.
func loadAtThatMoment(t *testing.T, s *suite) {
	shelf := &rack{}
	id := shelf.put("a.txt", "one")
	k := s.open(t, sandbox.Spec{Shelf: shelf})
	wantText(t, must(t, k, fmt.Sprintf("print(load_file(%q))", id)), sandbox.Stdout, "one\n")
	shelf.drop()
	result, d := exec(t, k, fmt.Sprintf("load_file(%q)", id))
	wantEnding(t, result, d, sandbox.Raised, 1)
	shelf.put("a.txt", "new")
	wantText(t, must(t, k, "print(load_file('a.txt'))"), sandbox.Stdout, "new\n")
}

// loadIsACopy: what is fetched cannot be changed, is no product of the run,
// and leaves the working folder alone.
func loadIsACopy(t *testing.T, s *suite) {
	shelf := &rack{}
	shelf.put("a.csv", "x\n1\n")
	k := s.open(t, sandbox.Spec{Shelf: shelf})
	d := must(t, k, `import os
load_file('a.csv')
path = get_file_path('a.csv')
for change in (lambda: open(path, 'w'), lambda: os.remove(path), lambda: os.chmod(path, 0o777), lambda: os.rename(path, path + 'x')):
    try: change()
    except OSError as e: print('refused')
print(os.listdir())`)
	wantText(t, d, sandbox.Stdout, strings.Repeat("refused\n", 4)+"[]\n")
	wantPaths(t, produced(t, k))
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("disk on fire at /var/lib/x") }

// loadThatFails: our own trouble is the call's trouble, told without our
// paths, and the kernel goes on.
func loadThatFails(t *testing.T, s *suite) {
	shelf := &rack{}
	shelf.put("good.txt", "fine")
	shelf.put("broken.txt", "promised")
	shelf.files[1].reader = io.MultiReader(strings.NewReader("prom"), brokenReader{})
	shelf.put("long.txt", "promised")
	shelf.files[2].reader = strings.NewReader("promised and much more")
	k := s.open(t, sandbox.Spec{Shelf: shelf})
	for _, name := range []string{"broken.txt", "long.txt", "broken.txt"} {
		result, d := exec(t, k, fmt.Sprintf("load_file(%q)", name))
		wantEnding(t, result, d, sandbox.Raised, 1)
		if strings.Contains(d.all(), "/var/lib") {
			t.Errorf("our own path is told: %s", d)
		}
	}
	wantText(t, must(t, k, "print(load_file('good.txt'))"), sandbox.Stdout, "fine\n")
	shelf.mu.Lock()
	shelf.fails = errors.New("the list is away")
	shelf.mu.Unlock()
	result, d := exec(t, k, "list_files()")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantText(t, must(t, k, "print(load_file('good.txt'))"), sandbox.Stdout, "fine\n")
}

func loadTooMuch(t *testing.T, s *suite) {
	shelf := &rack{}
	shelf.put("a.txt", strings.Repeat("a", 600_000))
	shelf.put("b.txt", strings.Repeat("b", 600_000))
	k := s.open(t, sandbox.Spec{Shelf: shelf, Limits: sandbox.Limits{InputsMax: 1_000_000}})
	must(t, k, "load_file('a.txt'); load_file('a.txt'); load_file('a.txt')")
	result, d := exec(t, k, "load_file('b.txt')")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantPart(t, "the exception", result.Exception, "1.0 MB")
	wantText(t, must(t, k, "print(len(load_file('a.txt')))"), sandbox.Stdout, "600000\n")
}

func listFiles(t *testing.T, s *suite) {
	shelf := &rack{}
	id := shelf.put("a.csv", "x\n1\n")
	for i := range 3000 {
		shelf.put(fmt.Sprintf("many/%d.txt", i), "")
	}
	k := s.open(t, sandbox.Spec{Shelf: shelf})
	d := must(t, k, "files = list_files()\nf = files[-1]\nprint(len(files), f['file_id'], f['filename'], f['size'], f['type'], f['created_at'], f['expires_at'])")
	wantText(t, d, sandbox.Stdout, "3001 "+id+" a.csv 4 data 2026-01-02T03:04:05Z 2026-01-04T03:04:05Z\n")
	wantPart(t, "the list as shown", must(t, k, "list_files()[-3:]").all()+must(t, k, "print(list_files())").text(sandbox.Stdout), "a.csv")
}
