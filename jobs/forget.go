package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"mayfly/models"
)

// ForgetArgs asks for old outputs, runs, tombstones and sessions to go.
type ForgetArgs struct{}

// Kind is the job's name in River.
func (ForgetArgs) Kind() string { return "forget" }

type forgetWorker struct {
	river.WorkerDefaults[ForgetArgs]
	store  *models.Store
	pool   *pgxpool.Pool
	logger *slog.Logger
}

// Work forgets once and logs the counts.
func (w *forgetWorker) Work(ctx context.Context, _ *river.Job[ForgetArgs]) error {
	gone, err := w.store.System().Forget(ctx)
	if err == nil {
		err = w.closeJobs(ctx)
	}
	w.logger.Info("forgot", "outputs", gone.Outputs, "runs", gone.Runs, "tombstones", gone.Tombstones, "sessions", gone.Sessions, "tokens", gone.Tokens, "replays", gone.Replays)
	return err
}

// closeJobs ends the jobs of runs that are over, whose process was killed before
// it could tell River. Without a timeout they would say running for ever.
func (w *forgetWorker) closeJobs(ctx context.Context) error {
	_, err := w.pool.Exec(ctx, `UPDATE river_job SET state = 'cancelled', finalized_at = now()
		WHERE kind = $1 AND state = 'running' AND attempted_at < now() - interval '5 min'
			AND NOT EXISTS (SELECT FROM runs WHERE runs.job_id = river_job.id AND runs.state <> 'done')`, RunArgs{}.Kind())
	if err != nil {
		return fmt.Errorf("close jobs: %w", err)
	}
	return nil
}
