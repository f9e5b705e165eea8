package jail

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"mayfly/sandbox"
)

// Config is what a jail works with. Runtime, User and Logger are required.
type Config struct {
	Runtime    string // the Python folder (MAYFLY_RUNTIME)
	User       string // the system user that user code runs as; it owns nothing
	Logger     *slog.Logger
	Ready      int         // how many kernels wait for the next run, at about 6 MB each
	Supervisor *Supervisor // does what needs root; nil when this process is root's
}

// Jail is the one real wall. It keeps a warm zygote, and another when that
// ends, until Close.
type Jail struct {
	Config
	quit   chan struct{}
	early  chan struct{} // a value asks for another zygote before its time
	linger time.Duration // how long an old one stays for its last kernels
	done   chan struct{} // closed when nothing of ours runs any more

	mu      sync.Mutex // guards what follows
	state   State
	zygote  *zygote // when ready
	changed chan struct{}
	closed  bool
	open    map[*kernel]struct{}
	opening sync.WaitGroup
	fault   error // of the end
}

var errJailClosed = errors.New("the jail is closed")

// again is how long a jail that could not start waits before it tries again:
// somebody may have run make setup meanwhile.
const again = 20 * time.Second

// New begins to warm up and returns at once: pages are served meanwhile, and
// Open waits. A stone that is missing shows in State, and Open refuses.
func New(_ context.Context, c Config) (*Jail, error) {
	if c.Runtime == "" || c.User == "" || c.Logger == nil {
		return nil, errors.New("the jail needs a runtime, a user and a logger")
	}
	j := newJail(c)
	go j.keepWarm()
	return j, nil
}

func newJail(c Config) *Jail {
	return &Jail{
		Config: c, quit: make(chan struct{}), early: make(chan struct{}, 1), linger: lingerMost, done: make(chan struct{}), changed: make(chan struct{}),
		state: State{Words: warmingWords}, open: map[*kernel]struct{}{},
	}
}

// Open returns a fresh interpreter that no user code has touched.
func (j *Jail) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Kernel, error) {
	for {
		z, err := j.awaitZygote(ctx)
		if err != nil {
			return nil, err
		}
		k, err := j.openOn(ctx, z, spec)
		if err == nil {
			return k, nil
		}
		if !z.isOver() && !errors.Is(err, errZygoteEnded) {
			return nil, err
		}
		j.mu.Lock() // it ended under us: the next one may be well
		if j.zygote == z {
			j.state, j.zygote = State{Words: warmingWords, Packages: j.state.Packages, Missing: j.state.Missing}, nil
		}
		j.mu.Unlock()
	}
}

func (j *Jail) openOn(ctx context.Context, z *zygote, spec sandbox.Spec) (*kernel, error) {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil, errJailClosed
	}
	j.opening.Add(1)
	j.mu.Unlock()
	defer j.opening.Done()
	k := z.pool.take(spec)
	if k == nil {
		var err error
		if k, err = openKernel(ctx, z, spec, false); err != nil {
			return nil, err
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.open[k] = struct{}{}
	k.onFree = func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		delete(j.open, k)
	}
	return k, nil
}

// Close destroys every kernel and waits until their processes are gone.
func (j *Jail) Close(ctx context.Context) error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.quit)
		close(j.changed)
		j.changed = make(chan struct{})
	}
	j.mu.Unlock()
	select {
	case <-j.done:
		return j.fault
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keepWarm has a zygote at all times. It owns all that the jail starts.
func (j *Jail) keepWarm() {
	defer close(j.done)
	for {
		err := j.live()
		if j.quitting() {
			return
		}
		if err == nil {
			j.Logger.Warn("jail: the zygote ended, another one starts")
			j.become(State{Words: warmingWords}, nil)
			continue
		}
		j.Logger.Error("jail: runs are refused", "cause", err)
		j.become(refused(err), nil)
		pause := time.NewTimer(again)
		select {
		case <-pause.C:
		case <-j.quit:
			pause.Stop()
			return
		}
	}
}

func (j *Jail) quitting() bool {
	select {
	case <-j.quit:
		return true
	default:
		return false
	}
}

// leftover notes what could not be taken away.
func (j *Jail) leftover(err error) {
	if err != nil {
		j.Logger.Error("jail: something is left", "cause", err)
		j.fault = errors.Join(j.fault, err)
	}
}

func (j *Jail) untilQuit() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-j.quit:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// closeKernels ends those that are open, and waits for those being opened.
func (j *Jail) closeKernels() error {
	j.opening.Wait()
	j.mu.Lock()
	left := make([]*kernel, 0, len(j.open))
	for k := range j.open {
		left = append(left, k)
	}
	j.mu.Unlock()
	var all sync.WaitGroup
	faults := make([]error, len(left))
	for i, k := range left {
		all.Go(func() { faults[i] = k.Close(context.Background()) })
	}
	all.Wait()
	return errors.Join(faults...)
}
