package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

// How long a server may take: it makes a database and warms Python up, under
// the race detector on two shared cores.
const (
	startPatience = 90 * time.Second
	stopPatience  = 30 * time.Second
)

// server is a whole Mayfly in a process of its own, on free ports of loopback
// and a data folder of its own.
type server struct {
	url, content string
	settings     map[string]string
	folder       string // holds the data folder; everybody may pass through it
	process      *os.Process
	ended        chan struct{}
	state        *os.ProcessState // after ended
	log          *tail
}

// newServer prepares one that is not started yet. Settings are without MAYFLY_.
func newServer(settings map[string]string) (*server, error) {
	folder, err := os.MkdirTemp("/tmp", "mayfly-e2e-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(folder, 0o711); err != nil { // PostgreSQL's user passes through
		return nil, err
	}
	app, content := freePort(), freePort()
	s := &server{
		url: fmt.Sprintf("http://localhost:%d", app), content: fmt.Sprintf("http://127.0.0.1:%d", content),
		folder: folder, log: &tail{},
	}
	s.settings = map[string]string{
		"LISTEN": fmt.Sprintf("127.0.0.1:%d", app), "URL": s.url,
		"CONTENT_LISTEN": fmt.Sprintf("127.0.0.1:%d", content), "CONTENT_URL": s.content,
		"DATA": filepath.Join(folder, "data"),
	}
	maps.Copy(s.settings, settings)
	return s, nil
}

// serve starts a server that ends with the test.
func startServer(t *testing.T, settings map[string]string) *server {
	t.Helper()
	s, err := newServer(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	})
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// start runs it until it says that it is ready.
func (s *server) start() error {
	cmd := s.command("serve")
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.spawn(cmd); err != nil {
		return err
	}
	ready := make(chan struct{})
	go func() { // ends with the process, whose output it reads
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if lines.Text() == "ready "+s.url {
				close(ready)
			}
		}
	}()
	select {
	case <-ready:
		return nil
	case <-s.ended:
		return fmt.Errorf("mayfly serve ended before it was ready: %s", s.log)
	case <-time.After(startPatience):
		return errors.Join(fmt.Errorf("mayfly serve is not ready after %s: %s", startPatience, s.log), s.process.Kill())
	}
}

// spawn starts the process on a thread that lives as long as it: the kernel
// ends it with that thread, so no server outlives the tests (golang/go#27505).
func (s *server) spawn(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	s.ended = make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer close(s.ended)
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err == nil {
			s.state, _ = cmd.Process.Wait()
		}
	}()
	return <-started
}

// command is this binary as mayfly, with the server's settings and nothing
// else of our environment, in a folder without a .env.
func (s *server) command(args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Dir = s.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.folder, "LANG=C.UTF-8"}
	for name, value := range s.settings {
		cmd.Env = append(cmd.Env, "MAYFLY_"+name+"="+value)
	}
	return cmd
}

// stop asks it to end, and says when it did not do so cleanly.
func (s *server) stop() error {
	if s.process == nil {
		return nil
	}
	_ = s.process.Signal(syscall.SIGTERM) // it may have ended by itself
	select {
	case <-s.ended:
	case <-time.After(stopPatience):
		return errors.Join(fmt.Errorf("mayfly serve did not end within %s: %s", stopPatience, s.log), s.process.Kill())
	}
	if !s.state.Success() && s.state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		return fmt.Errorf("mayfly serve ended with %s: %s", s.state, s.log)
	}
	return nil
}

func (s *server) remove() error { return errors.Join(s.stop(), os.RemoveAll(s.folder)) }

// kill ends it at once, as the kernel does when memory runs out.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.ended
}

// database runs SQL in the server's private cluster and returns the first
// value as text.
func (s *server) database(t *testing.T, sql string, args ...any) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgserver.Config{Data: s.settings["DATA"]}.AdminURL(pgserver.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	var first string
	if rows.Next() {
		values, err := rows.Values()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		first = fmt.Sprint(values[0])
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return first
}

// freePort finds a port below those that the kernel gives to outgoing
// connections.
func freePort() int {
	for {
		port := 20000 + rand.IntN(12000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = l.Close()
			return port
		}
	}
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-20_000):]
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// result is how a command ended.
type result struct {
	out, err string
	code     int
}

// run runs a command beside the server, or without one.
func (s *server) run(t *testing.T, stdin io.Reader, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := s.command(args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), strings.TrimSpace(errs.String()), cmd.ProcessState.ExitCode()}
}
