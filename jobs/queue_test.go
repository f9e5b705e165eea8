package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/jobs"
	"mayfly/models"
)

// River's own wake-up is not sent for an insert within its fetch cooldown of
// another, or after one that was rolled back (docs/adr/0003).
func TestEveryRunWakesAWorkerWhenItIsCommitted(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	s, _, owner := queued(t, pool)
	worker := listen(t, pool)
	first := time.Now()
	run(t, s, owner)
	run(t, s, owner)
	if gap := time.Since(first); gap > 100*time.Millisecond {
		t.Logf("the two inserts were %v apart: River may have sent both wake-ups itself", gap)
	}
	for i := range 2 {
		wake(t, worker, i)
	}
}

// The same where River sends nothing at all, so that the test above does not
// depend on how fast this machine is.
func TestTheWakeUpIsOurs(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	_, queue, _ := queued(t, pool)
	worker := listen(t, pool)
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const runs = 5
	for range runs { // in one transaction, within microseconds
		if _, err := queue.EnqueueRun(t.Context(), tx, models.NewRunID(), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Rollback(t.Context()); err != nil { // it has used River's slot up
		t.Fatal(err)
	}
	if tx, err = pool.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := queue.EnqueueRun(t.Context(), tx, models.NewRunID(), ""); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wake(t, worker, 0)
}

// listen does what River's workers do.
func listen(t *testing.T, pool *pgxpool.Pool) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pool.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), `LISTEN "public.river_insert"`); err != nil {
		t.Fatal(err)
	}
	return conn
}

func wake(t *testing.T, conn *pgx.Conn, i int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	n, err := conn.WaitForNotification(ctx)
	if err != nil {
		t.Fatalf("wake-up %d: %v", i, err)
	}
	var told struct{ Queue string }
	if err := json.Unmarshal([]byte(n.Payload), &told); err != nil || told.Queue != "runs" {
		t.Errorf("wake-up %d says %q (%v)", i, n.Payload, err)
	}
}

// breaking is River's queue, after which a test lets the transaction fail.
type breaking struct {
	*jobs.Queue
	then func() error
}

func (b breaking) EnqueueRun(ctx context.Context, tx pgx.Tx, id models.RunID, node string) (int64, error) {
	job, err := b.Queue.EnqueueRun(ctx, tx, id, node)
	if err != nil {
		return 0, err
	}
	return job, b.then()
}

func (b breaking) CancelJob(ctx context.Context, tx pgx.Tx, job int64) error {
	if err := b.Queue.CancelJob(ctx, tx, job); err != nil {
		return err
	}
	return b.then()
}

var errBroken = errors.New("broken")

func TestARunAndItsRiverJobAreOneTransaction(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	good, queue, owner := queued(t, pool)
	kept := run(t, good, owner)
	if n := count(t, pool, `SELECT count(*) FROM river_job JOIN runs ON runs.job_id = river_job.id
		WHERE runs.id = $1 AND args->>'run' = $1 AND kind = 'run' AND queue = 'runs' AND max_attempts = 1 AND river_job.state = 'available'`, kept.ID); n != 1 {
		t.Errorf("%d jobs of a run that was committed", n)
	}
	for name, then := range map[string]func() error{
		"an error": func() error { return errBroken },
		"a panic":  func() error { panic(errBroken) },
	} {
		s, err := models.NewStore(pool, breaking{queue, then}, models.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		for verb, do := range map[string]func() error{
			"enqueue": func() error {
				_, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "2", Source: models.FromWeb})
				return err
			},
			"cancel": func() error { return s.Interrupt(t.Context(), owner, kept.ID) },
		} {
			if err := calmly(do); !errors.Is(err, errBroken) {
				t.Errorf("%s, then %s: %v", verb, name, err)
			}
			if n := count(t, pool, "SELECT count(*) FROM runs JOIN river_job ON river_job.id = job_id AND river_job.state = 'available' WHERE runs.state = 'queued'"); n != 1 {
				t.Errorf("%s, then %s: %d runs wait with a job", verb, name, n)
			}
			if n := count(t, pool, "SELECT count(*) FROM river_job"); n != 1 {
				t.Errorf("%s, then %s: %d jobs", verb, name, n)
			}
		}
	}
	if err := good.Interrupt(t.Context(), owner, kept.ID); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "SELECT count(*) FROM river_job WHERE state = 'cancelled' AND finalized_at IS NOT NULL"); n != 1 {
		t.Errorf("%d jobs are cancelled with their run", n)
	}
}

// calmly returns a panic as the error it was.
func calmly(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = p.(error)
		}
	}()
	return do()
}

func TestAJobOfADeadWorkerIsEnded(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	s, queue, owner := queued(t, pool)
	r := run(t, s, owner)
	exec(t, pool, "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() WHERE id = $1", *jobOf(t, pool, r))
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.Background())
	if err := queue.CancelJob(t.Context(), tx, *jobOf(t, pool, r)); err != nil {
		t.Fatal(err)
	}
	if err := queue.CancelJob(t.Context(), tx, 123456); err != nil {
		t.Errorf("a job that is not there: %v", err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "SELECT count(*) FROM river_job WHERE state = 'cancelled'"); n != 1 {
		t.Error("it is running for ever")
	}
}

func jobOf(t *testing.T, pool *pgxpool.Pool, r *models.Run) (job *int64) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SELECT job_id FROM runs WHERE id = $1", r.ID).Scan(&job); err != nil || job == nil {
		t.Fatalf("the run has no job: %v", err)
	}
	return job
}

func TestREL27SeveralNodesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	exec(t, pool, "DROP SCHEMA public CASCADE")
	exec(t, pool, "CREATE SCHEMA public")
	if _, err := models.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	var nodes sync.WaitGroup
	for range 4 {
		nodes.Go(func() {
			if _, err := jobs.Migrate(t.Context(), pool, slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
			}
		})
	}
	nodes.Wait()
	s, _, owner := queued(t, pool)
	run(t, s, owner)
	if applied, err := jobs.Migrate(t.Context(), pool, slog.New(slog.DiscardHandler)); len(applied) != 0 || err != nil {
		t.Errorf("again: %q %v", applied, err)
	}
}
