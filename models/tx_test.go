package models_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// faultyQueue writes its row as the real one does, and then does what the test
// wants.
type faultyQueue struct {
	testkit.Queue
	then func(ctx context.Context, tx pgx.Tx) error
}

func (q faultyQueue) EnqueueRun(ctx context.Context, tx pgx.Tx, id models.RunID, node string) (int64, error) {
	job, err := q.Queue.EnqueueRun(ctx, tx, id, node)
	if err != nil {
		return 0, err
	}
	return job, q.then(ctx, tx)
}

// storeWith gives a store whose queue does something after each insert.
func storeWith(t *testing.T, then func(ctx context.Context, tx pgx.Tx) error) (*models.Store, *pgxpool.Pool, models.UserID) {
	t.Helper()
	good, pool := testkit.Store(t, models.DefaultLimits())
	s, err := models.NewStore(pool, faultyQueue{then: then}, models.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return s, pool, testkit.Person(t, good, "42")
}

func mustHold(t *testing.T, pool *pgxpool.Pool, runs, jobs int) {
	t.Helper()
	if n := count(t, pool, "SELECT count(*) FROM runs"); n != runs {
		t.Errorf("%d runs, not %d", n, runs)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs"); n != jobs {
		t.Errorf("%d jobs, not %d", n, jobs)
	}
	if n := pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections were never given back", n)
	}
}

func TestARunAndItsJobAreCommittedTogether(t *testing.T) {
	t.Parallel()
	s, pool, owner := storeWith(t, func(context.Context, pgx.Tx) error { return nil })
	run := queue(t, s, owner, "1")
	mustHold(t, pool, 1, 1)
	if n := count(t, pool, "SELECT count(*) FROM runs JOIN test_jobs ON test_jobs.id = runs.job_id AND test_jobs.run = runs.id WHERE runs.id = '"+string(run.ID)+"'"); n != 1 {
		t.Error("the run does not know its job")
	}
}

func TestAnErrorLeavesNeitherRunNorJob(t *testing.T) {
	t.Parallel()
	fault := errors.New("the queue is broken")
	s, pool, owner := storeWith(t, func(context.Context, pgx.Tx) error { return fault })
	if _, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb}); !errors.Is(err, fault) {
		t.Fatalf("got %v", err)
	}
	mustHold(t, pool, 0, 0)
}

func TestAPanicLeavesNeitherRunNorJobNorConnection(t *testing.T) {
	t.Parallel()
	s, pool, owner := storeWith(t, func(context.Context, pgx.Tx) error { panic("in the queue") })
	for range 30 { // more than the pool has connections
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_, _ = s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb})
		}()
	}
	mustHold(t, pool, 0, 0)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAJobMayFailInsideASavepoint(t *testing.T) {
	t.Parallel()
	s, pool, owner := storeWith(t, func(ctx context.Context, tx pgx.Tx) error {
		inner, err := tx.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := inner.Exec(ctx, "SELECT no_such_thing"); err == nil {
			return errors.New("nonsense was accepted")
		}
		if err := inner.Rollback(ctx); err != nil {
			return err
		}
		second, err := tx.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := second.Exec(ctx, "INSERT INTO test_jobs (run) VALUES ('second')"); err != nil {
			return err
		}
		return second.Commit(ctx)
	})
	queue(t, s, owner, "1")
	mustHold(t, pool, 1, 2)
}

func TestTheQueueCannotEndTheStoresTransaction(t *testing.T) {
	t.Parallel()
	s, pool, owner := storeWith(t, func(ctx context.Context, tx pgx.Tx) error { return tx.Commit(ctx) })
	if _, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb}); err == nil {
		t.Error("it committed")
	}
	mustHold(t, pool, 0, 0)
}

func TestACancelledCallerLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, pool, owner := storeWith(t, func(context.Context, pgx.Tx) error { cancel(); return nil })
	if _, err := s.QueueRun(ctx, owner, models.NewRun{Code: "1", Source: models.FromWeb}); err == nil {
		t.Error("it committed for a caller who had gone")
	}
	// The cancelled connection is closed in the background.
	for pool.Stat().AcquiredConns() != 0 && t.Context().Err() == nil {
		if err := pool.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	mustHold(t, pool, 0, 0)
}

func TestADatabaseThatIsAwayIsSaidToBeUnavailable(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	gone, err := pgxpool.New(t.Context(), "postgres://mayfly@127.0.0.1:1/mayfly?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gone.Close)
	s, err := models.NewStore(pool, testkit.Queue{}, models.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	owner := testkit.Person(t, s, "42")
	if _, err := models.NewStore(gone, testkit.Queue{}, models.DefaultLimits()); models.CodeOf(err) != models.Unavailable {
		t.Errorf("no database: %v", err)
	}
	short, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := s.Usage(short, owner); models.CodeOf(err) != models.Unavailable {
		t.Errorf("a database that is too slow: %v", err)
	}
	_, _ = pool.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	for range 25 { // each connection of the pool may have been cut
		if _, err := s.Usage(t.Context(), owner); err != nil && models.CodeOf(err) != models.Unavailable {
			t.Errorf("a cut connection: %v", err)
		}
	}
	if _, err := s.Usage(t.Context(), owner); err != nil {
		t.Errorf("and afterwards: %v", err)
	}
}
