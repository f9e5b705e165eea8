package jobs_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/testkit"
	"mayfly/jobs"
	"mayfly/models"
)

// River refuses names of queues that hold more than it likes; a host may be
// called anything.
func TestEveryNodeHasAQueueOfItsOwn(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	queue, err := jobs.NewQueue(pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a", "A", "host.example.com", "host-example-com", "-", "__", "größe 7", strings.Repeat("x", 300), strings.Repeat("x", 301), "a\x00b"}
	for _, name := range names {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := queue.EnqueueRun(t.Context(), tx, models.NewRunID(), name)
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if n := count(t, pool, "SELECT count(DISTINCT queue) FROM river_job WHERE queue LIKE 'node\\_%'"); n != len(names) {
		t.Errorf("%d nodes have %d queues", len(names), n)
	}
}
