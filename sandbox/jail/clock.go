package jail

import (
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// heedBell looks at everything that may have rung.
func (t *turn) heedBell() {
	var count [8]byte
	_, _ = unix.Read(t.k.bell, count[:])
	t.endErrand()
	if err := t.ctx.Err(); err != nil {
		t.fail(err)
		return
	}
	t.k.mu.Lock()
	stopped := t.k.stopped
	t.k.mu.Unlock()
	if stopped {
		t.halt(sandbox.Interrupted)
	}
}

// idleCheck is how often code that waits for a person is looked at: a thread of
// it may go on working.
const idleCheck = time.Second

// deadline is when the clock must be looked at next.
func (t *turn) deadline() time.Time {
	switch {
	case !t.linkBrokenAt.IsZero() && !t.killed:
		return t.linkBrokenAt.Add(grace)
	case t.killed:
		return t.stopAt.Add(burialMax)
	case t.stop != "":
		return t.stopAt
	case !t.asked.IsZero():
		return t.lookAt
	}
	return t.began.Add(t.limit + t.paused)
}

// patience is the time to the deadline as poll wants it.
func (t *turn) patience() int {
	return int(max(0, time.Until(t.deadline()))/time.Millisecond) + 1
}

func (t *turn) watchClock() {
	if time.Now().Before(t.deadline()) {
		return
	}
	switch {
	case t.killed:
		t.fail(errImmortal)
	case !t.linkBrokenAt.IsZero():
		t.accuse("closed the channel by which the interpreter talks to Mayfly")
	case t.stop != "":
		t.finishOff()
	case !t.asked.IsZero() && !t.overspent():
		t.lookAt = time.Now().Add(idleCheck)
	default:
		t.halt(sandbox.TimedOut)
	}
}

// halt asks the code to stop; finishOff follows when it does not. The first
// reason stands.
func (t *turn) halt(why sandbox.Ending) {
	if t.stop != "" || t.killed {
		return
	}
	t.stop, t.stopAt = why, time.Now().Add(grace)
	if t.running {
		t.k.interrupt()
	}
}

func (t *turn) finishOff() {
	t.killed, t.stopAt = true, time.Now()
	t.k.kill()
}

// accuse ends a kernel whose channel cannot be trusted any more.
func (t *turn) accuse(deed string) {
	if t.breach == "" {
		t.breach = deed
	}
	if !t.killed {
		t.finishOff()
	}
}

// pause stops the wall clock while a person is asked.
func (t *turn) pause() {
	t.asked = time.Now()
	if t.lookAt.Before(t.asked) { // else many short questions would put it off
		t.lookAt = t.asked.Add(idleCheck)
	}
}

// overspent reports whether the code used more processor time than it may take
// by the clock, which stands still for it.
func (t *turn) overspent() bool {
	use, err := t.k.ward.spent()
	return err == nil && use.cpu-t.before.cpu > t.limit
}

func (t *turn) resume() {
	if !t.asked.IsZero() {
		t.paused += time.Since(t.asked)
		t.asked = time.Time{}
	}
}

// wall is the time that counts against the limit.
func (t *turn) wall() time.Duration {
	t.resume()
	return time.Since(t.began) - t.paused
}
