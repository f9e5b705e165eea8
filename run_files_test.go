package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func decode(t *testing.T, s said) runResult {
	t.Helper()
	var r runResult
	if err := json.Unmarshal([]byte(s.out), &r); err != nil {
		t.Fatalf("%v in %q", err, cutTail(s.out))
	}
	if r.Success == nil || r.Output == nil || r.Error == nil || r.ExecutionTime == nil || r.ReturnCode == nil ||
		r.Files == nil || r.FileIDs == nil || r.NotKept == nil {
		t.Fatalf("a key is missing in %s", cutTail(s.out))
	}
	return r
}

func runJSON(t *testing.T, m terminal) {
	got := m.run(t, "", "--json", script(t, "import os\nprint('hi')\nopen('a.csv', 'w').write('x')\nos.symlink('/etc/passwd', 'link')"))
	r := decode(t, got)
	if !*r.Success || *r.Output != "hi\n" || *r.Error != "" || *r.ReturnCode != 0 || r.Ending != "ok" || *r.ExecutionTime <= 0 || got.code != 0 || got.err != "" {
		t.Errorf("%s\n%s", got.out, got.err)
	}
	data, _ := base64.StdEncoding.DecodeString(r.Files[0].Data)
	if len(r.Files) != 1 || r.Files[0].Filename != "a.csv" || string(data) != "x" || r.Files[0].Type != "data" || r.Files[0].Size != 1 || r.FileIDs[0] != r.Files[0].FileID {
		t.Errorf("files %+v", r.Files)
	}
	if len(r.NotKept) != 1 || r.NotKept[0].Name != "link" || r.NotKept[0].Reason != "a link" {
		t.Errorf("not kept %+v", r.NotKept)
	}
	got = m.run(t, "", "--json", script(t, "print('before')\n1 / 0"))
	if r = decode(t, got); *r.Success || *r.ReturnCode != 1 || got.code != 1 || !strings.Contains(*r.Error, "ZeroDivisionError") || *r.Output != "before\n" || len(r.Files) != 0 {
		t.Errorf("%s", got.out)
	}
}

func runKeep(t *testing.T, m terminal) {
	keep := filepath.Join(t.TempDir(), "made", "here")
	got := m.run(t, "", "--json", "--keep", keep, script(t, "import os\nos.makedirs('a/b')\nopen('a/b/c.txt', 'w').write('deep')\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])"))
	r := decode(t, got)
	for name, want := range map[string]string{"a/b/c.txt": "deep", "figure-1.png": "\x89PNG"} {
		content, err := os.ReadFile(filepath.Join(keep, name))
		if err != nil || !strings.HasPrefix(string(content), want) {
			t.Errorf("%s: %.20q %v", name, content, err)
		}
	}
	if len(r.Files) != 2 || r.Files[0].Data != "" || r.Files[0].Path != filepath.Join(keep, "a/b/c.txt") {
		t.Errorf("%+v", r.Files)
	}
}

// runKeepStaysInside: names of the script's choosing, and links that lie in the
// folder already, lead nowhere else.
func runKeepStaysInside(t *testing.T, m terminal) {
	keep, outside := t.TempDir(), filepath.Join(t.TempDir(), "outside.txt")
	if err := os.Symlink(outside, filepath.Join(keep, "trap.txt")); err != nil {
		t.Fatal(err)
	}
	got := m.run(t, "", "--keep", keep, script(t, "open('trap.txt', 'w').write('x')"))
	if _, err := os.Stat(outside); err == nil {
		t.Error("a link in the folder was followed")
	}
	if got.code != 70 {
		t.Errorf("%+v", got)
	}
	got = m.run(t, "", "--keep", keep, script(t, `open('..\\..\\x\x1b[2J\n.txt', 'w').write('x')`))
	if strings.ContainsAny(got.err, "\x1b") || got.code != 0 {
		t.Errorf("%+v", got)
	}
}

func runFile(t *testing.T, m terminal) {
	path := filepath.Join(t.TempDir(), "sales.csv")
	if err := os.WriteFile(path, []byte("x\n4\n5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := m.run(t, "", "--file", path, script(t, "print(load_file('sales.csv').x.sum(), [f['filename'] for f in list_files()])\nload_file('other.csv')"))
	if got.out != "9 ['sales.csv']\n" || !strings.Contains(got.err, `there is no file "other.csv" here`) || got.code != 1 {
		t.Errorf("%+v", got)
	}
	if got := m.run(t, "", "--file", path+"x", script(t, "1")); got.code != exitWrongUse || !strings.Contains(got.err, "sales.csvx") {
		t.Errorf("%+v", got)
	}
}

func runStdin(t *testing.T, m terminal) {
	answers := filepath.Join(t.TempDir(), "answers.txt")
	if err := os.WriteFile(answers, []byte("Ada\r\n36"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := m.run(t, "", "--stdin", answers, script(t, "name = input('name? ')\nage = int(input())\nprint(repr(name), age)\ninput()"))
	if got.out != "name? 'Ada' 36\n" || got.code != 1 || !strings.Contains(got.err, "EOFError") {
		t.Errorf("%+v", got)
	}
}

func runDash(t *testing.T, m terminal) {
	if got := m.run(t, "print('piped')", "-"); got.out != "piped\n" || got.code != 0 {
		t.Errorf("%+v", got)
	}
}

func runManyFiles(t *testing.T, m terminal) {
	path := script(t, "for i in range(10_000): open(f'{i:05}.txt', 'w').close()")
	got := m.run(t, "", "--json", path)
	r := decode(t, got)
	if len(r.Files) != 100 || len(r.NotKept) != 9_900 || r.NotKept[0].Name != "00100.txt" || !strings.Contains(r.NotKept[0].Reason, "more than 100 files") {
		t.Errorf("%d kept, %d not", len(r.Files), len(r.NotKept))
	}
	if got := m.run(t, "", path); strings.Count(got.err, "\n") > 2*listed+5 || !strings.Contains(got.err, "and 80 more\n") || !strings.Contains(got.err, "and 9880 more not kept") {
		t.Errorf("%s", cutTail(got.err))
	}
}
