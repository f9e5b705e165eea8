package jail_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
	"mayfly/sandbox/jail"
	"mayfly/sandbox/sandboxtest"
)

func TestJailConforms(t *testing.T) { sandboxtest.Conform(t, wall()) }

func TestAttack(t *testing.T) { sandboxtest.Attack(t, wall()) }

// TestSupervisedJailConforms: the same through the protocol by which a process
// without root has one.
func TestSupervisedJailConforms(t *testing.T) {
	sandboxtest.Conform(t, sandboxtest.Wall{Open: openSupervised, Traces: cgroups})
}

func wall() sandboxtest.Wall {
	return sandboxtest.Wall{Open: openJail, Traces: cgroups}
}

func openJail(t *testing.T) sandbox.Sandbox {
	t.Helper()
	return open(t, config(t))
}

func openSupervised(t *testing.T) sandbox.Sandbox {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, over := config(t), make(chan error, 1)
	go func() { over <- jail.Supervise(os.NewFile(uintptr(fds[0]), "supervisor"), config(t)) }()
	if c.Supervisor, err = jail.Reach(os.NewFile(uintptr(fds[1]), "supervised")); err != nil {
		t.Fatal(err)
	}
	return supervised{open(t, c), c.Supervisor, over}
}

// supervised ends its supervisor when it is closed.
type supervised struct {
	sandbox.Sandbox
	supervisor *jail.Supervisor
	over       <-chan error
}

func (s supervised) Close(ctx context.Context) error {
	return errors.Join(s.Sandbox.Close(ctx), s.supervisor.Close(), <-s.over)
}

func config(t *testing.T) jail.Config {
	t.Helper()
	runtime := os.Getenv("MAYFLY_RUNTIME")
	if runtime == "" {
		runtime = "/opt/mayfly/python"
	}
	return jail.Config{Runtime: runtime, User: "mayfly-jail", Logger: slog.New(slog.NewTextHandler(t.Output(), nil))}
}

func open(t *testing.T, c jail.Config) sandbox.Sandbox {
	t.Helper()
	j, err := jail.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// cgroups are the groups of this process's kernels, on either version.
func cgroups() []string {
	var found []string
	ours := fmt.Sprintf("/mayfly/%d.", os.Getpid())
	_ = filepath.WalkDir("/sys/fs/cgroup", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.Contains(path, ours) {
			found = append(found, path)
		}
		return nil
	})
	return found
}
