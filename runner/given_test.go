package runner_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/sandbox"
)

func TestGivenFilesLieInTheWorkingFolder(t *testing.T) {
	t.Parallel()
	limits := sandbox.DefaultLimits()
	limits.InputsMax = 100
	n := node.New(t, node.Config{Run: limits})
	owner := testkit.Person(t, n.Store, "42")
	var ids []models.FileID
	for name, content := range map[string]string{
		"a.csv": "a", "in/b.txt": "b", "gone.csv": "g", "x": "a file", "x/y": "behind a file", "zz-large": strings.Repeat("z", 100),
	} {
		f := upload(t, n, owner, name, content)
		ids = append(ids, f.ID)
		if name == "gone.csv" {
			defer testkit.Age(t, n.Pool, "files", string(f.ID), 0)
		}
	}
	ids = append(ids, upload(t, n, owner, "a.csv", "a newer").ID)
	run := n.Queue(t, owner, `import os
for folder, _, names in sorted(os.walk('.')):
    for name in sorted(names):
        path = os.path.join(folder, name)
        print(path[2:], open(path).read())`, ids...)
	exec(t, n.Pool, "UPDATE files SET expires_at = now() WHERE name = 'gone.csv'")
	n.Begin(t)
	run = n.Await(t, run)
	mustEnd(t, run, models.OK, 0)
	if out := n.Said(t, run, "stdout"); out != "a.csv a newer\nx a file\nin/b.txt b\n" {
		t.Errorf("the folder holds %q", out)
	}
	notes := n.Said(t, run, "note")
	for _, want := range []string{
		"gone.csv is not in the working folder: its time was over before this run began.\n",
		"x/y is not in the working folder: there is a file x. load_file reaches it.\n",
		"zz-large is not in the working folder: one run may read 100 B at most.\n",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note %q in %q", want, notes)
		}
	}
	if files, _ := made(t, n, run); len(files) != 0 {
		t.Errorf("given files were kept again: %v", files)
	}
}

func TestAnothersFileCannotBeGiven(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	secret := upload(t, n, testkit.Person(t, n.Store, "43"), "secret.csv", "x")
	gone := upload(t, n, owner, "gone.csv", "x")
	testkit.Age(t, n.Pool, "files", string(gone.ID), 48*time.Hour)
	for _, id := range []models.FileID{secret.ID, gone.ID, "42_1_nothing"} {
		_, err := n.Runner.Submit(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb, Files: []models.FileID{id}})
		if models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%s: %v", id, err)
		}
	}
}
