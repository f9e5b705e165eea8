package runner_test

import (
	"fmt"
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

// A run that was given files sees these alone: not the owner's others, and no
// newer version.
func TestGivenFilesAreAllThatARunSees(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{})
	owner := testkit.Person(t, n.Store, "42")
	old := upload(t, n, owner, "sales.csv", "x\n1\n")
	gone := upload(t, n, owner, "gone.csv", "x\n1\n")
	upload(t, n, owner, "sales.csv", "x\n1\n2\n")
	other := upload(t, n, owner, "salaries.csv", "x\n")
	run := n.Queue(t, owner, `print([(f['filename'], f['version']) for f in list_files()])
print(len(load_file('sales.csv')), len(load_file('`+string(old.ID)+`')))
for ref in ('salaries.csv', '`+string(other.ID)+`', 'gone.csv', '`+string(gone.ID)+`'):
    try: load_file(ref)
    except FileNotFoundError as e: print(e)`, old.ID, gone.ID)
	testkit.Age(t, n.Pool, "files", string(gone.ID), 48*time.Hour)
	n.Begin(t)
	run = n.Await(t, run)
	mustEnd(t, run, models.OK, 0)
	nearest := " This run sees only what it was given. Nearest: sales.csv (" + string(old.ID) + ", 1d 23h left).\n"
	expired := "gone.csv has expired: its time was over."
	want := "[('sales.csv', 1)]\n1 1\n" + `There is no live file "salaries.csv".` + nearest +
		`There is no live file "` + string(other.ID) + `".` + nearest + expired + nearest + expired + nearest
	if said := n.Said(t, run, "stdout"); said != want {
		t.Errorf("it said\n%s\nwant\n%s", said, want)
	}
}

// What the first run made is what the second is given, and what a day later a
// third is given, as in the reference that this product came from.
func TestWhatOneRunMadeTheNextLoads(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	first := n.Do(t, owner, `
    import pandas as pd
    df = pd.DataFrame({'x': [1, 2, 3]})
    df.to_csv('results.csv')
    df.to_parquet('dataset.parquet')
`)
	mustEnd(t, first, models.OK, 0)
	files, _ := made(t, n, first)
	for name, code := range map[string]string{
		"results.csv": "print(load_file(%q).columns.tolist())", "dataset.parquet": "print(load_file(%q).equals(__import__('pandas').read_parquet('dataset.parquet')))",
	} {
		f := files[name]
		testkit.Age(t, n.Pool, "files", string(f.ID), 47*time.Hour)
		run := n.Await(t, n.Queue(t, owner, fmt.Sprintf(code, f.ID), f.ID))
		mustEnd(t, run, models.OK, 0)
		if said := n.Said(t, run, "stdout"); said != "['Unnamed: 0', 'x']\n" && said != "True\n" {
			t.Errorf("%s: it said %q", name, said)
		}
	}
}
