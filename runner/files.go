package runner

import (
	"context"
	"errors"
	"sync"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/storage"
)

// keepFiles saves what the run made and returns what could not be kept, with
// the reason. A file that is refused stops none of the others.
func (r *Runner) keepFiles(ctx context.Context, run *models.Run, kernel sandbox.Kernel) (refused []models.Refusal) {
	var names models.NamesApart
	awaitStore := sync.OnceFunc(func() { r.awaitStore(ctx) })
	for made, err := range kernel.Produced(ctx) {
		if err != nil {
			r.Logger.Error("the files of a run could not all be collected", "run", run.ID, "cause", err)
			return append(refused, models.Refusal{Name: "(further files)", Reason: "could not be read on our side"})
		}
		awaitStore()
		name := names.Clean(made.Path)
		reason := made.Refused
		if reason == "" {
			reason = r.keepFile(ctx, run, name, made)
		}
		if reason != "" {
			refused = append(refused, models.Refusal{Name: name, Size: made.Size, Reason: reason})
		}
	}
	return refused
}

// awaitStore waits for a database that is away when the files are to be saved:
// their bytes are there until the kernel is closed.
func (r *Runner) awaitStore(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	for r.Store.Ping(ctx) != nil && pause(ctx, retryEvery) {
	}
}

func (r *Runner) keepFile(ctx context.Context, run *models.Run, name string, made sandbox.Produced) (refused string) {
	defer made.Content.Close()
	_, err := r.Vault.Save(ctx, run.UserID, storage.Upload{Run: &run.ID, Notebook: run.NotebookID, Source: run.Source, Name: name, Size: made.Size}, made.Content)
	if err == nil {
		return ""
	}
	var told *models.Error
	if errors.As(err, &told) && told.Code != models.Internal {
		return told.Message
	}
	r.Logger.Error("a file could not be saved", "run", run.ID, "cause", err)
	return "not saved: a fault on our side"
}
