package jail_test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/sandbox"
	"mayfly/sandbox/jail"
	"mayfly/sandbox/sandboxtest"
)

func TestJailConforms(t *testing.T) { sandboxtest.Conform(t, wall()) }

func TestAttack(t *testing.T) { sandboxtest.Attack(t, wall()) }

func wall() sandboxtest.Wall {
	return sandboxtest.Wall{Open: openJail, Traces: cgroups}
}

func openJail(t *testing.T) sandbox.Sandbox {
	t.Helper()
	runtime := os.Getenv("MAYFLY_RUNTIME")
	if runtime == "" {
		runtime = "/opt/mayfly/python"
	}
	j, err := jail.New(t.Context(), jail.Config{Runtime: runtime, User: "mayfly-jail", Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
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
