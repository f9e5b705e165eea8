package jail

import (
	"errors"
	"maps"
	"slices"
)

// A zygote's brood: the kernels that it has forked and that still live.

// adopt gives a new kernel its number.
func (z *zygote) adopt(k *kernel) error {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.over {
		return errZygoteEnded
	}
	z.last++
	k.id = z.last
	z.kernels[k.id] = k
	return nil
}

func (z *zygote) forget(k *kernel) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.removeLocked(k.id)
}

func (z *zygote) removeLocked(id uint64) {
	delete(z.kernels, id)
	if len(z.kernels) == 0 {
		select {
		case z.emptied <- struct{}{}:
		default:
		}
	}
}

func (z *zygote) isOver() bool {
	select {
	case <-z.done:
		return true
	default:
		return false
	}
}

// refuse has a zygote without kernels take no new ones; false while it has some.
func (z *zygote) refuse() bool {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.over = z.over || len(z.kernels) == 0
	return z.over
}

// alive are the kernels that live.
func (z *zygote) alive() []*kernel {
	z.mu.Lock()
	defer z.mu.Unlock()
	return slices.Collect(maps.Values(z.kernels))
}

var errZygoteEnded = errors.New("the zygote ended")

func (z *zygote) bury(id uint64, status int) {
	z.mu.Lock()
	k := z.kernels[id]
	z.removeLocked(id)
	z.mu.Unlock()
	if k != nil {
		k.died(status)
	}
}

// goneWithZygote is the status of a kernel whose end nobody could report: our
// fault, not the code's.
const goneWithZygote = -1

func (z *zygote) buryAll() {
	z.mu.Lock()
	z.over = true
	left := z.kernels
	z.kernels = map[uint64]*kernel{}
	z.mu.Unlock()
	for _, k := range left {
		k.died(goneWithZygote)
	}
}
