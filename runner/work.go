package runner

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mayfly/models"
	"mayfly/sandbox"
)

// finishTime bounds how long a run that is over waits for a database that is
// away.
const finishTime = time.Minute

// Work runs one queued run to its end. It returns an error only when the run
// could not be begun or its verdict not be written; a run that somebody else
// took or cancelled is no error.
func (r *Runner) Work(ctx context.Context, id models.RunID) error {
	run, err := r.Store.System().BeginRun(ctx, id, r.Node)
	if models.CodeOf(err) == models.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	asked := make(chan struct{}, 1)
	defer r.enter(run.ID, asked)() // until its verdict is written the run is ours, and beats
	var lent *loan
	written := false
	defer func() { r.giveBack(ctx, lent, written) }()
	began := time.Now()
	verdict := r.perform(ctx, run, asked, &lent)
	if verdict.Wall == 0 {
		verdict.Wall = time.Since(began)
	}
	written, err = r.finish(context.WithoutCancel(ctx), run, verdict)
	return err
}

// perform never fails: our own faults are a verdict too. The kernel that it lends
// is the caller's to give back.
func (r *Runner) perform(ctx context.Context, run *models.Run, asked chan struct{}, lent **loan) models.Verdict {
	ctx, giveUp := context.WithCancelCause(ctx)
	started := make(chan sandbox.Kernel, 1)
	defer r.watch(ctx, run, asked, started, giveUp)()

	l, err := r.lend(ctx, run)
	*lent = l
	if err != nil {
		return r.unable(ctx, run, fmt.Errorf("open a kernel: %w", err), 0)
	}
	kernel := l.kernel
	started <- kernel
	rec := r.newAsker(run, l.displays())
	for _, text := range l.notes {
		_ = rec.Emit(sandbox.Output{Stream: sandbox.Note, Text: text}) // a fault is told by the next
	}
	result, err := kernel.Exec(ctx, run.Code, rec)
	last, kept, unwritten := rec.settle(err == nil)
	l.displays().remember(run.ID, rec.named)
	if err = errors.Join(err, unwritten); err != nil {
		verdict := r.unable(ctx, run, err, kept)
		l.settle(&verdict, nil, true)
		return verdict
	}
	verdict := verdictOf(result, kept)
	verdict.Outputs = last
	verdict.Refusals = r.keepFiles(context.WithoutCancel(ctx), run, kernel, &verdict)
	l.settle(&verdict, result.Names, false)
	return verdict
}

// unable is the verdict on a run that we could not run: lost, unless its owner
// had asked to stop it before it began, or deleted its notebook or their account.
func (r *Runner) unable(ctx context.Context, run *models.Run, err error, kept int64) models.Verdict {
	if cause := context.Cause(ctx); errors.Is(cause, errAsked) || errors.Is(cause, errNobodys) || models.CodeOf(err) == models.Conflict {
		return models.Verdict{Ending: models.Interrupted, LogBytes: kept}
	}
	r.Logger.Error("a run failed on our side", "run", run.ID, "cause", errors.Join(err, context.Cause(ctx)))
	return models.Verdict{Ending: models.Lost, LogBytes: kept}
}

func verdictOf(res sandbox.Result, kept int64) models.Verdict {
	return models.Verdict{
		Ending: models.Ending(res.Ending), ReturnCode: res.ReturnCode, Exception: res.Exception, Line: res.Line,
		Signal: res.Signal, Wall: res.Wall, CPU: res.CPU, PeakMemory: res.PeakMemory, OutputBytes: res.OutputBytes, LogBytes: kept,
	}
}

// openTries is how often a kernel is opened anew because a given file's time
// was over between our look and its copying.
const openTries = 3

// open gives the run a kernel with what it may use and reach.
func (r *Runner) open(ctx context.Context, run *models.Run) (sandbox.Kernel, []string, error) {
	for try := 1; ; try++ {
		desk, err := r.layOut(ctx, run)
		if err != nil {
			return nil, nil, err
		}
		spec := sandbox.Spec{Limits: r.Limits, Shelf: desk.shelf, Inputs: desk.inputs, KeepFigures: true}
		spec.Limits.Wall = run.WallLimit
		kernel, err := r.Sandbox.Open(ctx, spec)
		if models.CodeOf(err) != models.GoneCode || try == openTries {
			return kernel, desk.notes, err
		}
	}
}

func (r *Runner) close(ctx context.Context, kernel sandbox.Kernel) {
	if kernel == nil {
		return
	}
	if err := kernel.Close(context.WithoutCancel(ctx)); err != nil {
		r.Logger.Error("a kernel did not close cleanly", "cause", err)
	}
}

// finish writes the verdict, and tries again while the database is away. A run
// that was given up as lost meanwhile stays lost: nothing is written then.
func (r *Runner) finish(ctx context.Context, run *models.Run, verdict models.Verdict) (written bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	for {
		err := r.Store.System().FinishRun(ctx, run, verdict)
		switch models.CodeOf(err) {
		case "":
			return true, nil
		case models.Conflict:
			r.Logger.Warn("a run ended after it had been given up", "run", run.ID)
			return false, nil
		case models.Internal:
			if verdict.Outputs != nil { // which nobody can write; the run is over all the same
				r.Logger.Error("the last output of a run could not be written", "run", run.ID, "cause", err)
				verdict.Outputs, verdict.Ending = nil, models.Lost
				continue
			}
		}
		if !pause(ctx, retryEvery) {
			return false, fmt.Errorf("write the verdict of run %s: %w", run.ID, err)
		}
	}
}

// pause waits, and reports whether ctx let it.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
