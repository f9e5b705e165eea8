package jail

import (
	"context"
	"sync"
	"time"

	"mayfly/sandbox"
)

const (
	// renewAfter is how old a zygote grows: all kernels of one share what was
	// random at its start, the layout of memory and the seed of hashes.
	// lingerMost is how long it then stays for kernels that still live. So two
	// stand at a time at most, at about 350 MB each.
	renewAfter, lingerMost = 24 * time.Hour, 24 * time.Hour
	// renewAgain is when a zygote is asked for again that could not be had, or
	// while too many old ones stand.
	renewAgain = time.Hour
	oldMost    = 3
)

// live is the life of zygotes under one warden: of the first, and of those that
// take its place, until one ends that should not. An error says why it could not
// begin.
func (j *Jail) live() error {
	w, err := post(j.Config)
	if err != nil {
		return err
	}
	defer func() { j.leftover(w.leave()) }()
	l := &line{jail: j, warden: w}
	ctx, cancel := j.untilQuit()
	if err := l.next(ctx); err != nil {
		cancel()
		return err
	}
	defer l.end()
	defer cancel()
	renew := time.NewTimer(renewAfter)
	defer renew.Stop()
	for {
		select {
		case <-l.now.done:
			return nil
		case <-j.quit:
			return nil
		case <-renew.C:
			renew.Reset(l.renew(ctx))
		case <-j.early:
			renew.Reset(l.renew(ctx))
		}
	}
}

// line is a warden's zygotes, one after another.
type line struct {
	jail   *Jail
	warden warden
	last   uint64 // number
	now    *zygote
	stop   func() // what keeps the pool of now full

	old  sync.WaitGroup
	mu   sync.Mutex
	olds int
}

// next starts a zygote, proves it, and has it serve.
func (l *line) next(ctx context.Context) error {
	j := l.jail
	l.last++
	z, err := startZygote(l.warden, l.last, j.Logger)
	if err != nil {
		return err
	}
	warm, err := z.awaitWarm(ctx)
	if err == nil {
		err = selfTest(ctx, z)
	}
	if err != nil {
		z.close()
		return err
	}
	l.now, l.stop = z, j.keepReady(z)
	took := time.Duration(warm.Seconds * float64(time.Second))
	j.Logger.Info("jail: ready", "warm_up", took.Round(time.Millisecond), "rss", warm.RSS, "huge", warm.Huge, "missing", warm.Missing)
	j.become(State{Ready: true, Warm: took, RSS: warm.RSS, Packages: warm.Packages, Missing: warm.Missing}, z)
	return nil
}

// renew puts another zygote in the place of the one that serves, and returns
// when to do so again. Runs notice nothing: new kernels come from the new one.
func (l *line) renew(ctx context.Context) time.Duration {
	l.mu.Lock()
	full := l.olds >= oldMost
	l.mu.Unlock()
	if full {
		return renewAgain
	}
	old, stop := l.now, l.stop
	if err := l.next(ctx); err != nil {
		if ctx.Err() == nil {
			l.jail.Logger.Warn("jail: no new zygote could be had, the old one goes on", "cause", err)
		}
		return renewAgain
	}
	l.mu.Lock()
	l.olds++
	l.mu.Unlock()
	l.old.Go(func() {
		stop()
		l.jail.retire(ctx, old)
		l.mu.Lock()
		l.olds--
		l.mu.Unlock()
	})
	return renewAfter
}

// end closes every kernel and waits until no zygote is left.
func (l *line) end() {
	l.stop()
	l.jail.leftover(l.jail.closeKernels())
	l.now.close()
	l.old.Wait()
}

// retire lets an old zygote go: with its last kernel, or when it has lingered
// long enough, and then no run is cut off either.
func (j *Jail) retire(ctx context.Context, z *zygote) {
	defer z.close()
	late := time.NewTimer(j.linger)
	defer late.Stop()
	for !z.refuse() {
		select {
		case <-z.emptied:
		case <-z.done:
			return
		case <-ctx.Done():
			return
		case <-late.C:
			j.Logger.Info("jail: an old zygote goes, and its last kernels with it", "kernels", len(z.alive()))
			for _, k := range z.alive() {
				go k.dismiss()
			}
		}
	}
}

// dismiss ends a kernel when its code stands still.
func (k *kernel) dismiss() {
	k.use.Lock()
	k.dismissed = true
	k.use.Unlock()
	k.kill()
}

// keepReady fills the zygote's pool until the returned function is called.
func (j *Jail) keepReady(z *zygote) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	z.pool = &pool{zygote: z, size: j.Ready, log: j.Logger, nudge: make(chan struct{}, 1), done: make(chan struct{})}
	// What runs of the product ask for where no setting changes it: the first of
	// them finds a kernel, too.
	z.pool.shape = shapeOf(sandbox.Spec{Limits: sandbox.DefaultLimits(), KeepFigures: true})
	z.pool.wake()
	go z.pool.fill(ctx)
	return func() {
		cancel()
		<-z.pool.done
	}
}
