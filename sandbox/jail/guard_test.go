package jail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// guarded is a guard on a group of plain files and a real workspace of 8 MiB,
// over a program that may have 64 MiB.
func guarded(t *testing.T) (*guard, *group2, string) {
	t.Helper()
	folder := t.TempDir()
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=8m"); err != nil {
		t.Fatal(err)
	}
	work, err := unix.Open(folder, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Close(work)
		_ = unix.Unmount(folder, 0)
	})
	b := bounds{memory: 64 << 20, files: 8 << 20, pids: 1}
	g, err := (&tree2{root: t.TempDir()}).create("kernel-1", b)
	if err != nil {
		t.Fatal(err)
	}
	return newGuard(g, work, b), g.(*group2), folder
}

// TestGuard: files have their share and the program has none of it.
func TestGuard(t *testing.T) {
	t.Parallel()
	g, group, folder := guarded(t)
	const mib = int64(1 << 20)
	killed := 0
	stat := ""
	look := func(used int64) (limit int64) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(group.dir, "memory.stat"), []byte(stat), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := writeNumber(group.dir, "memory.current", used); err != nil {
			t.Fatal(err)
		}
		if got, _ := g.look(func() { killed++ }); got != used {
			t.Errorf("it read %d, not %d", got, used)
		}
		return readNumber(filepath.Join(group.dir, "memory.max"))
	}
	step := func(what string, used, want int64) {
		t.Helper()
		if got := look(used); got != want {
			t.Errorf("%s: the limit is %d MiB, want %d", what, got/mib, want/mib)
		}
	}
	step("within its limit", 64*mib, 72*mib)
	step("over it", 70*mib, 64*mib+guardSlack)
	step("within it again", 50*mib, 72*mib)
	stat = "active_file 5242880\ninactive_file 1048576\n"
	step("over it by what the kernel takes back", 70*mib, 72*mib)
	stat = ""
	if err := os.WriteFile(filepath.Join(folder, "f"), []byte(strings.Repeat("x", int(6*mib))), 0o600); err != nil {
		t.Fatal(err)
	}
	step("over it by its files", 70*mib, 72*mib)
	if err := g.setCeiling(100 * mib); err != nil {
		t.Fatal(err)
	}
	step("over it by what was fetched", 98*mib, 100*mib)
	if err := g.setCeiling(72 * mib); err != nil {
		t.Fatal(err)
	}
	step("over it with files", 73*mib, 64*mib+6*mib+guardSlack)
	if err := g.setCeiling(80 * mib); err != nil {
		t.Fatal(err)
	}
	step("over it, and something was fetched", 90*mib, 64*mib+6*mib+8*mib+guardSlack)
	if killed != 0 {
		t.Error("it was ended at once")
	}
	g.tight = g.tight.Add(-2 * stuckMax)
	look(90 * mib)
	look(90 * mib)
	if use := g.facts(spent{oomKills: 2}); killed != 1 || use.oomKills != 3 || use.files != 14*mib {
		t.Errorf("it stayed above its limit: ended %d times, %+v", killed, use)
	}
}

// TestGuardWatches until it is told to stop, which may be said twice.
func TestGuardWatches(t *testing.T) {
	t.Parallel()
	g, group, _ := guarded(t)
	if err := writeNumber(group.dir, "memory.current", 100<<20); err != nil {
		t.Fatal(err)
	}
	killed := make(chan struct{})
	go g.watch(func() { close(killed) })
	g.wake()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	select {
	case <-killed:
	case <-late.C:
		t.Error("nothing happens to a program that stays above its limit")
	}
	g.stop()
	g.stop()
}
