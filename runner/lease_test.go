package runner_test

import (
	"sync"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/runner"
)

const forever = "print('up')\nimport time\ntime.sleep(600)"

func TestREL7ASilentNodesRunIsLostAndItsWorkerStops(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	box := &watched{Sandbox: node.Jail(t), after: func() { close(ended) }}
	limits := models.DefaultLimits()
	limits.Wall = 10 * time.Minute // nothing else ends it
	silent, owner := start(t, node.Config{Name: "silent", Sandbox: box, Limits: limits})
	other := node.New(t, node.Config{Name: "other", Pool: silent.Pool, Blobs: silent.Blobs})
	run := silent.Queue(t, owner, forever)
	other.Until(t, run, "its first words", func() bool { return other.Said(t, run, "stdout") == "up\n" })
	if err := other.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, _ := other.Store.Run(t.Context(), owner, run.ID); now.State != models.Running {
		t.Fatalf("a run that beats was ended: %+v", now)
	}
	exec(t, silent.Pool, "UPDATE runs SET beat_at = now() - interval '21 s'")
	if err := other.Runner.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	lost := other.Await(t, run)
	mustEnd(t, lost, models.Lost, 70)
	// The node that was thought dead notices, and its verdict changes nothing.
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Error("it still runs")
	}
	silent.End(t, time.Minute)
	if now, _ := other.Store.Run(t.Context(), owner, run.ID); !now.FinishedAt.Equal(*lost.FinishedAt) || now.Ending != models.Lost {
		t.Errorf("the verdict was written twice: %+v", now)
	}
	if n := count(t, silent.Pool, "SELECT count(*) FROM river_job WHERE kind = 'run' AND state <> 'cancelled'"); n != 0 {
		t.Errorf("%d of its jobs are not cancelled", n)
	}
	if box.count(forever) != 1 {
		t.Errorf("it ran %d times", box.count(forever))
	}
}

func TestREL1ARestartedNodeLosesItsOwnRunsAtOnceAndNoOthers(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{Name: "n1"})
	owner, other := testkit.Person(t, n.Store, "42"), testkit.Person(t, n.Store, "43")
	mine, next, theirs := n.Queue(t, owner, "1"), n.Queue(t, owner, "print('next')"), n.Queue(t, other, "1")
	for run, name := range map[*models.Run]string{mine: "n1", theirs: "n2"} {
		if _, err := n.Store.System().BeginRun(t.Context(), run.ID, name); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, n.Pool, "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() WHERE id IN (SELECT job_id FROM runs WHERE state = 'running')")
	exec(t, n.Pool, "UPDATE runs SET beat_at = now() + interval '1 hour' WHERE id = $1", theirs.ID) // however long this test takes
	n.Begin(t)
	mustEnd(t, n.Await(t, mine), models.Lost, 70)
	mustEnd(t, n.Await(t, next), models.OK, 0)
	if now, _ := n.Store.Run(t.Context(), other, theirs.ID); now.State != models.Running {
		t.Errorf("another node's run is %s", now.State)
	}
}

// Where only pages are served, somebody must still notice that the runners are
// gone; the two may bear the same machine's name.
func TestREL7AProcessWithoutASandboxLooksAfterRunsToo(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{Name: "host"})
	owner := testkit.Person(t, n.Store, "42")
	run := n.Queue(t, owner, "1")
	if _, err := n.Store.System().BeginRun(t.Context(), run.ID, "host"); err != nil {
		t.Fatal(err)
	}
	pages := runner.New(runner.Config{Store: n.Store, Vault: n.Vault, Hub: n.Hub, Node: "host", Logger: n.Logger})
	if err := pages.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer pages.Stop()
	if now, _ := n.Store.Run(t.Context(), owner, run.ID); now.State != models.Running {
		t.Errorf("a start of pages alone ended a run: %+v", now)
	}
	exec(t, n.Pool, "UPDATE runs SET beat_at = now() - interval '21 s'")
	mustEnd(t, n.Await(t, run), models.Lost, 70) // by its own clock
}

// A worker can die, or lose the database, between taking a job and beginning
// its run.
func TestAQueuedRunWhoseJobIsDeadRunsAllTheSame(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]string{
		"the worker was killed":        "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '21 s'",
		"the database was away":        "UPDATE river_job SET state = 'discarded', attempt = 1, finalized_at = now()",
		"somebody cleared the queue":   "DELETE FROM river_job",
		"the worker took it right now": "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now()",
	} {
		box := &watched{Sandbox: node.Jail(t)}
		n := node.New(t, node.Config{Sandbox: box})
		run := n.Queue(t, testkit.Person(t, n.Store, "42"), "print(1)")
		exec(t, n.Pool, kill)
		if err := n.Runner.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		waiting := count(t, n.Pool, "SELECT count(*) FROM runs JOIN river_job ON river_job.id = job_id WHERE river_job.state = 'available'")
		if name == "the worker took it right now" {
			if waiting != 0 {
				t.Errorf("%s, and it was queued again", name)
			}
			continue
		}
		n.Begin(t)
		mustEnd(t, n.Await(t, run), models.OK, 0)
		if waiting != 1 || box.count("print(1)") != 1 {
			t.Errorf("%s: %d new jobs, it ran %d times", name, waiting, box.count("print(1)"))
		}
	}
}

func TestREL8ARunIsNeverRunTwice(t *testing.T) {
	t.Parallel()
	box := &watched{Sandbox: node.Jail(t)}
	n := node.New(t, node.Config{Sandbox: box})
	owner := testkit.Person(t, n.Store, "42")
	run := n.Queue(t, owner, "print(1)")
	var workers sync.WaitGroup
	for range 6 {
		workers.Go(func() {
			if err := n.Runner.Work(t.Context(), run.ID); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	n.Begin(t) // its River job is still there
	n.Do(t, owner, "print(2)")
	mustEnd(t, n.Await(t, run), models.OK, 0)
	if box.count("print(1)") != 1 {
		t.Errorf("it ran %d times", box.count("print(1)"))
	}
	if out := n.Said(t, run, "stdout"); out != "1\n" {
		t.Errorf("it said %q", out)
	}
}

func TestREL3ARunThatOutlastsTheDrainIsMarkedAndWhatWaitsStays(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{Name: "first", Slots: 1})
	run := n.Queue(t, owner, forever)
	waiting := n.Queue(t, owner, "print('later')")
	n.Until(t, run, "its first words", func() bool { return n.Said(t, run, "stdout") == "up\n" })
	n.End(t, time.Millisecond)
	mustEnd(t, n.Await(t, run), models.Lost, 70)
	if now, _ := n.Store.Run(t.Context(), owner, waiting.ID); now.State != models.Queued {
		t.Fatalf("the run that waited is %s", now.State)
	}
	second := node.Start(t, node.Config{Name: "second", Pool: n.Pool, Blobs: n.Blobs})
	mustEnd(t, second.Await(t, waiting), models.OK, 0)
}
