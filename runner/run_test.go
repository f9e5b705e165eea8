package runner_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
)

func TestARunGoesFromQueuedToDone(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('again')\n1/0")
	if run.State != models.Queued {
		t.Fatalf("a new run is %s", run.State)
	}
	run = n.Await(t, run)
	mustEnd(t, run, models.Raised, 1)
	if run.Exception != "ZeroDivisionError: division by zero" || run.Line != 5 || run.Node != "node" || run.StartedAt == nil || run.FinishedAt == nil {
		t.Errorf("the facts: %+v", run)
	}
	if run.Wall <= 0 || run.CPU <= 0 || run.PeakMemory <= 0 || run.OutputBytes != int64(len("out\nerr\nagain\n")) || run.LogBytes < run.OutputBytes {
		t.Errorf("the figures: %+v", run)
	}
	if left := run.ExpiresAt.Sub(*run.FinishedAt); left != 48*time.Hour {
		t.Errorf("its outputs live for %v", left)
	}
	for i, o := range n.Outputs(t, run) {
		if o.Seq != i+1 {
			t.Errorf("output %d has number %d", i+1, o.Seq)
		}
	}
	if out := n.Said(t, run, "stdout"); out != "out\nagain\n" {
		t.Errorf("stdout: %q", out)
	}
	if errs := n.Said(t, run, "stderr"); errs != "err\n" {
		t.Errorf("stderr: %q", errs)
	}
	if failure := n.Said(t, run, "failure"); !strings.Contains(failure, "ZeroDivisionError") {
		t.Errorf("failure: %q", failure)
	}
}

func TestOutputIsThereWhileTheCodeRuns(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "import time\nfor i in range(3):\n    print(i, time.time())\n    time.sleep(0.2)\ntime.sleep(60)")
	n.Until(t, run, "three rows", func() bool { return len(n.Outputs(t, run)) == 3 })
	if now, err := n.Store.Run(t.Context(), owner, run.ID); err != nil || now.State != models.Running {
		t.Errorf("it is %s (%v)", now.State, err)
	}
	if err := n.Runner.Interrupt(t.Context(), owner, run.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, run), models.Interrupted, 130)
	// The clocks of the code and of the database are the same machine's.
	late := count(t, n.Pool, `SELECT count(*) FROM outputs WHERE run_id = $1 AND stream = 'stdout'
		AND extract(epoch FROM created_at) - split_part(text, ' ', 2)::float > 2`, run.ID)
	if late != 0 {
		t.Errorf("%d lines came more than 2 s after they were printed", late)
	}
}

func TestARunIsAwaitedOnAnotherNode(t *testing.T) {
	t.Parallel()
	worker, owner := start(t, node.Config{Name: "worker"})
	web := node.New(t, node.Config{Name: "web", Pool: worker.Pool, Blobs: worker.Blobs})
	run := web.Do(t, owner, "print('hello')")
	mustEnd(t, run, models.OK, 0)
	if out := web.Said(t, run, "stdout"); out != "hello\n" || run.Node != "worker" {
		t.Errorf("%q, by %s", out, run.Node)
	}
	stranger := testkit.Person(t, web.Store, "43")
	if _, err := web.Runner.Await(t.Context(), stranger, run.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger awaits it: %v", err)
	}
}

func TestTheEndings(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	for code, want := range map[string]models.Ending{
		"print(1)": models.OK, "raise SystemExit(0)": models.OK, "def": models.Raised, "import os; os._exit(3)": models.Killed,
		"x = bytearray(3 << 30)\nprint(len(x))": models.OutOfMemory,
	} {
		if run := n.Do(t, owner, code); run.Ending != want {
			t.Errorf("%q ended %s, not %s: %s", code, run.Ending, want, run.Exception)
		}
	}
	run := n.Do(t, owner, "import sys\nsys.exit(7)")
	mustEnd(t, run, models.Raised, 7)
	short, err := n.Runner.Submit(t.Context(), owner, models.NewRun{Code: "while True: pass", Source: models.FromWeb, Wall: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, short), models.TimedOut, 124)
}
