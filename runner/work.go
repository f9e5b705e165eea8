package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/storage"
)

// finishTime bounds how long a run that is over waits for a database that is
// away, before another node gives it up.
const finishTime = time.Minute

// Work runs one queued run to its end. It returns an error only when the run's
// verdict could not be written; a run that somebody else took or cancelled is
// no error.
func (r *Runner) Work(ctx context.Context, id models.RunID) error {
	run, err := r.Store.System().BeginRun(ctx, id, r.Node)
	if models.CodeOf(err) == models.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	verdict := r.perform(ctx, run)
	return r.finish(context.WithoutCancel(ctx), run, verdict)
}

// perform never fails: our own faults are a verdict too.
func (r *Runner) perform(ctx context.Context, run *models.Run) models.Verdict {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	started := make(chan sandbox.Kernel, 1)
	asked := make(chan struct{}, 1)
	leave := r.enter(run.ID, func() { nudge(asked) })
	defer leave()
	var watchers sync.WaitGroup
	defer watchers.Wait()
	defer cancel(nil)
	watchers.Go(func() { r.watchForStop(ctx, run, asked) })
	watchers.Go(func() { stopWhenAsked(ctx, asked, started, cancel) })

	kernel, err := r.Sandbox.Open(ctx, r.specOf(ctx, run))
	if err != nil {
		return r.unable(ctx, run, fmt.Errorf("open a kernel: %w", err), 0)
	}
	defer r.close(ctx, kernel)
	started <- kernel
	rec := newRecorder(r.Store, run)
	result, err := kernel.Exec(ctx, run.Code, rec)
	if err = errors.Join(err, rec.close(context.WithoutCancel(ctx))); err != nil {
		return r.unable(ctx, run, err, rec.kept)
	}
	verdict := verdictOf(result, rec.kept)
	verdict.Refusals = r.keepFiles(context.WithoutCancel(ctx), run, kernel)
	return verdict
}

// errAsked is why a run that had not started was given up.
var errAsked = errors.New("the owner asked to stop")

// unable is the verdict on a run that we could not run: lost, unless its owner
// had asked to stop it before it began.
func (r *Runner) unable(ctx context.Context, run *models.Run, err error, kept int64) models.Verdict {
	if errors.Is(context.Cause(ctx), errAsked) {
		return models.Verdict{Ending: models.Interrupted, ReturnCode: models.Interrupted.ReturnCode(), LogBytes: kept}
	}
	r.Logger.Error("a run failed on our side", "run", run.ID, "cause", err)
	return models.Verdict{Ending: models.Lost, ReturnCode: models.Lost.ReturnCode(), LogBytes: kept}
}

func verdictOf(res sandbox.Result, kept int64) models.Verdict {
	return models.Verdict{
		Ending: models.Ending(res.Ending), ReturnCode: res.ReturnCode, Exception: res.Exception, Line: res.Line,
		Signal: res.Signal, Wall: res.Wall, CPU: res.CPU, PeakMemory: res.PeakMemory, OutputBytes: res.OutputBytes, LogBytes: kept,
	}
}

// specOf gives the kernel what this run may use and reach.
func (r *Runner) specOf(ctx context.Context, run *models.Run) sandbox.Spec {
	limits := r.Limits
	limits.Wall = run.WallLimit
	shelf := &shelf{runner: r, run: run}
	spec := sandbox.Spec{Limits: limits, Shelf: shelf, KeepFigures: true}
	given, err := r.Store.System().GivenFiles(ctx, run.ID)
	if err != nil {
		r.Logger.Error("a run's given files could not be read", "run", run.ID, "cause", err)
	}
	for _, f := range given {
		spec.Inputs = append(spec.Inputs, sandbox.Input{Name: f.Name, Size: f.Size, Open: shelf.opener(ctx, f.ID)})
	}
	return spec
}

// watchForStop brings the owner's wish to stop at once. A wish that came before
// the watch stood is found by the first look.
func (r *Runner) watchForStop(ctx context.Context, run *models.Run, asked chan struct{}) {
	watch := r.Hub.Watch(events.OfRun(run.ID))
	defer watch.Close()
	for {
		now, err := r.Store.Run(ctx, run.UserID, run.ID)
		if err == nil && now.InterruptAt != nil {
			nudge(asked)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-watch.C:
		}
	}
}

// stopWhenAsked interrupts the kernel, or the wait for one.
func stopWhenAsked(ctx context.Context, asked <-chan struct{}, started <-chan sandbox.Kernel, giveUp context.CancelCauseFunc) {
	select {
	case <-ctx.Done():
		return
	case <-asked:
	}
	select {
	case kernel := <-started:
		_ = kernel.Interrupt(ctx) // fails only when it has ended
	default:
		giveUp(errAsked)
	}
}

// keepFiles saves what the run made and returns what could not be kept, with
// the reason. A file that is refused stops none of the others.
func (r *Runner) keepFiles(ctx context.Context, run *models.Run, kernel sandbox.Kernel) (refused []models.Refusal) {
	var names models.NamesApart
	for made, err := range kernel.Produced(ctx) {
		if err != nil {
			r.Logger.Error("the files of a run could not all be collected", "run", run.ID, "cause", err)
			return append(refused, models.Refusal{Name: "(further files)", Reason: "could not be read on our side"})
		}
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

func (r *Runner) keepFile(ctx context.Context, run *models.Run, name string, made sandbox.Produced) (refused string) {
	defer made.Content.Close()
	_, err := r.Vault.Save(ctx, run.UserID, storage.Upload{Run: &run.ID, Source: run.Source, Name: name, Size: made.Size}, made.Content)
	var coded *models.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &coded) && coded.Code != models.Internal:
		return coded.Message
	}
	r.Logger.Error("a file could not be saved", "run", run.ID, "cause", err)
	return "not saved: a fault on our side"
}

func (r *Runner) close(ctx context.Context, kernel sandbox.Kernel) {
	if err := kernel.Close(context.WithoutCancel(ctx)); err != nil {
		r.Logger.Error("a kernel did not close cleanly", "cause", err)
	}
}

// finish writes the verdict, and tries again while the database is away. A run
// that was given up as lost meanwhile stays lost.
func (r *Runner) finish(ctx context.Context, run *models.Run, verdict models.Verdict) error {
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		err := r.Store.System().FinishRun(ctx, run, verdict)
		switch models.CodeOf(err) {
		case "":
			return nil
		case models.Conflict:
			r.Logger.Warn("a run ended after it had been given up", "run", run.ID)
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("write the verdict of run %s: %w", run.ID, err)
		case <-tick.C:
		}
	}
}

func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
