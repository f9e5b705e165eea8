package runner_test

import (
	"sync"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
)

func TestAQueuedRunIsCancelledAndNeverRuns(t *testing.T) {
	t.Parallel()
	box := &watched{Sandbox: node.Jail(t)}
	n := node.New(t, node.Config{Sandbox: box}) // nothing is worked yet
	owner := testkit.Person(t, n.Store, "42")
	run := n.Queue(t, owner, "print('never')")
	if err := n.Runner.Interrupt(t.Context(), owner, run.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, run), models.Cancelled, 130)
	n.Begin(t)
	mustEnd(t, n.Do(t, owner, "print('next')"), models.OK, 0)
	if box.count("print('never')") != 0 {
		t.Error("it ran")
	}
}

func TestCodeThatWillNotStopIsStopped(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	run := n.Queue(t, owner, "print('deaf')\nimport time\nwhile True:\n    try:\n        time.sleep(60)\n    except KeyboardInterrupt:\n        pass")
	n.Until(t, run, "its first words", func() bool { return n.Said(t, run, "stdout") == "deaf\n" })
	if err := n.Runner.Interrupt(t.Context(), owner, run.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, run), models.Interrupted, 130)
}

// A wish to stop may come at any moment of a run's start; none is lost.
func TestAStopIsHeardAtEveryMoment(t *testing.T) {
	t.Parallel()
	for _, moment := range []string{"before the kernel runs", "as soon as it runs"} {
		var n *node.Node
		var owner models.UserID
		box := &watched{Sandbox: node.Jail(t)}
		stop := func() {
			if _, err := n.Pool.Exec(t.Context(), "UPDATE runs SET interrupt_at = now()"); err != nil {
				t.Error(err)
			}
			if err := n.Runner.Tend(t.Context()); err != nil { // no hint told of it
				t.Error(err)
			}
		}
		if moment == "before the kernel runs" {
			box.before = stop
		}
		n, owner = start(t, node.Config{Sandbox: box})
		run := n.Queue(t, owner, "import time\ntime.sleep(60)")
		if moment == "as soon as it runs" {
			n.Until(t, run, "its start", func() bool {
				now, err := n.Store.Run(t.Context(), owner, run.ID)
				return err == nil && now.State == models.Running
			})
			if err := n.Runner.Interrupt(t.Context(), owner, run.ID); err != nil {
				t.Fatal(err)
			}
		}
		mustEnd(t, n.Await(t, run), models.Interrupted, 130)
	}
}

func TestOneUsersRunsDoNotStarveAnothers(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{Slots: 1})
	busy, other := testkit.Person(t, n.Store, "42"), testkit.Person(t, n.Store, "43")
	var many []*models.Run
	for range 10 {
		many = append(many, n.Queue(t, busy, "print(1)"))
	}
	one := n.Queue(t, other, "print(2)")
	exec(t, n.Pool, `CREATE FUNCTION most() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF (SELECT count(*) FROM runs WHERE user_id = '42' AND job_id IS NOT NULL AND state <> 'done') > 2 THEN
			RAISE EXCEPTION 'more than two of one user are in River'; END IF; RETURN NEW; END $$`)
	exec(t, n.Pool, "CREATE CONSTRAINT TRIGGER most AFTER INSERT OR UPDATE ON runs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION most()")
	n.Begin(t)
	var all sync.WaitGroup
	for _, run := range append(many, one) {
		all.Go(func() { mustEnd(t, n.Await(t, run), models.OK, 0) })
	}
	all.Wait()
	before := count(t, n.Pool, `SELECT count(*) FROM runs WHERE user_id = '42'
		AND finished_at < (SELECT finished_at FROM runs WHERE user_id = '43')`)
	if before > 2 {
		t.Errorf("%d of the busy user's runs came before the other's only one", before)
	}
	// And the busy user's own came in their order.
	if swapped := count(t, n.Pool, `SELECT count(*) FROM runs a JOIN runs b ON a.user_id = b.user_id
		AND a.queued_at < b.queued_at AND a.started_at > b.started_at`); swapped != 0 {
		t.Errorf("%d pairs of runs changed places", swapped)
	}
}
