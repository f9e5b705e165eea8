package jail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// kernel is one live interpreter and the host's handles on it.
type kernel struct {
	id     uint64
	pid    int // of its process 1, as this machine counts
	zygote *zygote
	spec   sandbox.Spec
	limits sandbox.Limits
	behind bool // made to stand ready: nobody waits for it

	ward     ward // what the warden can do for us with it, once it is admitted
	link     *link
	out, err int // read ends of its stdout and stderr
	bell     int // eventfd: wakes the Exec loop
	shelf    shelfState
	runs     int

	use       sync.Mutex       // held by Exec, by a walk of Produced, and by the last step of Close
	before    map[string]stamp // the working folder before the last Exec; guarded by use
	after     map[string]stamp // as the last walk of Produced found it, if surveyed; guarded by use
	surveyed  bool
	dismissed bool // it takes no more code; guarded by use
	aside     aside
	ended     chan struct{}
	once      struct{ died, freed sync.Once }
	freeErr   error
	onFree    func() // tells the jail that it is gone

	mu      sync.Mutex // guards what follows, and that bell is open
	status  int        // as waitpid gives it; valid after ended
	stopped bool       // Interrupt was called during this Exec
	running bool
}

const (
	// birthMax bounds every step of a kernel's start; the whole takes 20 ms.
	birthMax = 15 * time.Second
	// burialMax is within the 2 s of SEC-40 with a margin for a loaded machine.
	burialMax = 10 * time.Second
	// workFiles is the workspace's number of inodes: room for 10,000 files, and
	// at about 1 KB of kernel memory each no way to eat the machine.
	workFiles = 16_384
)

// openKernel has the zygote fork one, confines it, and lays its input files. behind:
// nobody waits for it.
func openKernel(ctx context.Context, z *zygote, spec sandbox.Spec, behind bool) (*kernel, error) {
	k := &kernel{
		zygote: z, spec: spec, behind: behind, limits: withDefaults(spec.Limits), out: -1, err: -1, bell: -1,
		ended: make(chan struct{}),
	}
	if err := k.begin(ctx); err != nil {
		return nil, errors.Join(err, k.Close(context.WithoutCancel(ctx)))
	}
	return k, nil
}

func (k *kernel) begin(ctx context.Context) error {
	if err := k.inputsFit(); err != nil {
		return err
	}
	if err := k.birth(); err != nil {
		return err
	}
	var err error
	if k.pid, err = k.greet(); err != nil {
		return err
	}
	k.ward, err = k.zygote.warden.admit(k.zygote.number, k.id, k.pid, bounds{
		memory: k.limits.Memory, files: k.workBytes(), pids: k.limits.Pids, behind: k.behind,
	})
	if err != nil {
		return err
	}
	return k.furnish(ctx)
}

// LimitWall sets the wall limit of the Execs that follow.
func (k *kernel) LimitWall(wall time.Duration) {
	k.use.Lock()
	defer k.use.Unlock()
	k.limits.Wall = orElse(wall, k.limits.Wall)
}

// Done is closed when the interpreter has ended for whatever reason.
func (k *kernel) Done() <-chan struct{} { return k.ended }

// Interrupt asks the running Exec to stop; the Exec loop kills the kernel when
// it has not stopped after a grace. Nothing runs: nothing happens.
func (k *kernel) Interrupt(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running {
		k.stopped = true
		k.ringLocked()
	}
	return nil
}

// Close kills everything inside and frees the workspace.
func (k *kernel) Close(ctx context.Context) error {
	k.kill()
	k.use.Lock()
	defer k.use.Unlock()
	k.once.freed.Do(func() { k.freeErr = k.free(ctx) })
	return k.freeErr
}

func (k *kernel) free(ctx context.Context) error {
	var errs []error
	if k.id != 0 {
		errs = append(errs, k.awaitEnd(ctx))
	}
	if k.ward != nil {
		errs = append(errs, k.ward.remove())
	}
	k.zygote.forget(k)
	if k.onFree != nil {
		k.onFree()
	}
	k.mu.Lock()
	fds := []int{k.bell, k.out, k.err}
	k.bell = -1
	k.mu.Unlock()
	if k.link != nil {
		fds = append(fds, k.link.fd)
	}
	for _, fd := range fds {
		if fd >= 0 {
			errs = append(errs, unix.Close(fd))
		}
	}
	return errors.Join(errs...)
}

// awaitEnd waits for the zygote's report. A kernel that never was admitted
// ends by itself when its channel closes.
func (k *kernel) awaitEnd(ctx context.Context) error {
	if k.ward == nil {
		_ = unix.Shutdown(k.link.fd, unix.SHUT_RDWR)
	}
	slow := time.NewTimer(burialMax)
	defer slow.Stop()
	select {
	case <-k.ended:
		return nil
	case <-slow.C:
		return fmt.Errorf("kernel %d did not end within %s", k.id, burialMax)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kill ends the kernel at once.
func (k *kernel) kill() {
	if k.ward != nil {
		k.ward.kill()
	}
}

// interrupt sends SIGINT to the interpreter alone.
func (k *kernel) interrupt() {
	if k.ward != nil {
		k.ward.interrupt()
	}
}

// isOver reports whether the interpreter has ended.
func (k *kernel) isOver() bool {
	select {
	case <-k.ended:
		return true
	default:
		return false
	}
}

func (k *kernel) died(status int) {
	k.once.died.Do(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.status = status
		close(k.ended)
		k.ringLocked()
	})
}

// ring wakes the Exec loop.
func (k *kernel) ring() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ringLocked()
}

func (k *kernel) ringLocked() {
	if k.bell >= 0 {
		_, _ = unix.Write(k.bell, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}
