package jail

import (
	"context"
	"log/slog"
	"sync"

	"mayfly/sandbox"
)

// pool keeps kernels ready that no code has touched: a fork, the walls and the
// cgroup take 15 to 30 ms, taking a ready one takes none of it. They are all of
// the shape that was asked for last; in a product all runs have one.
type pool struct {
	zygote *zygote
	size   int
	log    *slog.Logger
	nudge  chan struct{}
	done   chan struct{}

	mu    sync.Mutex
	shape shape
	ready []*kernel
	stale []*kernel // of a shape that nobody asks for any more
}

// shape is what must be known of a kernel before it is born. The wall limit is
// ours to keep, so it may differ.
type shape struct {
	limits      sandbox.Limits
	keepFigures bool
}

func shapeOf(spec sandbox.Spec) shape {
	limits := withDefaults(spec.Limits)
	limits.Wall = 0
	return shape{limits, spec.KeepFigures}
}

// fill keeps the pool full, one kernel after the other, until ctx ends; then it
// closes those that are left.
func (p *pool) fill(ctx context.Context) {
	defer close(p.done)
	for {
		select {
		case <-p.nudge:
			for p.tidy(); p.add(ctx); {
			}
		case <-ctx.Done():
			p.mu.Lock()
			p.stale, p.ready, p.size = append(p.stale, p.ready...), nil, 0
			p.mu.Unlock()
			p.tidy()
			return
		}
	}
}

// add puts one more kernel into the pool, if there is room.
func (p *pool) add(ctx context.Context) bool {
	p.mu.Lock()
	wanted, full := p.shape, len(p.ready) >= p.size
	p.mu.Unlock()
	if full || ctx.Err() != nil {
		return false
	}
	k, err := openKernel(ctx, p.zygote, sandbox.Spec{Limits: wanted.limits, KeepFigures: wanted.keepFigures}, true)
	if err != nil {
		if ctx.Err() == nil {
			p.log.Warn("jail: no kernel could be made ready", "cause", err)
		}
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shape != wanted {
		p.stale = append(p.stale, k)
	} else {
		p.ready = append(p.ready, k)
	}
	return true
}

// tidy closes what will not be used.
func (p *pool) tidy() {
	p.mu.Lock()
	stale := p.stale
	p.stale = nil
	p.mu.Unlock()
	for _, k := range stale {
		if err := k.Close(context.Background()); err != nil {
			p.log.Warn("jail: a ready kernel did not close cleanly", "cause", err)
		}
	}
}

// take gives a ready kernel away for good, nil when there is none that fits.
// Input files are laid before a kernel is up, so a run with some has to wait.
func (p *pool) take(spec sandbox.Spec) *kernel {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.size == 0 || len(spec.Inputs) > 0 {
		return nil
	}
	defer p.wake()
	if wanted := shapeOf(spec); p.shape != wanted {
		p.stale, p.ready, p.shape = append(p.stale, p.ready...), nil, wanted
	}
	for len(p.ready) > 0 {
		k := p.ready[0]
		p.ready = p.ready[1:]
		if k.isOver() {
			p.stale = append(p.stale, k)
			continue
		}
		k.spec, k.limits = spec, withDefaults(spec.Limits)
		return k
	}
	return nil
}

func (p *pool) wake() {
	select {
	case p.nudge <- struct{}{}:
	default:
	}
}
