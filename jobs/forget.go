package jobs

import (
	"context"
	"log/slog"

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
	logger *slog.Logger
}

// Work forgets once and logs the counts.
func (w *forgetWorker) Work(ctx context.Context, _ *river.Job[ForgetArgs]) error {
	gone, err := w.store.System().Forget(ctx)
	w.logger.Info("forgot", "outputs", gone.Outputs, "runs", gone.Runs, "tombstones", gone.Tombstones, "sessions", gone.Sessions)
	return err
}
