package runner_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/storage"
)

func read(t *testing.T, n *node.Node, owner models.UserID, id models.FileID) string {
	t.Helper()
	_, content, err := n.Vault.Open(t.Context(), owner, id)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// made returns the files of a run by name, with those that were refused.
func made(t *testing.T, n *node.Node, run *models.Run) (map[string]models.File, map[string]models.Refusal) {
	t.Helper()
	kept, err := n.Store.RunFiles(t.Context(), run.UserID, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]models.File{}
	for _, f := range kept {
		files[f.Name] = f
	}
	refused, err := n.Store.Refusals(t.Context(), run.UserID, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	refusals := map[string]models.Refusal{}
	for _, r := range refused {
		refusals[r.Name] = r
	}
	return files, refusals
}

func TestWhatTheCodeMadeIsKeptToTheByteAndTheRestIsTold(t *testing.T) {
	t.Parallel()
	limits := sandbox.DefaultLimits()
	limits.FileMax = 100_000
	n, owner := start(t, node.Config{Run: limits})
	run := n.Do(t, owner, `import os, hashlib
blob = os.urandom(99_999)
open('blob.bin', 'wb').write(blob)
print(hashlib.sha256(blob).hexdigest())
os.makedirs('deep/er')
open('deep/er/ünïcode 日本.txt', 'w').write('x')
open('empty', 'w')
open('big.bin', 'wb').write(b'0' * 100_001)
os.symlink('/etc/passwd', 'passwd')
os.mkfifo('pipe')`)
	mustEnd(t, run, models.OK, 0)
	files, refused := made(t, n, run)
	if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"blob.bin", "deep/er/ünïcode 日本.txt", "empty"}) {
		t.Errorf("kept %q", names)
	}
	for name, word := range map[string]string{"big.bin": "larger than 100 kB", "passwd": "link", "pipe": "pipe"} {
		if !strings.Contains(refused[name].Reason, word) {
			t.Errorf("%s: %+v does not say %q", name, refused[name], word)
		}
	}
	if len(refused) != 3 || run.FileCount != 3 {
		t.Errorf("%d refused, %d counted", len(refused), run.FileCount)
	}
	blob := files["blob.bin"]
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, n, owner, blob.ID))))
	if said := strings.TrimSpace(n.Said(t, run, "stdout")); said != sum || blob.SHA256 != sum || blob.Source != models.FromWeb || *blob.RunID != run.ID {
		t.Errorf("the code made %s, %s is kept: %+v", said, sum, blob)
	}
	// The same name in the next run is its next version.
	files, _ = made(t, n, n.Do(t, owner, "open('blob.bin', 'w').write('2')"))
	if files["blob.bin"].Version != 2 {
		t.Errorf("version %d", files["blob.bin"].Version)
	}
}

func TestFilesOfARunThatFailedAreKept(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	for code, ending := range map[string]models.Ending{
		"open('a.txt', 'w').write('whole')\n1/0":                                      models.Raised,
		"f = open('a.txt', 'w'); f.write('whole'); f.close()\nimport os; os._exit(1)": models.Killed,
	} {
		run := n.Do(t, owner, code)
		files, _ := made(t, n, run)
		if run.Ending != ending || len(files) != 1 || read(t, n, owner, files["a.txt"].ID) != "whole" {
			t.Errorf("%q ended %s with %+v", code, run.Ending, files)
		}
	}
}

func TestSEC50AQuotaRefusesWhatIsTooMuchAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserBytes = 1000
	n, owner := start(t, node.Config{Limits: limits})
	run := n.Do(t, owner, "open('a', 'w').write('x' * 600)\nopen('b', 'w').write('x' * 600)\nopen('c', 'w').write('x' * 300)")
	mustEnd(t, run, models.OK, 0)
	files, refused := made(t, n, run)
	if len(files) != 2 || !strings.Contains(refused["b"].Reason, "over your space of 1.0 kB") {
		t.Errorf("kept %+v, refused %+v", files, refused)
	}
}

func TestREL9WhatADiskCannotHoldIsTold(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{Blobs: testkit.SmallDisk(t, "size=3m")})
	run := n.Do(t, owner, "for i in range(4):\n    open(f'{i}.bin', 'wb').write(bytes(1_000_000))\nopen('small', 'w').write('x')\nprint('result')")
	mustEnd(t, run, models.OK, 0)
	files, refused := made(t, n, run)
	if len(files) != 4 || len(refused) != 1 || refused["3.bin"].Reason != "not saved: storage full" || n.Said(t, run, "stdout") != "result\n" {
		t.Fatalf("kept %d, refused %+v", len(files), refused)
	}
	for _, f := range files {
		if got := read(t, n, owner, f.ID); int64(len(got)) != f.Size {
			t.Errorf("%s has %d bytes of %d", f.Name, len(got), f.Size)
		}
	}
}

func TestShownFiguresAreKeptAsFiles(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Do(t, owner, "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.show()\nplt.figure()\nplt.plot([3, 1])")
	mustEnd(t, run, models.OK, 0)
	files, _ := made(t, n, run)
	for _, name := range []string{"figure-1.png", "figure-2.png"} {
		if data := read(t, n, owner, files[name].ID); !strings.HasPrefix(data, "\x89PNG") || files[name].Category != "image" {
			t.Errorf("%s: %+v", name, files[name])
		}
	}
	shown := 0
	for _, o := range n.Outputs(t, run) {
		if o.Stream == "display" && o.Bundle["image/png"] != "" {
			shown++
		}
	}
	if shown != 2 {
		t.Errorf("%d figures were shown", shown)
	}
}

func upload(t *testing.T, n *node.Node, owner models.UserID, name, content string) *models.File {
	t.Helper()
	f, err := n.Vault.Save(t.Context(), owner, storage.Upload{Source: models.FromUpload, Name: name}, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}
