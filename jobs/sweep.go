package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"mayfly/storage"
)

// SweepArgs asks for the bytes of expired and deleted files to go.
type SweepArgs struct{}

// Kind is the job's name in River.
func (SweepArgs) Kind() string { return "sweep" }

type sweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	vault  *storage.Vault
	logger *slog.Logger
}

// Work sweeps once and logs the count.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	deleted, err := w.vault.Sweep(ctx)
	w.logger.Info("swept", "deleted", deleted)
	return err
}
