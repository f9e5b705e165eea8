package jail

import (
	"sync"
	"time"
)

// pace gives a kernel one core's worth while a cell runs, and a twentieth of that
// between two: what a cell has left behind goes on, and nobody mines with it
// (docs/adr/0024). A group is not frozen for it: on version 1 nothing can kill
// what is frozen, so it would outlive a server that is killed.
//
// One that is made to stand ready comes behind those that run code, so that making
// it takes time from nobody.
type pace struct {
	group group

	mu     sync.Mutex // guards what follows
	soon   *time.Timer
	slow   bool
	over   bool
	behind bool
}

// restAfter is how long after its last cell a kernel is slowed: a run's files are
// collected by then, and a kernel for one run is gone.
const restAfter = time.Second

// run lifts the limit before code runs, or before all is to stand still: who is
// slow is slow to freeze, too.
func (p *pace) run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.soon.Stop()
	if p.behind && !p.over {
		p.behind = false
		p.group.setShare(false)
	}
	if p.slow && !p.over {
		p.slow = false
		p.group.setCPU(cpuQuota)
	}
}

// rest says that no code runs.
func (p *pace) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over && !p.slow {
		p.soon.Reset(restAfter)
	}
}

func (p *pace) brake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.slow = true
		p.group.setCPU(restQuota)
	}
}

// end leaves the limit as it is from now on.
func (p *pace) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.soon.Stop()
	p.over = true
}

// newPace is for a kernel that has run no code yet.
func newPace(g group, behind bool) *pace {
	p := &pace{group: g, behind: behind}
	p.soon = time.AfterFunc(restAfter, p.brake)
	p.soon.Stop()
	return p
}
