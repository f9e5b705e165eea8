package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"

	"mayfly/storage"
)

// ReconcileArgs asks for rows and blobs to be compared.
type ReconcileArgs struct{}

// Kind is the job's name in River.
func (ReconcileArgs) Kind() string { return "reconcile" }

type reconcileWorker struct {
	river.WorkerDefaults[ReconcileArgs]
	vault  *storage.Vault
	logger *slog.Logger
}

// Work reconciles once and logs what a crash had left.
func (w *reconcileWorker) Work(ctx context.Context, _ *river.Job[ReconcileArgs]) error {
	report, err := w.vault.Reconcile(ctx)
	if report != (storage.Report{}) {
		w.logger.Warn("reconciled", "abandoned", report.Abandoned, "orphans", report.Orphans, "missing", report.Missing)
	}
	return err
}
