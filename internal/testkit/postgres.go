package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"golang.org/x/sys/unix"

	"mayfly/internal/pgserver"
	"mayfly/models"
)

// cluster is one throwaway PostgreSQL for this test process. It ends with the
// process (pgserver's parent-death signal); the next process removes its
// folder.
type cluster struct {
	config pgserver.Config
	admin  *pgxpool.Pool
	fault  error
	clones atomic.Int64
}

// startOnce starts it when the first test asks; a package variable, because a
// test process has no other owner.
var startOnce = sync.OnceValue(startCluster)

const template = "mayfly_template"

// Postgres returns a pool on a migrated database of the test's own, which is
// dropped when the test ends.
func Postgres(t testing.TB) *pgxpool.Pool {
	t.Helper()
	c := startOnce()
	if c.fault != nil {
		t.Fatalf("no PostgreSQL for tests: %v", c.fault)
	}
	name := fmt.Sprintf("t_%d", c.clones.Add(1))
	ctx := context.Background()
	if _, err := c.admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("clone the template: %v", err)
	}
	pool := open(t, c.config.AdminURL(name))
	t.Cleanup(func() {
		pool.Close()
		if _, err := c.admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the clone: %v", err)
		}
	})
	return pool
}

// PostgresURL is the connection string of a pool that Postgres returned, for
// programs that open their own.
func PostgresURL(pool *pgxpool.Pool) string {
	return startOnce().config.AdminURL(pool.Config().ConnConfig.Database)
}

func open(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 20
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func startCluster() *cluster {
	c := &cluster{}
	c.fault = c.start()
	return c
}

func (c *cluster) start() error {
	removeStale()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	data, err := os.MkdirTemp("", "mayfly-test-")
	if err != nil {
		return err
	}
	if err := os.Chmod(data, 0o711); err != nil { // the server's user passes through it
		return err
	}
	c.config = pgserver.Config{Data: data, Settings: map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400",
	}}
	if _, err = pgserver.Start(ctx, c.config); err != nil {
		return err
	}
	if c.admin, err = pgxpool.New(ctx, c.config.AdminURL("postgres")); err != nil {
		return err
	}
	return c.makeTemplate(ctx)
}

func (c *cluster) makeTemplate(ctx context.Context) error {
	if _, err := c.admin.Exec(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, c.config.AdminURL(template))
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := models.Migrate(ctx, pool); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// removeStale removes the folders of test processes that are gone: those whose
// lock is free.
func removeStale() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), "mayfly-test-*"))
	for _, dir := range folders {
		lock, err := os.Open(filepath.Join(dir, "pg-run", "lock"))
		if err != nil {
			continue // being made, or not ours
		}
		if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
			_ = os.RemoveAll(dir)
		}
		_ = lock.Close()
	}
}

// Store returns a Store on a database of the test's own, with Queue as its
// queue.
func Store(t testing.TB, limits models.Limits) (*models.Store, *pgxpool.Pool) {
	t.Helper()
	pool := Postgres(t)
	if _, err := pool.Exec(context.Background(), "CREATE TABLE test_jobs (id bigserial, run text, cancelled bool DEFAULT false)"); err != nil {
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
func (Queue) EnqueueRun(ctx context.Context, tx pgx.Tx, id models.RunID) (job int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO test_jobs (run) VALUES ($1) RETURNING id", id).Scan(&job)
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
	columns := map[string]string{"files": "created_at", "runs": "queued_at"}[table]
	if columns == "" {
		t.Fatalf("cannot age %q", table)
	}
	sql := strings.ReplaceAll("UPDATE TABLE SET COLUMN = COLUMN - $1::interval, expires_at = expires_at - $1::interval WHERE id = $2", "TABLE", table)
	if _, err := pool.Exec(context.Background(), strings.ReplaceAll(sql, "COLUMN", columns), by, id); err != nil {
		t.Fatal(err)
	}
}
