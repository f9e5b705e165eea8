package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is the cluster as this process reaches it: started by it, or found
// running.
type Server struct {
	config  Config
	lock    *os.File // nil when somebody else runs it
	process *os.Process
	log     *warnings
	done    chan struct{} // closed when the server we started has ended
	stopped bool
}

// How long the parts may take. A clean start takes 0.05 s and initdb 1 s
// (measured); recovery after a crash with a full write-ahead log takes longest.
const (
	startTime = 60 * time.Second
	stopTime  = 10 * time.Second
	lockTime  = 5 * time.Second
	knockTime = 10 * time.Millisecond // between two looks at a socket or lock
)

// Start makes the cluster where there is none, and runs it until Stop or the
// end of this process, however that comes. It fails when another process runs
// it, with one line that says what to do.
func Start(ctx context.Context, c Config) (*Server, error) {
	if err := Folders(c); err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, lockTime)
	defer cancel()
	lock, err := waitForLock(waiting, c)
	if err != nil {
		return nil, err
	}
	return startLocked(ctx, c, lock)
}

// Attach reaches the cluster for one command: it takes the server that runs, or
// starts it under its lock; then Stop stops it again. It never makes a cluster
// over another one, but makes a first one where there is none.
func Attach(ctx context.Context, c Config) (*Server, error) {
	if err := Folders(c); err != nil {
		return nil, err
	}
	for {
		if answers(ctx, c, c.URL()) == nil {
			return &Server{config: c}, nil
		}
		lock, err := tryLock(c)
		if err == nil {
			return startLocked(ctx, c, lock)
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, err
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("wait for the database that another process is starting: %w", err)
		}
	}
}

func startLocked(ctx context.Context, c Config, lock *os.File) (*Server, error) {
	s := &Server{config: c, lock: lock, done: make(chan struct{}), log: &warnings{logger: c.logger()}}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	if err := Prepare(ctx, s.config); err != nil {
		close(s.done)
		return err
	}
	cmd, err := Command(s.config)
	if err != nil {
		close(s.done)
		return err
	}
	// Every process of the server keeps the lock open, so that nobody starts a
	// second one while a killed starter's is still ending.
	cmd.ExtraFiles = []*os.File{s.lock}
	cmd.Stderr = s.log
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	if err := s.spawn(cmd); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := s.ready(ctx); err != nil {
		return err
	}
	return FirstSteps(ctx, s.config)
}

// spawn starts cmd and waits for its end in one goroutine on a thread of its
// own: the kernel sends Pdeathsig when the starting thread ends, and Go ends
// threads at will (golang/go#27505).
func (s *Server) spawn(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer close(s.done)
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
		}
	}()
	return <-started
}

// ready waits until the server answers, or has ended.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if answers(ctx, s.config, s.config.AdminURL(Admin)) == nil {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("start PostgreSQL: %w", inWords(s.config, s.log.text(), errors.New("it ended without a word")))
		case <-ctx.Done():
			return fmt.Errorf("start PostgreSQL: it does not answer: %w", ctx.Err())
		case <-time.After(knockTime):
		}
	}
}

// URL is how the program connects. It holds no secret.
func (s *Server) URL() string { return s.config.URL() }

// Done is closed when a server that this process started has ended, asked or
// not. It is nil, and so never ready, for one that somebody else runs.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the server if this process started it, and waits until it is gone:
// open transactions are rolled back, and what was committed is on disk. It may
// be called again.
func (s *Server) Stop() error {
	if s.lock == nil || s.stopped {
		return nil
	}
	s.stopped = true
	defer s.lock.Close()
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if s.process != nil {
			_ = s.process.Signal(sig) // it may have ended by itself
		}
		select {
		case <-s.done:
			return nil
		case <-time.After(stopTime):
		}
	}
	return errors.New("PostgreSQL does not end")
}

// answers makes one connection over the socket.
func answers(ctx context.Context, c Config, url string) error {
	if _, err := os.Stat(c.sockets() + "/" + socketName); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(knockTime):
		return nil
	}
}
