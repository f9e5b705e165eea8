package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"mayfly/models"
)

// Names of River's queues.
const (
	queueRuns   = "runs"
	queueUpkeep = "upkeep"
)

// Queue inserts and cancels jobs in the Store's transactions. It works nothing.
type Queue struct{ client *river.Client[pgx.Tx] }

// wakeUpsOurs has River send next to none of its own: EnqueueRun sends one for each
// run, and a second would be one more statement in its transaction.
const wakeUpsOurs = 24 * time.Hour

// NewQueue returns the Store's seam to River.
func NewQueue(pool *pgxpool.Pool, logger *slog.Logger) (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		// An inserting client's cooldown bounds only how often it sends wake-ups.
		FetchCooldown: wakeUpsOurs, FetchPollInterval: wakeUpsOurs, Logger: quiet(logger),
	})
	if err != nil {
		return nil, fmt.Errorf("open the queue: %w", err)
	}
	return &Queue{client}, nil
}

// queueOf is the queue that one node alone works: a slug of its name for people,
// and a hash that keeps names apart whatever they hold.
func queueOf(node string) string {
	slug := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLower(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, strings.ToLower(node))
	words := strings.FieldsFunc(slug[:min(len(slug), 32)], func(r rune) bool { return r == '_' })
	sum := sha256.Sum256([]byte(node))
	return strings.Join(append(append([]string{"node"}, words...), hex.EncodeToString(sum[:4])), "_")
}

// EnqueueRun inserts the job of a run, and wakes a worker when tx commits.
// River sends no wake-up for an insert that follows another within its fetch
// cooldown, so this sends one itself, on River's own channel.
func (q *Queue) EnqueueRun(ctx context.Context, tx pgx.Tx, id models.RunID, node string) (int64, error) {
	queue := queueRuns
	if node != "" {
		queue = queueOf(node)
	}
	job, err := q.client.InsertTx(ctx, tx, RunArgs{Run: id}, &river.InsertOpts{Queue: queue, MaxAttempts: 1})
	if err != nil {
		return 0, fmt.Errorf("enqueue run: %w", err)
	}
	wake, err := json.Marshal(map[string]string{"queue": queue})
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, "SELECT pg_notify(current_schema() || '.river_insert', $1)", string(wake)); err != nil {
		return 0, fmt.Errorf("wake a worker: %w", err)
	}
	return job.Job.ID, nil
}

// CancelJob ends a job. One that a dead worker left running would stay so for
// ever (it has no timeout, so River never rescues it); its state is set here.
func (q *Queue) CancelJob(ctx context.Context, tx pgx.Tx, job int64) error {
	if _, err := q.client.JobCancelTx(ctx, tx, job); err != nil && !errors.Is(err, river.ErrNotFound) {
		return fmt.Errorf("cancel job: %w", err)
	}
	_, err := tx.Exec(ctx, "UPDATE river_job SET state = 'cancelled', finalized_at = now() WHERE id = $1 AND state = 'running'", job)
	if err != nil {
		return fmt.Errorf("cancel job: %w", err)
	}
	return nil
}

// IdleJobs returns those of the jobs that nobody will work any more. A worker
// begins a run within milliseconds of taking its job; one that has not after
// the silence is dead, and River itself never takes a job without a timeout
// back.
func (q *Queue) IdleJobs(ctx context.Context, tx pgx.Tx, jobs []int64, silence time.Duration) ([]int64, error) {
	rows, err := tx.Query(ctx, `SELECT wanted.id FROM unnest($1::bigint[]) AS wanted(id) LEFT JOIN river_job USING (id)
		WHERE kind IS NULL OR finalized_at IS NOT NULL
			OR (state = 'running' AND attempted_at < now() - make_interval(secs => $2))`, jobs, silence.Seconds())
	if err != nil {
		return nil, fmt.Errorf("find idle jobs: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
