package runner

import (
	"context"
	"errors"
	"slices"
	"sync"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/storage"
)

// keepFiles saves what the run made and returns what could not be kept, with
// the reason, in the order of paths. A file that is refused stops none of the
// others.
// The last outputs are written before the first file is saved, which may take
// long; the verdict takes them along when there is none.
func (r *Runner) keepFiles(ctx context.Context, run *models.Run, kernel sandbox.Kernel, verdict *models.Verdict) []models.Refusal {
	var names models.NamesApart
	before := sync.OnceFunc(func() { r.awaitStore(ctx, run, verdict) })
	batch := batch{Runner: r, run: run}
	for made, err := range kernel.Produced(ctx) {
		if err != nil {
			r.Logger.Error("the files of a run could not all be collected", "run", run.ID, "cause", err)
			batch.refuse(models.Refusal{Name: "(further files)", Reason: "could not be read on our side"})
			break
		}
		before()
		batch.take(ctx, names.Clean(made.Path), made)
	}
	batch.keep(ctx)
	return slices.DeleteFunc(batch.said, func(one models.Refusal) bool { return one.Reason == "" })
}

// A batch holds a run's small files that become readable together: the database
// and the disk are asked once for all of them. Its owner does not wait for more.
const (
	batchFiles = 32
	fileBytes  = 8 << 20 // of all its files
)

// batch takes a run's files one after the other: each is written while it can be
// read, and kept with the others.
type batch struct {
	*Runner
	run    *models.Run
	said   []models.Refusal // of every file of the run, without a reason where there is none
	staged []*storage.Staged
	at     []int // the places of the staged ones in said
	bytes  int64
}

func (b *batch) refuse(why models.Refusal) { b.said = append(b.said, why) }

func (b *batch) take(ctx context.Context, name string, made sandbox.Produced) {
	b.refuse(models.Refusal{Name: name, Size: made.Size, Reason: made.Refused})
	if made.Refused != "" {
		return
	}
	defer made.Content.Close()
	up := storage.Upload{Run: &b.run.ID, Notebook: b.run.NotebookID, Source: b.run.Source, Name: name, Size: made.Size}
	staged, err := b.Vault.Stage(ctx, b.run.UserID, up, made.Content)
	last := len(b.said) - 1
	if err != nil {
		b.said[last].Reason = b.notKept(err)
		return
	}
	b.staged, b.at, b.bytes = append(b.staged, staged), append(b.at, last), b.bytes+made.Size
	if len(b.staged) >= batchFiles || b.bytes >= fileBytes {
		b.keep(ctx)
	}
}

// keep makes what is staged readable.
func (b *batch) keep(ctx context.Context) {
	for i, err := range b.Vault.Keep(ctx, b.run.UserID, b.staged) {
		if err != nil {
			b.said[b.at[i]].Reason = b.notKept(err)
		}
	}
	b.staged, b.at, b.bytes = nil, nil, 0
}

// notKept is the reason that the owner reads.
func (b *batch) notKept(err error) string {
	var told *models.Error
	if errors.As(err, &told) && told.Code != models.Internal {
		return told.Message
	}
	b.Logger.Error("a file could not be saved", "run", b.run.ID, "cause", err)
	return "not saved: a fault on our side"
}

// awaitStore writes the last outputs, and waits for a database that is away when
// the files are to be saved: their bytes are there until the kernel is closed.
func (r *Runner) awaitStore(ctx context.Context, run *models.Run, verdict *models.Verdict) {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	for {
		err := r.Store.Ping(ctx)
		if err == nil {
			err = r.Store.System().AppendOutputs(ctx, run.ID, verdict.Outputs)
		}
		if err == nil {
			verdict.Outputs = nil
			return
		}
		if models.CodeOf(err) != models.Unavailable || !pause(ctx, retryEvery) {
			return // FinishRun says what it is
		}
	}
}
