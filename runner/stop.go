package runner

import (
	"context"
	"errors"
	"sync"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
)

// Why a run that is worked here is given up.
var (
	errAsked   = errors.New("the owner asked to stop")
	errGivenUp = errors.New("the run was given up as lost")
	errNobodys = errors.New("the run is gone with its owner's account")
)

// askAgain is how often a kernel is asked to stop: one that has not begun to
// run the code does not hear it.
const askAgain = 200 * time.Millisecond

// lookGap lies between two looks at a run's row: the hints of a short run's own
// begin and files find it over.
const lookGap = 30 * time.Millisecond

// watch brings what happens to the run from outside while it is worked. The
// function it returns ends that.
func (r *Runner) watch(
	ctx context.Context, run *models.Run, asked chan struct{}, started <-chan sandbox.Kernel, giveUp context.CancelCauseFunc,
) (end func()) {
	var watchers sync.WaitGroup
	watchers.Go(func() { r.watchRow(ctx, run, asked, giveUp) })
	watchers.Go(func() { stopWhenAsked(ctx, asked, started, giveUp) })
	return func() {
		giveUp(nil)
		watchers.Wait()
	}
}

// watchRow looks at the run's row whenever something changes for its owner; the
// run's own topic would tell of every line that it prints. A wish that came
// before the watch stood is found by the first look.
func (r *Runner) watchRow(ctx context.Context, run *models.Run, asked chan<- struct{}, giveUp context.CancelCauseFunc) {
	changes := r.Hub.Watch(events.OfUser(run.UserID))
	defer changes.Close()
	for {
		now, err := r.Store.Run(ctx, run.UserID, run.ID)
		switch {
		case models.CodeOf(err) == models.NotFoundCode:
			giveUp(errNobodys)
			return
		case err != nil:
		case now.State == models.Done:
			giveUp(errGivenUp)
			return
		case now.InterruptAt != nil:
			nudge(asked)
		}
		pause(ctx, lookGap)
		select {
		case <-ctx.Done():
			return
		case <-changes.C:
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
		for ctx.Err() == nil {
			_ = kernel.Interrupt(ctx) // fails only when it has ended
			pause(ctx, askAgain)
		}
	default:
		giveUp(errAsked)
	}
}

func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
