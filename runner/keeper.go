package runner

import (
	"context"
	"sync"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
)

// keeper holds this node's live kernels: each serves one notebook of one owner,
// and stays until it is idle for too long, is ended from outside, has to make
// room, or dies. The kernel's row is the truth; the keeper follows it.
type keeper struct {
	*Runner

	mu      sync.Mutex // guards what follows
	live    map[models.NotebookID]*liveKernel
	closing bool
	attends sync.WaitGroup
}

// liveKernel is one of them.
type liveKernel struct {
	row    models.Kernel
	kernel sandbox.Kernel
	shelf  *lentShelf
	shown  displays      // for the run that it serves
	gone   chan struct{} // closed when it is closed

	use   sync.Mutex // held by the run that it serves, and by whoever ends it
	ended bool       // guarded by use

	mu       sync.Mutex // guards what follows
	idleFrom time.Time  // zero while it serves a run
	rest     chan time.Duration
}

func newKeeper(r *Runner) *keeper {
	return &keeper{Runner: r, live: map[models.NotebookID]*liveKernel{}}
}

// take returns the notebook's kernel for a run, which gives it back; nil when it
// has none here that its row knows of.
func (k *keeper) take(ctx context.Context, run *models.Run) *liveKernel {
	k.mu.Lock()
	l := k.live[*run.NotebookID]
	k.mu.Unlock()
	if l == nil {
		return nil
	}
	l.use.Lock()
	switch {
	case l.ended:
	case run.KernelID == nil || *run.KernelID != l.row.ID, isOver(l.kernel):
		k.end(ctx, l, models.EndedKilled) // a row that was ended keeps its reason
	default:
		l.serve()
		return l
	}
	l.use.Unlock()
	return nil
}

// add keeps a kernel that serves its first run. A keeper that closes takes none.
func (k *keeper) add(row *models.Kernel, kernel sandbox.Kernel, shelf *lentShelf) (*liveKernel, error) {
	l := &liveKernel{row: *row, kernel: kernel, shelf: shelf, gone: make(chan struct{}), rest: make(chan time.Duration, 1)}
	l.use.Lock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closing {
		return nil, errStopping
	}
	k.live[row.NotebookID] = l
	k.attends.Go(func() { k.attend(l) })
	return l, nil
}

// giveBack ends a run's use of a kernel, which stays or is closed.
func (k *keeper) giveBack(ctx context.Context, l *liveKernel, why models.KernelEnd) {
	defer l.use.Unlock()
	if why != "" {
		k.end(ctx, l, why)
		return
	}
	l.mu.Lock()
	l.idleFrom = time.Now()
	l.mu.Unlock()
	select {
	case <-l.rest: // an earlier one that nobody has seen
	default:
	}
	l.rest <- k.KernelIdle
}

// serve stops the idle clock.
func (l *liveKernel) serve() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.idleFrom = time.Time{}
}

func (l *liveKernel) idleSince() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.idleFrom
}

// end closes a kernel for good, with l.use held. Its row first: a node that dies
// between the two leaves no row that says it lives.
func (k *keeper) end(ctx context.Context, l *liveKernel, why models.KernelEnd) {
	if l.ended {
		return
	}
	l.ended = true
	k.endRow(ctx, l.row.ID, why)
	k.mu.Lock()
	if k.live[l.row.NotebookID] == l {
		delete(k.live, l.row.NotebookID)
	}
	k.mu.Unlock()
	k.close(ctx, l.kernel)
	close(l.gone)
}

// endRow writes a kernel's end down. What cannot be written now is found by the
// next run of its notebook, or when this node ends.
func (k *keeper) endRow(ctx context.Context, id models.KernelID, why models.KernelEnd) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	if err := k.Store.System().EndKernel(ctx, id, why); err != nil {
		k.Logger.Warn("the end of a kernel could not be written down", "kernel", id, "cause", err)
	}
}

// dropRow forgets a kernel that never came to be. What cannot be forgotten now
// ends as lost with the next run of its notebook.
func (k *keeper) dropRow(ctx context.Context, id models.KernelID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime)
	defer cancel()
	if err := k.Store.System().DropKernel(ctx, id); err != nil {
		k.Logger.Warn("a kernel that could not be opened could not be forgotten", "kernel", id, "cause", err)
	}
}

// endIdle ends a kernel that serves no run at this moment, and reports whether
// it did.
func (k *keeper) endIdle(ctx context.Context, l *liveKernel, why models.KernelEnd) bool {
	if !l.use.TryLock() {
		return false
	}
	defer l.use.Unlock()
	if l.ended || l.idleSince().IsZero() {
		return false
	}
	k.end(ctx, l, why)
	return true
}

// attend looks after one kernel until it is closed: its idle clock, an end from
// outside, and a death that no run saw.
func (k *keeper) attend(l *liveKernel) {
	ctx := context.Background()
	outside := k.Hub.Watch(events.OfKernel(l.row.ID))
	defer outside.Close()
	idle := time.NewTimer(time.Hour)
	idle.Stop()
	defer idle.Stop()
	died := l.kernel.Done()
	doomed := false // it was ended from outside while it served a run
	for {
		select {
		case <-l.gone:
			return
		case rest := <-l.rest:
			idle.Reset(rest - time.Since(l.idleSince()))
			if doomed || isOver(l.kernel) { // as its last run ended
				k.endIdle(ctx, l, models.EndedKilled)
			}
		case <-idle.C:
			k.endRested(ctx, l)
		case <-outside.C:
			if doomed = k.follow(ctx, l); !doomed {
				k.answerLooks(ctx, l)
			}
		case <-died:
			died = nil
			k.endIdle(ctx, l, models.EndedKilled)
		}
	}
}

// endRested ends a kernel whose idle clock has run out. One that was used
// meanwhile has another.
func (k *keeper) endRested(ctx context.Context, l *liveKernel) {
	if since := l.idleSince(); !since.IsZero() && time.Since(since) >= k.KernelIdle {
		k.endIdle(ctx, l, models.EndedIdle)
	}
}

// follow closes a kernel whose row was ended. One that serves a run, which is
// stopped by its own row, is doomed: it is closed after that.
func (k *keeper) follow(ctx context.Context, l *liveKernel) (doomed bool) {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	dead, err := k.Store.System().DeadKernels(ctx, []models.KernelID{l.row.ID})
	return err == nil && len(dead) > 0 && !k.endIdle(ctx, l, models.EndedLost)
}

// tend looks at all of them once: ends that no hint brought, and the machine's
// memory.
func (k *keeper) tend(ctx context.Context) error {
	all := k.all()
	if len(all) == 0 {
		return nil
	}
	of := make(map[models.KernelID]*liveKernel, len(all))
	ids := make([]models.KernelID, len(all))
	for i, l := range all {
		ids[i], of[l.row.ID] = l.row.ID, l
	}
	dead, err := k.Store.System().DeadKernels(ctx, ids)
	for _, id := range dead {
		k.endIdle(ctx, of[id], models.EndedLost)
	}
	k.makeRoom(ctx)
	return err
}

func (k *keeper) all() []*liveKernel {
	k.mu.Lock()
	defer k.mu.Unlock()
	all := make([]*liveKernel, 0, len(k.live))
	for _, l := range k.live {
		all = append(all, l)
	}
	return all
}

// stop closes all kernels and waits. No run is worked any more.
func (k *keeper) stop(ctx context.Context) {
	k.mu.Lock()
	k.closing = true
	k.mu.Unlock()
	var all sync.WaitGroup
	for _, l := range k.all() {
		all.Go(func() {
			l.use.Lock()
			defer l.use.Unlock()
			k.end(ctx, l, models.EndedStopped)
		})
	}
	all.Wait()
	k.attends.Wait()
}

func isOver(kernel sandbox.Kernel) bool {
	select {
	case <-kernel.Done():
		return true
	default:
		return false
	}
}
