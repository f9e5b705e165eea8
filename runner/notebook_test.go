package runner_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
)

func mustSay(t *testing.T, n *node.Node, run *models.Run, want string) {
	t.Helper()
	if run.Ending != models.OK {
		t.Fatalf("it ended %s: %s\n%s", run.Ending, run.Exception, n.Said(t, run, "note"))
	}
	if got := n.Said(t, run, "stdout"); got != want {
		t.Fatalf("it said %q, not %q", got, want)
	}
}

// ended waits until the notebook's kernel has ended for the reason.
func ended(t *testing.T, n *node.Node, book *models.Notebook, why models.KernelEnd) {
	t.Helper()
	n.UntilNotebook(t, book, "the kernel ends: "+string(why), func(b *models.Notebook) bool {
		return b.Kernel != nil && b.Kernel.Why == why
	})
}

func TestVariablesLiveBetweenCells(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	mustSay(t, n, n.DoCell(t, book, "import pandas as pd\nx = 41"), "")
	first := n.Look(t, book).Kernel
	mustSay(t, n, n.DoCell(t, book, "x += 1\nprint(x, pd.__name__)"), "42 pandas\n")
	now := n.Look(t, book).Kernel
	if now.ID != first.ID || !now.Alive() || now.Busy || now.Names != "x" || now.Node != "node" || now.Left() <= 14*time.Minute {
		t.Errorf("the kernel: %+v", now)
	}
	if run := n.DoCell(t, book, "1/0"); run.Ending != models.Raised {
		t.Errorf("it ended %s", run.Ending)
	}
	run := n.DoCell(t, book, "print(x)")
	mustSay(t, n, run, "42\n")
	if notes := n.Said(t, run, "note"); notes != "" {
		t.Errorf("it was told %q", notes)
	}
}

func TestEachRunOfALiveKernelHasItsOwnWallLimit(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "x = 1", "while True: pass", "import time; time.sleep(0.6); print(x)")
	for i, wall := range []time.Duration{0, 300 * time.Millisecond, 0} {
		runs, err := n.Runner.SubmitCells(t.Context(), owner, book.ID, models.CellRuns{
			Cell: book.Cells[i].ID, Span: models.OneCell, Source: models.FromWeb, Wall: wall,
		})
		if err != nil {
			t.Fatal(err)
		}
		run := n.Await(t, &runs[0])
		switch i {
		case 1:
			mustEnd(t, run, models.TimedOut, 124)
		case 2:
			mustSay(t, n, run, "1\n")
		}
	}
}

func TestInterruptKeepsVariables(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "x = 1\nprint('up')\nwhile True: pass", "x = 2")
	runs := n.QueueAll(t, book)
	n.Until(t, &runs[0], "its first words", func() bool { return n.Said(t, &runs[0], "stdout") == "up\n" })
	if err := n.Runner.InterruptNotebook(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, &runs[0]), models.Interrupted, 130)
	mustEnd(t, n.Await(t, &runs[1]), models.Cancelled, 130)
	mustSay(t, n, n.DoCell(t, book, "print(x)"), "1\n")
}

func TestARestartFromAnotherNodeLosesVariablesAndSaysSo(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{Name: "worker"})
	web := node.New(t, node.Config{Name: "web", Pool: n.Pool, Blobs: n.Blobs})
	book := n.Notebook(t, owner, "")
	n.DoCell(t, book, "secret_sauce = 1\nimport os")
	held := n.Look(t, book).Kernel
	if err := web.Runner.Restart(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	run := n.DoCell(t, book, "print('secret_sauce' in globals())")
	mustSay(t, n, run, "False\n")
	for _, part := range []string{"You restarted", "lost: secret_sauce."} {
		if notes := n.Said(t, run, "note"); !strings.Contains(notes, part) {
			t.Errorf("it was told %q, not %q", notes, part)
		}
	}
	if now := n.Look(t, book).Kernel; now.ID == held.ID {
		t.Error("it has the same kernel")
	}
	if notes := n.Said(t, n.DoCell(t, book, "1"), "note"); notes != "" {
		t.Errorf("it was told twice: %q", notes)
	}
}

func TestARestartStopsWhatRuns(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "x = 1\nprint('up')\nwhile True: pass")
	run := n.QueueAll(t, book)[0]
	n.Until(t, &run, "its first words", func() bool { return n.Said(t, &run, "stdout") == "up\n" })
	if err := n.Runner.Restart(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, &run), models.Interrupted, 130)
	mustSay(t, n, n.DoCell(t, book, "print('x' in globals())"), "False\n")
}

func TestAnIdleKernelEndsAndItsClockStandsStillWhileARunGoesOn(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{KernelIdle: time.Second})
	book := n.Notebook(t, owner, "")
	mustSay(t, n, n.DoCell(t, book, "x = 1\nimport time\ntime.sleep(1.5)\nprint(x)"), "1\n")
	ended(t, n, book, models.EndedIdle)
	run := n.DoCell(t, book, "print('x' in globals())")
	mustSay(t, n, run, "False\n")
	if notes := n.Said(t, run, "note"); !strings.Contains(notes, "without a run") || !strings.Contains(notes, "lost: x, ") && !strings.Contains(notes, "lost: x.") {
		t.Errorf("it was told %q", notes)
	}
	if now := n.Look(t, book).Kernel; now.IdleFor() > 0 && !now.Alive() {
		t.Errorf("the new kernel: %+v", now)
	}
}

func TestKernelsAreNeverShared(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserKernels = 3
	n := node.Start(t, node.Config{Limits: limits})
	owner, other := testkit.Person(t, n.Store, "42"), testkit.Person(t, n.Store, "43")
	books := []*models.Notebook{n.Notebook(t, owner, ""), n.Notebook(t, owner, ""), n.Notebook(t, other, "")}
	for i, book := range books {
		n.DoCell(t, book, fmt.Sprintf("x = %d\nopen('mine%d.txt', 'w').write('%d')", i, i, i))
	}
	n.Do(t, owner, "x = 99")
	for i, book := range books {
		mustSay(t, n, n.DoCell(t, book, "import os\nprint(x, sorted(os.listdir()))"), fmt.Sprintf("%d ['mine%d.txt']\n", i, i))
	}
	mustSay(t, n, n.Do(t, owner, "import os\nprint('x' in globals(), os.listdir())"), "False []\n")
}

func TestAThirdNotebookDoesNotWaitForIdleKernels(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	books := []*models.Notebook{n.Notebook(t, owner, ""), n.Notebook(t, owner, ""), n.Notebook(t, owner, "")}
	for _, book := range books {
		mustSay(t, n, n.DoCell(t, book, "x = 1\nprint(x)"), "1\n")
	}
	ended(t, n, books[0], models.EndedForRoom)
	run := n.DoCell(t, books[0], "print('x' in globals())")
	mustSay(t, n, run, "False\n")
	if notes := n.Said(t, run, "note"); !strings.Contains(notes, "another of your notebooks") {
		t.Errorf("it was told %q", notes)
	}
	mustSay(t, n, n.DoCell(t, books[2], "print(x)"), "1\n")
}

func TestAHundredCellsRunInOrder(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	texts := []string{"seen = []"}
	for i := range 98 {
		texts = append(texts, fmt.Sprintf("seen.append(%d)", i))
	}
	book := n.Notebook(t, owner, append(texts, "print(seen == list(range(98)))")...)
	runs := n.QueueAll(t, book)
	if len(runs) != 100 {
		t.Fatalf("%d runs", len(runs))
	}
	mustSay(t, n, n.Await(t, &runs[99]), "True\n")
	for i, cell := range n.Look(t, book).Cells {
		if cell.Validity != models.Current || cell.Last.ID != runs[i].ID {
			t.Errorf("cell %d: %+v", i, cell)
		}
	}
}

func TestAnInterpreterThatDiedIsToldAtTheNextRun(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	for code, want := range map[string]struct {
		ending models.Ending
		wall   time.Duration
		words  string
	}{
		"import os\nos._exit(3)":    {models.Killed, time.Minute, "the code or the system ended it"},
		"held = bytearray(3 << 30)": {models.OutOfMemory, time.Minute, "it was out of memory"},
		"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass": {models.TimedOut, time.Second, "time limit"},
	} {
		book := n.Notebook(t, owner, "", "print('never')")
		n.DoCell(t, book, "df = 1")
		cell := n.Look(t, book).Cells[0]
		runs, err := n.Runner.SubmitCells(t.Context(), owner, book.ID, models.CellRuns{
			Span: models.AllCells, Cell: cell.ID, Source: models.FromWeb, Wall: want.wall,
			Edit: &models.CellEdit{Version: cell.Version, Text: code},
		})
		if err != nil {
			t.Fatal(err)
		}
		if run := n.Await(t, &runs[0]); run.Ending != want.ending {
			t.Errorf("%q ended %s, not %s", code, run.Ending, want.ending)
		}
		mustEnd(t, n.Await(t, &runs[1]), models.Cancelled, 130)
		if k := n.Look(t, book).Kernel; k.Why != models.KernelEnd(want.ending) {
			t.Errorf("%q: the kernel ended %q", code, k.Why)
		}
		run := n.DoCell(t, book, "print('df' in globals())")
		mustSay(t, n, run, "False\n")
		if notes := n.Said(t, run, "note"); !strings.Contains(notes, want.words) || !strings.Contains(notes, "lost: df.") {
			t.Errorf("%q: the next run was told %q", code, notes)
		}
	}
}

func TestAnInterpreterThatDiesBetweenRunsIsSeen(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book := n.Notebook(t, owner, "")
	n.DoCell(t, book, "x = 1\nimport threading, os\nthreading.Timer(0.5, os._exit, [1]).start()")
	ended(t, n, book, models.EndedKilled)
	mustSay(t, n, n.DoCell(t, book, "print('x' in globals())"), "False\n")
}
