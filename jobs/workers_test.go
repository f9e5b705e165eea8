package jobs_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/jobs"
	"mayfly/models"
	"mayfly/storage"
)

func TestEveryKindOfJobIsWorked(t *testing.T) {
	t.Parallel()
	n := node.Start(t, node.Config{})
	mine := n.Do(t, testkit.Person(t, n.Store, "42"), "print(1)")
	if mine.Ending != models.OK {
		t.Errorf("a run: %+v", mine)
	}
	for _, kind := range []string{"run", "sweep", "reconcile", "forget"} { // upkeep begins with the node
		until(t, n.Pool, kind+" is worked", "EXISTS (SELECT FROM river_job WHERE kind = $1 AND state = 'completed')", kind)
	}
}

func TestRiverLeavesTheTimeOfARunToUs(t *testing.T) {
	t.Parallel()
	if got := jobs.RunTimeout(); got != -1 {
		t.Errorf("River ends a run after %v", got)
	}
}

func TestREL15UpkeepIsNeverDoubled(t *testing.T) {
	t.Parallel()
	first := node.Start(t, node.Config{Name: "a", SweepEvery: 50 * time.Millisecond})
	node.Start(t, node.Config{Name: "b", Pool: first.Pool, Blobs: first.Blobs, SweepEvery: 50 * time.Millisecond})
	until(t, first.Pool, "ten sweeps", "(SELECT count(*) FROM river_job WHERE kind = 'sweep' AND state = 'completed') >= 10")
	if n := count(t, first.Pool, `SELECT count(*) FROM river_job a JOIN river_job b ON a.kind = b.kind AND a.id < b.id
		AND b.created_at < a.finalized_at WHERE a.kind <> 'run'`); n != 0 {
		t.Errorf("%d pairs of the same upkeep at the same time", n)
	}
	for _, kind := range []string{"reconcile", "forget"} {
		if n := count(t, first.Pool, "SELECT count(*) FROM river_job WHERE kind = $1", kind); n != 1 {
			t.Errorf("%s was begun %d times within its hour", kind, n)
		}
	}
}

// A job may be worked again after a crash: the second time changes nothing.
func TestAJobThatIsWorkedTwiceDoesTheSame(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{})
	owner := testkit.Person(t, n.Store, "42")
	_, queue, _ := queued(t, n.Pool)
	var files []*models.File
	for _, name := range []string{"expired", "alive"} {
		f, err := n.Vault.Save(t.Context(), owner, storage.Upload{Source: models.FromUpload, Name: name}, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	testkit.Age(t, n.Pool, "files", string(files[0].ID), 48*time.Hour)
	r := n.Queue(t, owner, "print(1)")
	for range 2 {
		for _, args := range []interface{ Kind() string }{jobs.SweepArgs{}, jobs.ReconcileArgs{}, jobs.ForgetArgs{}} {
			if err := queue.Insert(t.Context(), args, "upkeep"); err != nil {
				t.Fatal(err)
			}
		}
		if err := queue.Insert(t.Context(), jobs.RunArgs{Run: r.ID}, "runs"); err != nil {
			t.Fatal(err)
		}
	}
	n.Begin(t)
	until(t, n.Pool, "all are worked", "NOT EXISTS (SELECT FROM river_job WHERE state <> 'completed')")
	if got := n.Await(t, r); got.Ending != models.OK || n.Said(t, got, "stdout") != "1\n" {
		t.Errorf("the run: %+v", got)
	}
	if n := count(t, n.Pool, "SELECT count(*) FROM files WHERE (name, state) IN (('expired', 'purged'), ('alive', 'ready'))"); n != 2 {
		t.Errorf("%d of two files are as they should be", n)
	}
}

func TestForgetEndsTheJobsOfRunsThatAreOver(t *testing.T) {
	t.Parallel()
	n := node.New(t, node.Config{})
	owner := testkit.Person(t, n.Store, "42")
	over, runs := n.Queue(t, owner, "1"), n.Queue(t, owner, "2")
	for _, r := range []*models.Run{over, runs} {
		if _, err := n.Store.System().BeginRun(t.Context(), r.ID, "killed"); err != nil {
			t.Fatal(err)
		}
	}
	exec(t, n.Pool, "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '6 min'")
	if err := n.Store.System().FinishRun(t.Context(), over, models.Verdict{Ending: models.OK}); err != nil {
		t.Fatal(err)
	}
	n.Begin(t)
	until(t, n.Pool, "the job of the run that is over ends", `(SELECT array_agg(river_job.state::text ORDER BY river_job.id) FROM river_job
		WHERE kind = 'run') = ARRAY['cancelled', 'running']`)
}

func TestStopLetsARunFinish(t *testing.T) {
	t.Parallel()
	n := node.Start(t, node.Config{})
	r := n.Queue(t, testkit.Person(t, n.Store, "42"), "print('up')\nimport time\ntime.sleep(1)\nprint('end')")
	n.Until(t, r, "its first words", func() bool { return n.Said(t, r, "stdout") == "up\n" })
	n.End(t, time.Minute)
	if got := n.Await(t, r); got.Ending != models.OK || n.Said(t, r, "stdout") != "up\nend\n" {
		t.Errorf("it ended %s and said %q", got.Ending, n.Said(t, r, "stdout"))
	}
}
