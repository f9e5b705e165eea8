package jail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

const (
	// grace is how long code may take to stop when it is asked to.
	grace = time.Second
	// sayMax bounds a short message to a kernel that waits for it.
	sayMax = time.Second
	// pipeMax is the most that a pipe can hold (/proc/sys/fs/pipe-max-size).
	pipeMax = 1 << 20
)

// turn is one Exec from its code to its verdict. Its loop owns every field;
// errands run beside it and ring the kernel's bell.
type turn struct {
	k      *kernel
	to     sandbox.IO
	ctx    context.Context // ends with the turn
	cancel context.CancelFunc
	number int
	look   map[string]any // of a look instead of a cell; nil
	limit  time.Duration  // of the wall clock
	before spent

	began   time.Time
	paused  time.Duration // in which input() waited
	asked   time.Time     // since when it waits; zero when it does not
	lookAt  time.Time     // when to look at it while it waits
	running bool          // the kernel's SIGINT handler stands

	out, err     channel
	piece        []byte // what drain reads into
	written      int64  // bytes of stdout and stderr
	shown        int64  // bytes of displays
	show         *display
	clearNext    bool // clear_output(wait=True): the next piece takes the place of all
	errand       *errand
	errands      sync.WaitGroup
	dropped      int // questions that were given up
	linkBrokenAt time.Time

	stop   sandbox.Ending // why it is being stopped, "" while it is not
	stopAt time.Time      // when it is killed
	killed bool           // it did not stop by itself
	breach string         // what the kernel did to its channel, in words
	fault  error          // our own
	done   *message
}

// channel is the read end of stdout or stderr.
type channel struct {
	fd     int
	stream sandbox.Stream
	text   decoder
	closed bool
}

// Exec runs code to its end.
func (k *kernel) Exec(ctx context.Context, code string, to sandbox.IO) (sandbox.Result, error) {
	k.use.Lock()
	defer k.use.Unlock()
	if k.isOver() || k.dismissed || k.bell < 0 {
		return sandbox.Result{}, fmt.Errorf("kernel %d has ended", k.id)
	}
	if !k.surveyed {
		now, err := k.ward.survey()
		if err != nil {
			return sandbox.Result{}, fmt.Errorf("look at the working folder: %w", err)
		}
		k.after = now.stamps()
	}
	k.before, k.surveyed = k.after, false
	t, err := k.newTurn(ctx, to)
	if err != nil {
		return sandbox.Result{}, err
	}
	t.catchUp()
	return t.through(code)
}

// through gives the kernel its code and follows it to the verdict.
func (t *turn) through(code string) (sandbox.Result, error) {
	k := t.k
	defer t.leave()
	wake := context.AfterFunc(t.ctx, k.ring)
	defer wake()
	switch err := t.begin(code); {
	case errors.Is(err, io.EOF): // it has just ended, which the loop will tell
	case err != nil:
		k.kill()
		return sandbox.Result{}, fmt.Errorf("give the code to kernel %d: %w", k.id, err)
	}
	t.loop()
	return t.verdict()
}

func (k *kernel) newTurn(ctx context.Context, to sandbox.IO) (*turn, error) {
	before, err := k.ward.spent()
	if err != nil {
		return nil, fmt.Errorf("read the kernel's cgroup: %w", err)
	}
	k.ward.resetPeak()
	k.runs++
	k.mu.Lock()
	k.running, k.stopped = true, false
	k.mu.Unlock()
	t := &turn{
		k: k, to: to, number: k.runs, limit: k.limits.Wall, before: before, began: time.Now(),
		out: channel{fd: k.out, stream: sandbox.Stdout}, err: channel{fd: k.err, stream: sandbox.Stderr},
	}
	t.ctx, t.cancel = context.WithCancel(ctx)
	return t, nil
}

// begin sends the code.
func (t *turn) begin(code string) error {
	head := map[string]any{"t": "run", "run": t.number}
	if t.look != nil {
		head["look"] = t.look
	}
	if err := t.k.link.say(head, birthMax); err != nil {
		return err
	}
	_, err := t.k.link.stream(strings.NewReader(code), int64(len(code)), birthMax)
	return err
}

// leave waits for the errands: they use the kernel's descriptors.
func (t *turn) leave() {
	t.cancel()
	t.k.mu.Lock()
	t.k.running = false
	t.k.mu.Unlock()
	t.errands.Wait()
	if !t.k.isOver() {
		t.k.ward.rest()
	}
}

func (t *turn) loop() {
	for {
		bell, link, err := t.wait()
		if err != nil {
			t.fail(err)
			return
		}
		if bell {
			t.heedBell()
		}
		frames := link && t.fill()
		// What was printed before a frame was sent is in the pipes by now.
		t.drain(pipeMax)
		if frames {
			t.obey()
		}
		if t.fault != nil || t.done != nil || t.k.isOver() {
			return
		}
		t.watchClock()
	}
}

// wait polls everything that can happen to a turn.
func (t *turn) wait() (bell, link bool, err error) {
	fds := []unix.PollFd{{Fd: int32(t.k.bell), Events: unix.POLLIN}, {Fd: -1}, {Fd: -1}, {Fd: -1}}
	if t.linkBrokenAt.IsZero() {
		fds[1] = unix.PollFd{Fd: int32(t.k.link.fd), Events: unix.POLLIN}
	}
	for i, c := range []*channel{&t.out, &t.err} {
		if !c.closed {
			fds[2+i] = unix.PollFd{Fd: int32(c.fd), Events: unix.POLLIN}
		}
	}
	for {
		_, err := unix.Poll(fds, t.patience())
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return false, false, fmt.Errorf("poll: %w", err)
		}
		return fds[0].Revents != 0, fds[1].Revents != 0, nil
	}
}

// fail ends the turn as our own fault. The kernel's state is unknown then.
func (t *turn) fail(err error) {
	if t.fault == nil {
		t.fault = err
	}
	t.k.kill()
}
