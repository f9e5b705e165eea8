package jobs_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/jobs"
	"mayfly/models"
)

func TestMain(m *testing.M) { os.Exit(node.Main(m)) }

// queued is a store whose queue is River's, and one person.
func queued(t *testing.T, pool *pgxpool.Pool) (*models.Store, *jobs.Queue, models.UserID) {
	t.Helper()
	queue, err := jobs.NewQueue(pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := models.NewStore(pool, queue, models.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return s, queue, testkit.Person(t, s, "42")
}

func run(t *testing.T, s *models.Store, owner models.UserID) *models.Run {
	t.Helper()
	r, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "print(1)", Source: models.FromWeb})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func count(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// until asks the database until it says so.
func until(t *testing.T, pool *pgxpool.Pool, what, sql string, args ...any) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		var so bool
		if err := pool.QueryRow(t.Context(), "SELECT pg_sleep(0.01) IS NOT NULL AND ("+sql+")", args...).Scan(&so); err != nil {
			t.Fatal(err)
		}
		if so {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("never came about: %s", what)
		}
	}
}
