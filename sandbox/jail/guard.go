package jail

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// guard holds a kernel's program to its memory while its files have theirs.
//
// The operating system counts a file in memory (tmpfs) in the group of whoever
// writes it, and has one limit for both. That limit is their sum, the ceiling;
// with it alone a program that writes no files could use the files' share too.
// So the guard looks how much of it is files, and while the program is over its
// own limit it lowers the group's to what is fair: then the operating system
// kills as it does at any limit. What a program can take beyond its limit is what
// it takes between two looks, and never more than the ceiling (docs/adr/0027).
type guard struct {
	group   group
	work    int   // the working folder
	program int64 // bytes that the program may use
	base    int64 // the ceiling without fetched files
	nudge   chan struct{}
	quit    func()
	over    <-chan struct{} // closed by quit
	done    chan struct{}

	mu      sync.Mutex // guards what follows
	ceiling int64
	tight   time.Time // since when the limit is lowered; zero while it is not
	overran int64     // 1 when the guard itself had to end the kernel
}

const (
	// growth is more than any one core's worth of a program fills a second: 3
	// to 4 GB were measured.
	growth = 8 << 30
	// lookMin and lookMax bound the time between two looks; a look takes about
	// 17 µs. A kernel that rests is looked at less often.
	lookMin, lookMax, restMax = 2 * time.Millisecond, 100 * time.Millisecond, 5 * time.Second
	// guardSlack is what each core may hold of a group's memory without it
	// being used (memcg's stock), and rounding.
	guardSlack = 2 << 20
	// stuckMax is how long a program may stand still above its limit before the
	// guard ends the kernel: version 1 kills only who asks for more.
	stuckMax = 500 * time.Millisecond
)

func newGuard(g group, work int, b bounds) *guard {
	over := make(chan struct{})
	return &guard{
		group: g, work: work, program: b.memory, base: b.ceiling(), ceiling: b.ceiling(),
		nudge: make(chan struct{}, 1), quit: sync.OnceFunc(func() { close(over) }), over: over, done: make(chan struct{}),
	}
}

// watch looks until stop is called. kill ends the kernel.
func (g *guard) watch(kill func()) {
	defer close(g.done)
	var last int64
	pause := lookMax
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-g.over:
			return
		case <-g.nudge:
			if pause > lookMax { // else many short cells would put it off
				pause = lookMax
				timer.Reset(pause)
			}
			continue
		case <-timer.C:
		}
		used, room := g.look(kill)
		rests := used-last < 1<<20 && last-used < 1<<20
		last = used
		next := min(max(time.Duration(room)*time.Second/growth, lookMin), lookMax)
		if rests && room > guardSlack {
			next = min(max(next, 2*pause), restMax)
		}
		pause = next
		timer.Reset(pause)
	}
}

// wake has a guard that looks seldom look more often: code begins to run.
func (g *guard) wake() {
	select {
	case g.nudge <- struct{}{}:
	default:
	}
}

// stop returns when the guard looks no more.
func (g *guard) stop() {
	g.quit()
	<-g.done
}

// look compares, moves the limit, and returns what the group uses and how much
// more the program may take.
func (g *guard) look(kill func()) (used, room int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Files that come or go between two readings must not count as program: the
	// larger of both counts.
	before := g.files()
	used = g.group.used()
	fair := g.program + max(before, g.files()) + guardSlack
	if room = fair - used; room < 0 {
		room += g.group.cached() // taken back when it is needed
	}
	switch {
	case room >= 0 && !g.tight.IsZero():
		g.tight = time.Time{}
		_ = g.group.setMemory(g.ceiling)
	case room >= 0:
	case g.tight.IsZero():
		g.tight = time.Now()
		g.lower(fair)
	case time.Since(g.tight) > stuckMax && g.overran == 0:
		g.overran = 1
		kill()
	default:
		g.lower(fair)
	}
	return used, max(room, 0)
}

// lower sets the fair limit, or, where version 1 refuses a limit below what is
// used, that what is used is the most.
func (g *guard) lower(fair int64) {
	if g.group.setMemory(fair) == nil {
		return
	}
	for range 3 {
		if g.group.setMemory(max(fair, g.group.used())) == nil {
			return
		}
	}
}

// files is what the files of the kernel hold, and what was fetched for it.
// Deleted ones that are still open count.
func (g *guard) files() int64 {
	var s unix.Statfs_t
	if unix.Fstatfs(g.work, &s) != nil {
		return g.ceiling
	}
	return int64(s.Blocks-s.Bfree)*s.Bsize + g.ceiling - g.base
}

// setCeiling moves the limit for program and files together.
func (g *guard) setCeiling(bytes int64) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ceiling = bytes
	if !g.tight.IsZero() {
		return nil
	}
	return g.group.setMemory(bytes)
}

// facts adds to the group's own what only the guard knows.
func (g *guard) facts(s spent) spent {
	g.mu.Lock()
	defer g.mu.Unlock()
	s.files = g.files()
	s.oomKills += g.overran
	return s
}
