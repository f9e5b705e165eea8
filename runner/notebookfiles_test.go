package runner_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/storage"
)

func TestANotebooksLiveFilesLieInItsFolder(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book, other := n.Notebook(t, owner, ""), n.Notebook(t, owner, "")
	upload := func(to *models.Notebook, name, text string) *models.File {
		t.Helper()
		f, err := n.Vault.Save(t.Context(), owner, storage.Upload{Notebook: &to.ID, Source: models.FromUpload, Name: name}, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	upload(book, "in.csv", "old")
	upload(book, "in.csv", "new")
	upload(other, "theirs.csv", "1")
	expired := upload(book, "late.csv", "1")
	testkit.Age(t, n.Pool, "files", string(expired.ID), 48*time.Hour)
	mustSay(t, n, n.DoCell(t, book, `import os
os.makedirs('out')
open('out/a.txt', 'w').write('a')
print(sorted(os.listdir()), open('in.csv').read())`), "['in.csv', 'out'] new\n")
	if err := n.Runner.Restart(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	run := n.DoCell(t, book, "import os\nprint(sorted(os.listdir()), open('in.csv').read(), open('out/a.txt').read())\nopen('b.txt', 'w').write('b')")
	mustSay(t, n, run, "['in.csv', 'out'] new a\n")
	if files, err := n.Store.RunFiles(t.Context(), owner, run.ID); err != nil || len(files) != 1 || files[0].Name != "b.txt" {
		t.Errorf("what lay there was kept again: %+v %v", files, err)
	}
	_, err := n.Vault.Save(t.Context(), testkit.Person(t, n.Store, "43"), storage.Upload{Notebook: &book.ID, Source: models.FromUpload, Name: "x"}, strings.NewReader("x"))
	if models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger uploads to it: %v", err)
	}
}

func TestTheSameBytesAgainAreTheSameFileWithItsClockAnew(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	const write = "open('out.csv', 'w').write('a,b')\nprint(load_file('out.csv') is not None) if False else None"
	n.DoCell(t, book, write)
	was, err := n.Store.FileNamed(t.Context(), owner, "out.csv")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Age(t, n.Pool, "files", string(was.ID), 40*time.Hour)
	again := n.DoCell(t, book, write)
	now, err := n.Store.FileNamed(t.Context(), owner, "out.csv")
	if err != nil || now.ID != was.ID || now.Version != 1 || now.Left() < 47*time.Hour || *now.RunID != again.ID || *now.NotebookID != book.ID {
		t.Errorf("the same bytes again: %+v %v", now, err)
	}
	n.DoCell(t, book, "open('out.csv', 'w').write('a,b,c')")
	n.Do(t, owner, "open('out.csv', 'w').write('a,b,c')")
	n.Do(t, owner, "open('out.csv', 'w').write('a,b,c')")
	now, err = n.Store.FileNamed(t.Context(), owner, "out.csv")
	if err != nil || now.Version != 4 {
		t.Errorf("other bytes and one-shots make new files: %+v %v", now, err)
	}
	if report, err := n.Vault.Reconcile(t.Context()); err != nil {
		t.Errorf("%+v %v", report, err)
	}
	if blobs := count(t, n.Pool, "SELECT count(*) FROM files WHERE state <> 'ready'"); blobs != 0 {
		t.Errorf("%d files are not ready", blobs)
	}
}

func TestFiguresOfANotebookAreShownAndNotKept(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	run := n.DoCell(t, book, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('drawn')")
	mustSay(t, n, run, "drawn\n")
	shown := false
	for _, o := range n.Outputs(t, run) {
		shown = shown || o.Bundle["image/png"] != ""
	}
	if files, err := n.Store.RunFiles(t.Context(), owner, run.ID); err != nil || len(files) != 0 || !shown {
		t.Errorf("shown: %v; kept: %+v %v", shown, files, err)
	}
}

func TestWhatACellLoadsIsNotedForItsOwnRun(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	n.Do(t, owner, "open('in.txt', 'w').write('hello')")
	n.DoCell(t, book, "x = 1")
	run := n.DoCell(t, book, "print(load_file('in.txt'))")
	mustSay(t, n, run, "hello\n")
	if loaded, err := n.Store.LoadedFiles(t.Context(), owner, run.ID); err != nil || len(loaded) != 1 {
		t.Errorf("it loaded %+v %v", loaded, err)
	}
	exec(t, n.Pool, "UPDATE files SET created_at = created_at - interval '48 h', expires_at = expires_at - interval '48 h'")
	if cell := n.Look(t, book).Cells[0]; cell.Validity != models.InputExpired {
		t.Errorf("the cell is %s", cell.Validity)
	}
}

func TestADeletedNotebookHasNoKernel(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	n.DoCell(t, book, "x = 1")
	if err := n.Store.DeleteNotebook(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	if err := n.Store.RestoreNotebook(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	run := n.DoCell(t, book, "print('x' in globals())")
	mustSay(t, n, run, "False\n")
	if notes := n.Said(t, run, "note"); !strings.Contains(notes, "deleted") {
		t.Errorf("it was told %q", notes)
	}
}
