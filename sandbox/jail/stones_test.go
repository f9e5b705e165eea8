package jail

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/sandbox"
	"mayfly/sandbox/python"
)

// pythonFolder has an interpreter and one file more, but no packages.
func pythonFolder(t *testing.T, file string) string {
	t.Helper()
	folder := t.TempDir()
	file = filepath.Join(folder, file)
	err := errors.Join(
		os.Mkdir(filepath.Join(folder, "bin"), 0o755), os.Symlink("/usr/bin/python3", filepath.Join(folder, "bin/python")),
		os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, nil, 0o644),
	)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestJailRefusesWithoutAStone: each missing one is named, at once.
func TestJailRefusesWithoutAStone(t *testing.T) {
	t.Parallel()
	old := pythonFolder(t, "mayfly/nursery-0123456789abcdef.so")
	private := pythonFolder(t, python.Nursery())
	if err := os.Chmod(private, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config Config
		words  string
	}{
		"runtime":       {Config{Runtime: "/nowhere", User: testUser}, "no Python runtime in /nowhere: run make setup"},
		"empty folder":  {Config{Runtime: t.TempDir(), User: testUser}, "no Python runtime in"},
		"other version": {Config{Runtime: old, User: testUser}, "is missing or of another version of Mayfly: run make setup again"},
		"private":       {Config{Runtime: private, User: testUser}, "mayfly-jail cannot start"},
		"user":          {Config{Runtime: testRuntime(), User: "mayfly-nobody-here"}, "no system user mayfly-nobody-here"},
		"root":          {Config{Runtime: testRuntime(), User: "root"}, "owns nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := start(t, c.config)
			_, err := j.Open(t.Context(), sandbox.Spec{})
			if !errors.Is(err, sandbox.ErrUnavailable) || !strings.Contains(err.Error(), c.words) {
				t.Errorf("Open: %v", err)
			}
			if s := j.State(); s.Ready || !s.Refused || !strings.Contains(s.Words, c.words) {
				t.Errorf("state %+v", s)
			}
		})
	}
	if _, err := New(t.Context(), Config{}); err == nil {
		t.Error("a jail of nothing was made")
	}
}
