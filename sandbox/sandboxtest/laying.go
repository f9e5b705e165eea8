package sandboxtest

import (
	"errors"
	"io"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func layingChecks() []check {
	return []check{
		{"InputsAreLaid", inputsAreLaid},
		{"InputsUnchanged", inputsUnchanged},
		{"InputsThatFail", inputsThatFail},
	}
}

func input(name, content string) sandbox.Input {
	return sandbox.Input{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func inputsAreLaid(t *testing.T, s *suite) {
	big := strings.Repeat("0123456789", 500_000)
	k := s.open(t, sandbox.Spec{Inputs: []sandbox.Input{
		input("sales.csv", "x\n1\n2\n"), input("in/deep/b.txt", "b"), input("empty", ""), input("zürich 日本.txt", "z"), input("big.bin", big),
	}})
	d := must(t, k, `import pandas as pd, os
print(len(pd.read_csv('sales.csv')), open('in/deep/b.txt').read(), os.path.getsize('empty'), open('zürich 日本.txt').read(), os.path.getsize('big.bin'))
print(sorted(os.listdir()))
open('sales.csv', 'a').write('3\n')`)
	wantText(t, d, sandbox.Stdout, "2 b 0 z 5000000\n['big.bin', 'empty', 'in', 'sales.csv', 'zürich 日本.txt']\n")
	files := produced(t, k)
	wantPaths(t, files, "sales.csv")
	if files[0].content != "x\n1\n2\n3\n" {
		t.Errorf("the changed input holds %q", files[0].content)
	}
}

// inputsUnchanged: reading, renaming away or deleting makes nothing new; a
// change cannot hide behind an old time.
func inputsUnchanged(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Inputs: []sandbox.Input{input("read.txt", "r"), input("gone.txt", "g"), input("forged.txt", "f")}})
	must(t, k, `import os
open('read.txt').read()
os.remove('gone.txt')
was = os.stat('forged.txt')
open('forged.txt', 'r+').write('F')
os.utime('forged.txt', ns=(was.st_atime_ns, was.st_mtime_ns))`)
	wantPaths(t, produced(t, k), "forged.txt")
	must(t, k, "open('read.txt').read(); open('forged.txt').read()")
	wantPaths(t, produced(t, k))
	must(t, k, "open('gone.txt', 'w').write('back')")
	wantPaths(t, produced(t, k), "gone.txt")
}

func inputsThatFail(t *testing.T, s *suite) {
	away := errors.New("the blob is away")
	for name, in := range map[string]sandbox.Input{
		"that cannot be opened": {Name: "a", Size: 1, Open: func() (io.ReadCloser, error) { return nil, away }},
		"that is too short":     {Name: "a", Size: 5, Open: input("a", "abc").Open},
		"that is too long":      {Name: "a", Size: 2, Open: input("a", "abc").Open},
		"outside the folder":    input("../a", "a"),
		"with a whole path":     input("/tmp/a", "a"),
		"larger than allowed":   {Name: "a", Size: 600 << 20, Open: input("a", "abc").Open},
	} {
		k, err := s.sandbox.Open(t.Context(), sandbox.Spec{Inputs: []sandbox.Input{in}})
		if err == nil {
			closeKernel(t, k)
			t.Errorf("an input %s was laid", name)
		}
		if name == "that cannot be opened" && !errors.Is(err, away) {
			t.Errorf("the cause is lost: %v", err)
		}
	}
	must(t, s.open(t, sandbox.Spec{}), "print('the sandbox goes on')")
}
