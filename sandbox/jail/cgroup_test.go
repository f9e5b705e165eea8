package jail

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// TestCgroup2SpeaksItsFiles checks the names and units of version 2 on a plain
// folder: machines whose controllers are on version 1 cannot check more.
func TestCgroup2SpeaksItsFiles(t *testing.T) {
	t.Parallel()
	tree := &tree2{root: t.TempDir()}
	g, err := tree.create("kernel-1", bounds{memory: 64 << 20, pids: 32})
	if err != nil {
		t.Fatal(err)
	}
	dir := g.(*group2).dir
	for name, text := range map[string]string{
		"memory.stat": "anon 1000\nfile 7\nshmem 2000\nactive_file 30\ninactive_file 12\n", "cpu.stat": "usage_usec 1500\nuser_usec 1000",
		"memory.current": "5000\n", "memory.peak": "9000\n", "memory.events": "low 0\noom 4\noom_kill 3\noom_group_kill 0\n",
		"cgroup.events": "populated 1\nfrozen 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := g.spent()
	want := spent{cpu: 1500 * time.Microsecond, memory: 5000, peak: 9000, anon: 1000, oomKills: 3}
	if err != nil || got != want {
		t.Errorf("spent %+v, want %+v (%v)", got, want, err)
	}
	if g.used() != 5000 || g.cached() != 42 {
		t.Errorf("used %d, cached %d", g.used(), g.cached())
	}
	g.resetPeak() // a folder's file takes what is written
	if got, _ := g.spent(); got.peak != 0 {
		t.Errorf("a peak of %d after the reset", got.peak)
	}
	if err := g.setMemory(1 << 30); err != nil {
		t.Error(err)
	}
	if err := g.add(77); err != nil {
		t.Error(err)
	}
	if err := g.freeze(); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"memory.max": "1073741824", "pids.max": "32", "memory.swap.max": "0", "cpu.max": "100000 100000",
		"cgroup.procs": "77", "cgroup.freeze": "1",
	} {
		if got := readText(filepath.Join(dir, name)); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	if err := g.thaw(); err != nil || readText(filepath.Join(dir, "cgroup.freeze")) != "0" {
		t.Errorf("thaw: %v", err)
	}
}

// TestCgroup2ThatDoesNotFreeze: an error, not a walk through a living tree.
func TestCgroup2ThatDoesNotFreeze(t *testing.T) {
	t.Parallel()
	g := &group2{dir: t.TempDir()}
	if err := os.WriteFile(filepath.Join(g.dir, "cgroup.events"), []byte("populated 1\nfrozen 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := g.freeze(); err == nil {
		t.Error("it is told as frozen")
	}
}

// TestHurryEndsAll: on this machine's own hierarchy, who runs and who is frozen,
// and nobody else.
func TestHurryEndsAll(t *testing.T) {
	t.Parallel()
	tree, err := openTree()
	if err != nil {
		t.Fatal(err)
	}
	g, err := tree.create("kernel-1", bounds{memory: 64 << 20, pids: 32})
	if err != nil {
		t.Fatal(err)
	}
	sleeper := func() *exec.Cmd {
		c := exec.Command("sleep", "1000")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	other := sleeper()
	for _, frozen := range []bool{false, true} {
		inside := []*exec.Cmd{sleeper(), sleeper(), sleeper()}
		for _, c := range inside {
			if err := g.add(c.Process.Pid); err != nil {
				t.Fatal(err)
			}
		}
		if frozen {
			if err := g.freeze(); err != nil {
				t.Fatal(err)
			}
		}
		g.hurry()
		if err := g.thaw(); err != nil {
			t.Error(err)
		}
		for _, c := range inside {
			if err := c.Wait(); err == nil || c.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Errorf("it ended with %v", err)
			}
		}
	}
	if one, ok := g.(*group1); ok {
		one.end(other.Process.Pid)
	}
	if err := errors.Join(other.Process.Signal(syscall.SIGTERM), g.remove(), tree.close()); err != nil {
		t.Error(err)
	}
	if _ = other.Wait(); other.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("one outside ended %s", other.ProcessState)
	}
}

// TestStaleGroupsAreSwept: what a killed process left goes at the next start;
// what a living one holds stays, also when its number says nothing here, because
// it lives in another pid namespace.
func TestStaleGroupsAreSwept(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dead := filepath.Join(root, fmt.Sprintf("%d.1.abcdefgh", os.Getpid())) // this pid, another start
	apart := filepath.Join(root, "4194304.1.abcdefgh")
	living := filepath.Join(root, ownName())
	for _, dir := range []string{dead, apart, living} {
		if err := os.MkdirAll(filepath.Join(dir, "kernel-1"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "notes"), 0o755); err != nil {
		t.Fatal(err)
	}
	lock, err := lockFolder(apart, 0)
	if err != nil {
		t.Fatal(err)
	}
	stays := func(want ...string) {
		t.Helper()
		sweepStale(root)
		var left []string
		for _, dir := range []string{dead, apart, living} {
			if _, err := os.Stat(filepath.Join(dir, "kernel-1")); err == nil {
				left = append(left, dir)
			}
		}
		if !slices.Equal(left, want) {
			t.Errorf("left are %v, want %v", left, want)
		}
	}
	stays(apart, living)
	_ = lock.Close()
	stays(living)
	if left, err := os.ReadDir(root); err != nil || len(left) != 2 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestFrozenLeftoversAreSwept: on version 1 who is killed while it stands still
// dies when it thaws, and nobody else is left to do that.
func TestFrozenLeftoversAreSwept(t *testing.T) {
	t.Parallel()
	version, mounts, err := findHierarchy()
	if err != nil || version == 2 {
		return // there it dies frozen
	}
	top := filepath.Join(mounts["freezer"], fmt.Sprintf("mayfly-swept-%d", os.Getpid())) // other tests sweep the real one
	t.Cleanup(func() { _ = unix.Rmdir(top) })
	dir := filepath.Join(top, fmt.Sprintf("%d.1.frozen", os.Getpid())) // this pid, another start
	if err := os.MkdirAll(filepath.Join(dir, "kernel-1"), 0o755); err != nil {
		t.Fatal(err)
	}
	g := &group1{dirs: map[string]string{"freezer": filepath.Join(dir, "kernel-1")}}
	c := exec.Command("sleep", "1000")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.add(c.Process.Pid), g.freeze(), c.Process.Kill()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }() // as its parent would: a dead one counts until then
	for until := time.Now().Add(time.Minute); ; {
		sweepStale(top)
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			break
		}
		if time.Now().After(until) {
			t.Fatal("it stands still for ever")
		}
	}
	<-ended
}

// TestGroupsAreClaimed: a jail's folders are locked on this machine's own
// hierarchy, as long as it lives.
func TestGroupsAreClaimed(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	folders := groupFolders(openOf(t, j, sandbox.Spec{}).ward.(*charge).group)
	for _, dir := range folders {
		if lock, err := lockFolder(filepath.Dir(dir), unix.LOCK_NB); err == nil {
			_ = lock.Close()
			t.Errorf("%s could be taken", filepath.Dir(dir))
		}
	}
	if len(folders) == 0 {
		t.Error("the kernel has no group")
	}
}
