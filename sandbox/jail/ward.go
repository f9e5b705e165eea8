package jail

import (
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// ward is one kernel in the warden's charge.
type ward interface {
	kill() // at once, and all within
	interrupt()
	setMemory(bytes int64) error // of program and files together
	freeze() error               // returns when every process stands still, or an error after a second
	thaw() error
	spent() (spent, error)
	resetPeak() // code begins to run
	rest()      // no code runs any more
	// vet compares what the operating system says of the kernel with what the
	// wall should be.
	vet() error
	survey() (survey, error)
	// open opens a file of the working folder for reading.
	open(path string) (*os.File, error)
	remove() error // no process may be left; it may be called again
}

var errRemoved = errors.New("the kernel is gone")

// charge is a ward with root's handles on it.
type charge struct {
	id  uint64
	pid int // of its process 1
	uid uint32
	group
	guard *guard // nil until it has a group
	pace  *pace  // the same

	mu     sync.RWMutex // held for reading while the handles are used
	handle int          // pidfd of its process 1
	work   int          // its working folder
}

// kill: a crowd on one core's worth of time would take long over dying, and a
// frozen kernel must thaw for it (cgroup v1), when none of it runs code any more.
func (c *charge) kill() {
	c.signal(unix.SIGKILL)
	c.pace.end()
	c.hurry()
	_ = c.group.thaw()
}

func (c *charge) freeze() error {
	c.pace.run()
	return c.group.freeze()
}

func (c *charge) thaw() error {
	defer c.pace.rest()
	return c.group.thaw()
}

func (c *charge) interrupt() { c.signal(unix.SIGINT) }

// signal reaches process 1. SIGKILL there ends all within. One that has ended
// needs no signal.
func (c *charge) signal(sig unix.Signal) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.handle >= 0 {
		_ = unix.PidfdSendSignal(c.handle, sig, nil, 0)
	}
}

func (c *charge) survey() (survey, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.work < 0 {
		return survey{}, errRemoved
	}
	return walkThrough(c.work), nil
}

func (c *charge) open(path string) (*os.File, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.work < 0 {
		return nil, errRemoved
	}
	return openBeneath(c.work, path, 0)
}

// setMemory keeps the program's own limit as it was.
func (c *charge) setMemory(bytes int64) error { return c.guard.setCeiling(bytes) }

func (c *charge) spent() (spent, error) {
	use, err := c.group.spent()
	return c.guard.facts(use), err
}

func (c *charge) rest() { c.pace.rest() }

func (c *charge) resetPeak() {
	c.pace.run()
	c.group.resetPeak()
	c.guard.wake()
}

func (c *charge) remove() error {
	if c.guard != nil {
		c.guard.stop() // before the lock, which its kill needs
		c.pace.end()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, fd := range []*int{&c.handle, &c.work} {
		if *fd >= 0 {
			errs = append(errs, unix.Close(*fd))
			*fd = -1
		}
	}
	if c.group != nil {
		errs = append(errs, c.group.remove())
	}
	return errors.Join(errs...)
}
