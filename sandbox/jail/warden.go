package jail

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// warden is root's part of a jail. It is in this process when that is root's
// (a command line tool), else in a supervisor's, which this process asks.
type warden interface {
	// launch starts an outer wall of that number, which no other has. It takes
	// over the zygote's end of the control socket and the pipe for complaints,
	// also when it fails.
	launch(wall uint64, control, complaints *os.File) (launched, error)
	// admit takes charge of a new kernel within a wall, which waits for our word:
	// its cgroup, and the handles by which it is signalled and its files are read.
	admit(wall, id uint64, pid int, b bounds) (ward, error)
	// leave gives back what post took; the walls have ended by then.
	leave() error
}

// launched is the wall's own process.
type launched interface {
	kill()
	wait() // until it has ended
}

// post has a warden take post. Its error names the missing stone.
func post(c Config) (warden, error) {
	if c.Supervisor != nil {
		return c.Supervisor.post()
	}
	return newRoot(c)
}

// root is the warden itself, and the only type that needs root.
type root struct {
	runtime  string
	filter   []byte
	uid, gid uint32
	tree     tree

	mu    sync.Mutex
	walls map[uint64]*launcher // that have not ended
}

func newRoot(c Config) (*root, error) {
	for _, stone := range Stones(c) {
		if stone.Err != nil {
			return nil, stone.Err
		}
	}
	filter, err := assembleFilter()
	if err != nil {
		return nil, err
	}
	uid, gid, err := lookUp(c.User)
	if err != nil {
		return nil, err
	}
	groups, err := openTree()
	if err != nil {
		return nil, err
	}
	return &root{runtime: c.Runtime, filter: filter, uid: uid, gid: gid, tree: groups, walls: map[uint64]*launcher{}}, nil
}

func lookUp(name string) (uid, gid uint32, err error) {
	who, err := user.Lookup(name)
	if err != nil {
		return 0, 0, fmt.Errorf("no system user %s: run make setup", name)
	}
	u, err1 := strconv.ParseUint(who.Uid, 10, 32)
	g, err2 := strconv.ParseUint(who.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, fmt.Errorf("system user %s: %w", name, err)
	}
	if u == 0 || g == 0 {
		return 0, 0, fmt.Errorf("system user %s is root: the jail needs a user that owns nothing", name)
	}
	return uint32(u), uint32(g), nil
}

// confine makes cmd run as the jail's user with nothing of ours: an empty (not
// nil) environment, since bubblewrap's own first process keeps it readable, and
// no groups. It dies with the thread that starts it.
func confine(cmd *exec.Cmd, uid, gid uint32) {
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: uid, Gid: gid, Groups: []uint32{}},
		Pdeathsig:  syscall.SIGKILL,
		Setsid:     true,
	}
}

// launcher is bubblewrap's first process.
type launcher struct {
	process *os.Process
	done    chan struct{} // closed when it has ended and is reaped
}

// launch starts the wall on a thread that lives as long as the wall does: the
// parent-death signal is the thread's, not the process's.
func (r *root) launch(number uint64, control, complaints *os.File) (launched, error) {
	defer complaints.Close()
	outer, err := buildWall(r.runtime, control, r.filter)
	if err != nil {
		return nil, err
	}
	defer outer.close()
	confine(outer.cmd, r.uid, r.gid)
	outer.cmd.Stdout, outer.cmd.Stderr = complaints, complaints
	l := &launcher{done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer close(l.done)
		err := outer.cmd.Start()
		l.process = outer.cmd.Process
		started <- err
		if err == nil {
			_ = outer.cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start bubblewrap: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.walls[number] = l
	return l, nil
}

// wallOf is the wall of that number; nil when there is none, or none any more.
func (r *root) wallOf(number uint64) *launcher {
	r.mu.Lock()
	defer r.mu.Unlock()
	for number, l := range r.walls {
		if l.ended() {
			delete(r.walls, number)
		}
	}
	return r.walls[number]
}

func (l *launcher) kill() { _ = l.process.Kill() }

func (l *launcher) wait() { <-l.done }

func (l *launcher) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// holdsPid reports whether the process is there, be it dead: as long as nobody
// has reaped it, its number is no other's.
func (l *launcher) holdsPid() bool { return l.process.Signal(syscall.Signal(0)) == nil }

func (r *root) admit(wall, id uint64, pid int, b bounds) (ward, error) {
	w, err := r.takeUp(wall, id, pid)
	if err != nil {
		return nil, fmt.Errorf("take up the kernel: %w", err)
	}
	if w.group, err = r.tree.create(fmt.Sprintf("kernel-%d", id), b); err != nil {
		return nil, errors.Join(fmt.Errorf("cgroup of the kernel: %w", err), w.remove())
	}
	if err := w.add(pid); err != nil {
		return nil, errors.Join(fmt.Errorf("join the kernel's cgroup: %w", err), w.remove())
	}
	w.guard, w.pace = newGuard(w.group, w.work, b), newPace(w.group, b.behind)
	go w.guard.watch(w.kill)
	return w, nil
}

// takeUp opens the handles on a kernel's process 1. The numbers that all is
// looked up by were its own and the launcher's all the while: both processes
// are still there when it is done.
func (r *root) takeUp(wall, id uint64, pid int) (*charge, error) {
	launcher := r.wallOf(wall)
	if launcher == nil {
		return nil, errors.New("there is no such wall")
	}
	w := &charge{id: id, pid: pid, uid: r.uid, handle: -1, work: -1}
	var err error
	if w.handle, err = unix.PidfdOpen(pid, 0); err != nil {
		return nil, fmt.Errorf("pidfd: %w", err)
	}
	if err = r.vouch(launcher, pid); err == nil {
		w.work, err = openWorkspace(pid, r.uid)
	}
	if err == nil && (unix.PidfdSendSignal(w.handle, 0, nil, 0) != nil || !launcher.holdsPid()) {
		err = errors.New("it has ended")
	}
	if err != nil {
		return nil, errors.Join(err, w.remove())
	}
	return w, nil
}

// leave gives back what newRoot took.
func (r *root) leave() error { return r.tree.close() }
