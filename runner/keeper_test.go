package runner_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/sandbox"
)

func TestANotebookWaitsForTheNodeThatHoldsItsKernel(t *testing.T) {
	t.Parallel()
	first, owner := start(t, node.Config{Name: "First.Example"})
	book := first.Notebook(t, owner, "")
	mustSay(t, first, first.DoCell(t, book, "x = 0"), "")
	second := node.Start(t, node.Config{Name: "first.example", Pool: first.Pool, Blobs: first.Blobs})
	other := second.Notebook(t, owner, "")
	for range 5 {
		run := second.DoCell(t, book, "x += 1\nprint(x > 0)")
		mustSay(t, second, run, "True\n")
		if run.Node != "First.Example" {
			t.Errorf("it ran on %s", run.Node)
		}
		mustSay(t, second, second.DoCell(t, other, "print(1)"), "1\n")
	}
}

// The first node's process is as good as killed: nothing of it works or beats,
// and nothing of it says so.
func TestAfterANodeIsGoneTheNextRunHasAFreshKernelElsewhere(t *testing.T) {
	t.Parallel()
	gone := node.New(t, node.Config{Name: "gone"})
	owner := testkit.Person(t, gone.Store, "42")
	book := gone.Notebook(t, owner, "")
	if err := gone.Workers.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	gone.DoCell(t, book, "df = 1")
	if err := gone.Workers.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer gone.Runner.Stop()
	other := node.Start(t, node.Config{Name: "other", Pool: gone.Pool, Blobs: gone.Blobs})
	run := other.QueueCell(t, book, "print('df' in globals())")
	if err := other.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, _ := other.Store.Run(t.Context(), owner, run.ID); now.State != models.Queued || now.Node != "gone" {
		t.Fatalf("a run was taken from a node that is not silent for long: %+v", now)
	}
	exec(t, gone.Pool, "UPDATE nodes SET beat_at = now() - interval '21 s' WHERE name = 'gone'")
	if err := other.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	run = other.Await(t, run)
	mustSay(t, other, run, "False\n")
	if notes := other.Said(t, run, "note"); !strings.Contains(notes, "went away") || !strings.Contains(notes, "lost: df.") || run.Node != "other" {
		t.Errorf("on %s it was told %q", run.Node, notes)
	}
	// The node was only slow: it closes what is not its own any more.
	held := gone.Look(t, book).Kernel
	if err := gone.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := gone.Look(t, book).Kernel; now.ID != held.ID || !now.Alive() {
		t.Errorf("it took the other node's kernel down: %+v", now)
	}
}

func TestARestartedNodeKnowsThatItsKernelsAreGone(t *testing.T) {
	t.Parallel()
	killed := node.New(t, node.Config{Name: "n1"})
	owner := testkit.Person(t, killed.Store, "42")
	book := killed.Notebook(t, owner, "")
	if err := killed.Workers.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	killed.DoCell(t, book, "df = 1")
	if err := killed.Workers.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer killed.Runner.Stop()
	run := killed.QueueCell(t, book, "print('df' in globals())")
	again := node.Start(t, node.Config{Name: "n1", Pool: killed.Pool, Blobs: killed.Blobs})
	run = again.Await(t, run)
	mustSay(t, again, run, "False\n")
	if notes := again.Said(t, run, "note"); !strings.Contains(notes, "went away") {
		t.Errorf("it was told %q", notes)
	}
}

func TestStopClosesEveryKernel(t *testing.T) {
	t.Parallel()
	box := &counted{Sandbox: node.Jail(t)}
	n := node.New(t, node.Config{Sandbox: box})
	owner := testkit.Person(t, n.Store, "42")
	n.Begin(t)
	books := []*models.Notebook{n.Notebook(t, owner, ""), n.Notebook(t, owner, "")}
	for _, book := range books {
		n.DoCell(t, book, "x = 1")
	}
	n.Do(t, owner, "print(1)")
	n.End(t, time.Minute)
	if open := box.open.Load(); open != 0 || box.opened.Load() != 3 {
		t.Errorf("%d of %d kernels are open", open, box.opened.Load())
	}
	for _, book := range books {
		if why := n.Look(t, book).Kernel.Why; why != models.EndedStopped {
			t.Errorf("a kernel ended %q", why)
		}
	}
	if left := count(t, n.Pool, "SELECT count(*) FROM nodes"); left != 0 {
		t.Errorf("%d nodes are said to live", left)
	}
}

// counted is the real sandbox, whose kernels are counted and whose machine can
// be said to be short of memory.
type counted struct {
	sandbox.Sandbox
	opened, open atomic.Int64
	short        atomic.Bool
}

// Open counts.
func (c *counted) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Kernel, error) {
	k, err := c.Sandbox.Open(ctx, spec)
	if err == nil {
		c.opened.Add(1)
		c.open.Add(1)
	}
	return &countedKernel{Kernel: k, box: c}, err
}

// Spare is the machine's, or too little for a run, as long as any kernel is open
// beside the one that was used last.
func (c *counted) Spare() (int64, error) {
	if c.short.Load() && c.open.Load() > 1 {
		return 100 << 20, nil
	}
	return c.Sandbox.Spare()
}

type countedKernel struct {
	sandbox.Kernel
	box    *counted
	closed atomic.Bool
}

// Close counts.
func (k *countedKernel) Close(ctx context.Context) error {
	if k.closed.CompareAndSwap(false, true) {
		k.box.open.Add(-1)
	}
	return k.Kernel.Close(ctx)
}

func TestTheKernelThatWasIdleLongestGoesWhenMemoryIsShort(t *testing.T) {
	t.Parallel()
	box := &counted{Sandbox: node.Jail(t)}
	n := node.New(t, node.Config{Sandbox: box})
	people := []models.UserID{testkit.Person(t, n.Store, "42"), testkit.Person(t, n.Store, "43"), testkit.Person(t, n.Store, "44")}
	n.Begin(t)
	var books []*models.Notebook
	for _, owner := range people {
		book := n.Notebook(t, owner, "")
		n.DoCell(t, book, "df = 1")
		books = append(books, book)
	}
	n.DoCell(t, books[0], "x = 2") // the second is idle longest now
	busy := n.QueueCell(t, books[2], "print('up')\nimport time\ntime.sleep(600)")
	n.Until(t, busy, "its first words", func() bool { return n.Said(t, busy, "stdout") == "up\n" })
	box.short.Store(true)
	if err := n.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended(t, n, books[1], models.EndedEvicted)
	ended(t, n, books[0], models.EndedEvicted)
	if now := n.Look(t, books[2]).Kernel; !now.Alive() || !now.Busy {
		t.Errorf("the kernel that serves a run: %+v", now)
	}
	box.short.Store(false)
	run := n.DoCell(t, books[1], "print('df' in globals())")
	mustSay(t, n, run, "False\n")
	if notes := n.Said(t, run, "note"); !strings.Contains(notes, "short of memory") || !strings.Contains(notes, "lost: df.") {
		t.Errorf("it was told %q", notes)
	}
	if err := n.Runner.InterruptNotebook(t.Context(), people[2], books[2].ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, busy), models.Interrupted, 130)
	mustSay(t, n, n.DoCell(t, books[2], "print(df)"), "1\n")
	// A one-shot makes room as well, before it is opened.
	box.short.Store(true)
	mustSay(t, n, n.Do(t, people[0], "print(1)"), "1\n")
	box.short.Store(false)
	if why := n.Look(t, books[1]).Kernel.Why; why != models.EndedEvicted {
		t.Errorf("the kernel that was idle longest ended %q", why)
	}
}
