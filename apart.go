package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/urfave/cli/v3"
	"golang.org/x/sys/unix"

	"mayfly/config"
	"mayfly/internal/pgserver"
)

// Root keeps nothing but the jail's supervisor: all else that it starts goes on
// in a process of the system user's (docs/adr/0023).

func isRoot() bool { return os.Geteuid() == 0 }

// handOver makes the folders that the program keeps things in, and whatever
// root has left there, the system user's.
func handOver(cfg *config.Config) error {
	folders := []string{"blobs", "keys"}
	if !cfg.DatabaseURL.Set() {
		if err := pgserver.Folders(pgserver.Config{Data: cfg.Data}); err != nil {
			return err
		}
		folders = append(folders, "pg-run")
	}
	if err := pgserver.HandOver(cfg.Data, folders...); err != nil {
		return err
	}
	if blobs, err := url.Parse(cfg.Blobs); err == nil && blobs.Scheme == "file" {
		return pgserver.HandOverFolder(blobs.Path)
	}
	return nil
}

// goOnApart runs this very command once more, as the system user.
func goOnApart(ctx context.Context, cfg *config.Config) error {
	if err := handOver(cfg); err != nil {
		return trouble(err)
	}
	p, err := startApart(cfg, os.Args[1:])
	if err != nil {
		return trouble(err)
	}
	p.passOn(ctx)
	return p.verdict(ctx)
}

// apart is a process of the system user's that goes on in root's place.
type apart struct {
	process *os.Process
	ended   chan struct{}
	state   *os.ProcessState // after ended
}

// startApart starts this program as the system user, with no right to become
// anybody else. It writes where we write, has our settings, and ends with us.
func startApart(cfg *config.Config, args []string, files ...*os.File) (*apart, error) {
	name, credential, err := pgserver.SystemUser()
	if err != nil {
		return nil, err
	}
	settings, err := config.Environment(cfg)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = files
	cmd.Dir = cfg.Data // ours may be closed to it
	cmd.Env = settings
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: credential,
		Pdeathsig:  syscall.SIGKILL,
		// No terminal: it could type for root there (TIOCSTI), and a Ctrl-C
		// reaches it through us, once.
		Setsid: true,
	}
	p := &apart{ended: make(chan struct{})}
	err = p.spawn(cmd)
	if errors.Is(err, fs.ErrPermission) {
		self, _ := os.Executable()
		return nil, fmt.Errorf("the user %s may not run this program: chmod a+rx %s", name, self)
	}
	if err != nil {
		return nil, fmt.Errorf("go on as the user %s: %w", name, err)
	}
	return p, nil
}

// spawn starts cmd on a thread that lives as long as it: the parent-death
// signal is the thread's, and so is what it gives up for good.
func (p *apart) spawn(cmd *exec.Cmd) error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer close(p.ended)
		err := forgo()
		if err == nil {
			err = cmd.Start()
		}
		p.process = cmd.Process
		started <- err
		if err == nil {
			p.state, _ = cmd.Process.Wait()
		}
	}()
	return <-started
}

// forgo keeps what this thread starts from gaining rights by any program it
// runs, and takes every capability out of its reach.
func forgo() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	for capability := uintptr(0); ; capability++ {
		err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) {
			return nil // there are no more
		}
		if err != nil {
			return fmt.Errorf("drop capability %d: %w", capability, err)
		}
	}
}

// passOn passes the first signal on, and the second; the third ends a process
// that heeds none. It returns when the process has ended.
func (p *apart) passOn(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-p.ended:
		return
	}
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM, syscall.SIGKILL} {
		_ = p.process.Signal(sig)
		select {
		case <-again:
		case <-p.ended:
			return
		}
	}
	<-p.ended
}

// verdict passes on how it ended; it has said why itself.
func (p *apart) verdict(ctx context.Context) error {
	if p.state == nil {
		return trouble(errors.New("nobody knows how the process that went on as another user has ended"))
	}
	switch code := p.state.ExitCode(); {
	case code == 0:
		return nil
	case code > 0:
		return cli.Exit("", code)
	case ctx.Err() != nil && p.state.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM:
		return nil // asked before it could listen
	}
	return trouble(fmt.Errorf("the process that went on as another user was ended from outside (%s)", p.state))
}
