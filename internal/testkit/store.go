package testkit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/models"
)

// Store returns a Store on a database of the test's own, with Queue as its
// queue.
func Store(t testing.TB, limits models.Limits) (*models.Store, *pgxpool.Pool) {
	t.Helper()
	pool := Postgres(t)
	if _, err := pool.Exec(context.Background(), "CREATE TABLE test_jobs (id bigserial, run text, node text, cancelled bool DEFAULT false)"); err != nil {
		t.Fatal(err)
	}
	store, err := models.NewStore(pool, Queue{}, limits)
	if err != nil {
		t.Fatal(err)
	}
	return store, pool
}

// Queue writes jobs to a table through the transaction it is given, so that a
// test sees whether they were committed together with the rows. Tests of what
// works the jobs use package jobs itself.
type Queue struct{}

// EnqueueRun inserts a row.
func (Queue) EnqueueRun(ctx context.Context, tx pgx.Tx, id models.RunID, node string) (job int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO test_jobs (run, node) VALUES ($1, $2) RETURNING id", id, node).Scan(&job)
	return job, err
}

// CancelJob marks the row.
func (Queue) CancelJob(ctx context.Context, tx pgx.Tx, job int64) error {
	_, err := tx.Exec(ctx, "UPDATE test_jobs SET cancelled = true WHERE id = $1", job)
	return err
}

// IdleJobs returns the cancelled jobs.
func (Queue) IdleJobs(ctx context.Context, tx pgx.Tx, jobs []int64, _ time.Duration) ([]int64, error) {
	rows, err := tx.Query(ctx, "SELECT id FROM test_jobs WHERE cancelled AND id = ANY($1)", jobs)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// Person signs somebody in and returns their id.
func Person(t testing.TB, store *models.Store, id string) models.UserID {
	t.Helper()
	user, err := store.SignIn(context.Background(), models.DiscordProfile{ID: models.UserID(id), Name: "person " + id})
	if err != nil {
		t.Fatal(err)
	}
	return user.ID
}

// Age moves a file's or run's times into the past, as if it had been made so
// much earlier.
func Age(t testing.TB, pool *pgxpool.Pool, table, id string, by time.Duration) {
	t.Helper()
	made := map[string]string{"files": "created_at", "runs": "queued_at"}[table]
	if made == "" {
		t.Fatalf("cannot age %q", table)
	}
	sql := fmt.Sprintf("UPDATE %s SET %s = %[2]s - $1::interval, expires_at = expires_at - $1::interval WHERE id = $2", table, made)
	if _, err := pool.Exec(context.Background(), sql, by, id); err != nil {
		t.Fatal(err)
	}
}
