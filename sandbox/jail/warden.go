package jail

import (
	"errors"
	"fmt"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// warden is the only type that needs root: it starts the outer wall as the
// jail's own user, makes cgroups, and signals what runs in them.
type warden struct {
	uid, gid uint32
	tree     tree
}

// newWarden takes post. Its error names the missing stone.
func newWarden(name string) (*warden, error) {
	uid, gid, err := lookUp(name)
	if err != nil {
		return nil, err
	}
	groups, err := openTree()
	if err != nil {
		return nil, err
	}
	return &warden{uid: uid, gid: gid, tree: groups}, nil
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
func (w *warden) confine(cmd *exec.Cmd) {
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: w.uid, Gid: w.gid, Groups: []uint32{}},
		Pdeathsig:  syscall.SIGKILL,
		Setsid:     true,
	}
}

// admit puts a process that waits for our word into a group of its own, and
// returns the handle by which it can be signalled.
func (w *warden) admit(pid int, name string, b bounds) (group, int, error) {
	handle, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, -1, fmt.Errorf("pidfd of the kernel: %w", err)
	}
	g, err := w.tree.create(name, b)
	if err != nil {
		_ = unix.Close(handle)
		return nil, -1, fmt.Errorf("cgroup of the kernel: %w", err)
	}
	if err := g.add(pid); err != nil {
		_ = unix.Close(handle)
		return nil, -1, errors.Join(fmt.Errorf("join the kernel's cgroup: %w", err), g.remove())
	}
	return g, handle, nil
}

// signal reaches process 1 of a kernel. SIGKILL there ends all within.
func (w *warden) signal(handle int, sig unix.Signal) error {
	err := unix.PidfdSendSignal(handle, sig, nil, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// leave gives back what newWarden took.
func (w *warden) leave() error { return w.tree.close() }
