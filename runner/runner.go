package runner

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/storage"
)

// Config is what a Runner works with. All fields are required where code runs.
type Config struct {
	Store   *models.Store
	Vault   *storage.Vault
	Sandbox sandbox.Sandbox // nil where none runs
	Hub     *events.Hub
	Node    string         // names this process among all that share the database
	Limits  sandbox.Limits // of every run; the wall limit is the run's own
	Logger  *slog.Logger

	InputWait  time.Duration // how long input() waits for an answer; 0 means 10 minutes
	KernelIdle time.Duration // how long a notebook's kernel lives without a run; 0 means 15 minutes
}

// Runner runs code on this node. Submit and Await work on any node; Work only
// where there is a sandbox.
type Runner struct {
	Config
	keeper *keeper
	stop   func()
	done   chan struct{}

	mu      sync.Mutex
	working map[models.RunID]chan<- struct{} // by which each run of this process is asked to stop
}

// New returns a Runner that does nothing by itself until Start.
func New(c Config) *Runner {
	c.InputWait = cmp.Or(c.InputWait, inputWait)
	c.KernelIdle = cmp.Or(c.KernelIdle, kernelIdle)
	r := &Runner{Config: c, working: map[models.RunID]chan<- struct{}{}}
	r.keeper = newKeeper(r)
	return r
}

// kernelIdle is how long a live kernel is kept where nothing else is set.
const kernelIdle = 15 * time.Minute

// Request is what a surface asks to run.
type Request = models.NewRun

// Submit queues code and returns at once.
func (r *Runner) Submit(ctx context.Context, owner models.UserID, req Request) (*models.Run, error) {
	return r.Store.QueueRun(ctx, owner, req)
}

// Await returns the run once it is done, or what ended ctx. Once it has seen the
// run it waits for a database that is away, too.
func (r *Runner) Await(ctx context.Context, owner models.UserID, id models.RunID) (*models.Run, error) {
	changes := r.Hub.Watch(events.OfUser(owner)) // the run's own topic would tell of every line it prints
	defer changes.Close()
	run, err := r.Store.Run(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	for run.State != models.Done {
		select {
		case <-ctx.Done():
			return run, ctx.Err()
		case <-changes.C:
		}
		now, err := r.readAgain(ctx, owner, id)
		if err != nil {
			return run, err
		}
		run = now
	}
	return run, nil
}

func (r *Runner) readAgain(ctx context.Context, owner models.UserID, id models.RunID) (*models.Run, error) {
	for {
		run, err := r.Store.Run(ctx, owner, id)
		if models.CodeOf(err) != models.Unavailable {
			return run, err
		}
		if !pause(ctx, retryEvery) {
			return nil, ctx.Err()
		}
	}
}

// Interrupt stops a run of the owner's, on whichever node it runs.
func (r *Runner) Interrupt(ctx context.Context, owner models.UserID, id models.RunID) error {
	return r.Store.Interrupt(ctx, owner, id)
}

// How the lease on a run is held (architecture decision 1): a node says every
// beat that it works its runs; silent ones are given up after silence.
const (
	beat    = 5 * time.Second
	silence = 4 * beat
)

// Start gives up what an earlier process of this node left running, and then
// keeps the lease on this process's runs until Stop. A process without a sandbox
// works nothing: it only looks after the runs of others, one of which may bear
// the name of its machine.
func (r *Runner) Start(ctx context.Context) error {
	if r.Sandbox != nil {
		lost, err := r.Store.System().LoseNode(ctx, r.Node)
		if err != nil {
			return err
		}
		r.tellLost(lost)
		if _, err := r.Store.System().LeaveNode(ctx, r.Node, models.EndedLost); err != nil {
			return err
		}
		if err := r.Store.System().BeatNode(ctx, r.Node); err != nil {
			return err
		}
	}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	r.done = make(chan struct{})
	go r.tend(ctx)
	return nil
}

// Stop closes the kernels that live here, lets others work what waits for them,
// and ends the lease. Call it when no run is worked any more.
func (r *Runner) Stop() {
	if r.stop != nil {
		r.stop()
		<-r.done
	}
	if r.Sandbox == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	r.keeper.stop(ctx)
	if _, err := r.Store.System().LeaveNode(ctx, r.Node, models.EndedStopped); err != nil {
		r.Logger.Warn("other nodes take over in a while what waits for this one", "cause", err)
	}
}

// leaveTime bounds what a stopping node writes down.
const leaveTime = 10 * time.Second

func (r *Runner) tend(ctx context.Context) {
	defer close(r.done)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := r.Tend(ctx); err != nil && ctx.Err() == nil {
				r.Logger.Error("the lease on runs was not kept this time", "cause", err)
			}
		}
	}
}

// Tend holds the lease once: it beats, passes on wishes to stop that no hint
// brought, gives up runs and kernels of nodes that are silent, and queues again
// what such nodes had taken and not begun or what waits for them.
func (r *Runner) Tend(ctx context.Context) error {
	r.mu.Lock()
	mine := slices.Collect(maps.Keys(r.working))
	r.mu.Unlock()
	asked, err := r.Store.System().Beat(ctx, mine)
	if err != nil {
		return err
	}
	for _, id := range asked {
		r.askToStop(id)
	}
	if r.Sandbox != nil {
		if err := errors.Join(r.Store.System().BeatNode(ctx, r.Node), r.keeper.tend(ctx)); err != nil {
			return err
		}
	}
	if err := r.Store.System().LoseNodes(ctx, silence); err != nil {
		return err
	}
	lost, err := r.Store.System().LoseStale(ctx, silence)
	r.tellLost(lost)
	if err != nil {
		return err
	}
	again, err := r.Store.System().Requeue(ctx, silence)
	for _, id := range again {
		r.Logger.Warn("a queued run's worker is gone; the run has not begun and waits again", "run", id)
	}
	return err
}

func (r *Runner) tellLost(lost []models.RunID) {
	for _, id := range lost {
		r.Logger.Warn("a run was lost: the process that worked it is gone", "run", id)
	}
}

func (r *Runner) askToStop(id models.RunID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if asked := r.working[id]; asked != nil {
		nudge(asked)
	}
}

// enter notes that this process works a run, and how it is asked to stop.
func (r *Runner) enter(id models.RunID, asked chan<- struct{}) (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.working[id] = asked
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.working, id)
	}
}
