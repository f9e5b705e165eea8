package jail

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// bounds are a group's limits, held by the kernel for all its processes
// together.
type bounds struct {
	memory int64 // bytes of program memory; no swap besides
	files  int64 // bytes of files in the workspace
	pids   int   // processes and threads
	behind bool  // nobody waits for it yet: who runs code goes first, until it does
}

// ceiling is the group's own limit: files in memory count in it.
func (b bounds) ceiling() int64 { return b.memory + b.files }

// spent is what a group has used.
type spent struct {
	cpu      time.Duration
	memory   int64 // bytes now
	peak     int64 // bytes at most since resetPeak
	anon     int64 // bytes now of program memory that no file backs
	files    int64 // bytes now of the kernel's files; the guard's to know
	oomKills int64 // processes ended by the memory limit
}

// tree makes groups below one folder of this process's own.
type tree interface {
	create(name string, b bounds) (group, error)
	close() error
}

// group is one kernel's cgroup.
type group interface {
	add(pid int) error
	setMemory(bytes int64) error
	freeze() error
	thaw() error
	used() int64   // bytes now
	cached() int64 // bytes of them that the kernel takes back when it is short
	spent() (spent, error)
	resetPeak()
	setCPU(quota int)     // of cpuPeriod
	setShare(behind bool) // of the processor, beside other groups that want it
	hurry()               // ends every process and lifts the CPU limit; who is frozen must thaw to die
	remove() error        // no process may be left
}

const (
	// cpuPeriod and cpuQuota give one kernel one core's worth: eight spinning
	// processes stay there (sandbox.md §5).
	cpuPeriod, cpuQuota = 100_000, 100_000
	// restQuota is for a kernel in which no cell runs.
	restQuota = cpuQuota / 20
	// behindPart is the part of a group's usual share that one has which nobody waits
	// for. Small enough to be in nobody's way, and yet made within birthMax on a
	// machine where all cores are wanted.
	behindPart = 16
	freezeMax  = time.Second
	removeMax  = 2 * time.Second
)

// openTree takes a folder in the hierarchy of this machine.
func openTree() (tree, error) {
	version, mounts, err := findHierarchy()
	if err != nil {
		return nil, err
	}
	if version == 2 {
		return openTree2(mounts["unified"])
	}
	return openTree1(mounts)
}

// findHierarchy finds what this machine offers: v2 where it has the memory and
// pids controllers, else v1 (hybrid machines are v1 for limits).
func findHierarchy() (version int, mounts map[string]string, err error) {
	if mounts, err = cgroupMounts(); err != nil {
		return 0, nil, err
	}
	if unified, ok := mounts["unified"]; ok {
		if have := " " + readText(filepath.Join(unified, "cgroup.controllers")) + " "; strings.Contains(have, " memory ") && strings.Contains(have, " pids ") {
			return 2, mounts, nil
		}
	}
	for _, controller := range []string{"memory", "pids", "freezer"} {
		if mounts[controller] == "" {
			return 0, nil, fmt.Errorf("no cgroup controller for %s: start the machine (or container) with it, runs are refused without", controller)
		}
	}
	return 1, mounts, nil
}

// cgroupMounts maps each v1 controller, and "unified" for v2, to its folder.
func cgroupMounts() (map[string]string, error) {
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("cgroups: %w", err)
	}
	defer f.Close()
	mounts := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		left, right, _ := strings.Cut(lines.Text(), " - ")
		before, after := strings.Fields(left), strings.Fields(right)
		if len(before) < 5 || len(after) < 3 {
			continue
		}
		switch after[0] {
		case "cgroup2":
			mounts["unified"] = before[4]
		case "cgroup":
			for option := range strings.SplitSeq(after[2], ",") {
				mounts[option] = before[4]
			}
		}
	}
	return mounts, lines.Err()
}

// claim makes a jail's folder of groups. A lock on it says that its maker lives,
// also to one in another pid namespace; it ends with the maker, however that ends.
func claim(top string) (dir string, lock *os.File, err error) {
	for range 10 { // a sweep may take the folder before it is locked
		dir = filepath.Join(top, ownName())
		if err = os.MkdirAll(dir, 0o755); err != nil {
			return "", nil, err
		}
		if lock, err = lockFolder(dir, 0); err != nil {
			continue
		}
		var held, named unix.Stat_t
		if unix.Fstat(int(lock.Fd()), &held) == nil && unix.Stat(dir, &named) == nil && held.Ino == named.Ino {
			return dir, lock, nil
		}
		err = fmt.Errorf("%s was taken away", dir)
		_ = lock.Close()
	}
	return "", nil, err
}

func lockFolder(dir string, how int) (*os.File, error) {
	f, err := os.OpenFile(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|how); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), f.Close())
	}
	return f, nil
}

// ownName names a jail's folder for whoever looks at the machine: pid, start
// time, and a word that tells jails of one process apart.
func ownName() string {
	return fmt.Sprintf("%d.%s.%s", os.Getpid(), startTime(os.Getpid()), strings.ToLower(rand.Text()[:8]))
}

// startTime is field 22 of /proc/PID/stat, in ticks since boot; "" when there
// is no such process.
func startTime(pid int) string {
	_, rest, ok := strings.Cut(readText(fmt.Sprintf("/proc/%d/stat", pid)), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 20 {
		return ""
	}
	return fields[19]
}

// sweepStale removes what a killed process left behind in root. Its kernels
// died with it. A folder whose maker lives stays, be it by its lock or, when it
// is just being made, by its name.
func sweepStale(root string) {
	entries, _ := os.ReadDir(root)
	for _, e := range entries {
		parts := strings.Split(e.Name(), ".")
		pid, err := strconv.Atoi(parts[0])
		if !e.IsDir() || err != nil || len(parts) != 3 || startTime(pid) == parts[1] {
			continue
		}
		dir := filepath.Join(root, e.Name())
		lock, err := lockFolder(dir, unix.LOCK_NB)
		if err != nil {
			continue
		}
		wakeBelow(dir)
		_ = removeBelow(dir)
		_ = lock.Close()
	}
}

// wakeBelow thaws what was killed while it stood still (cgroup v1): only so can it
// die. Elsewhere there is no such file.
func wakeBelow(dir string) {
	groups, _ := filepath.Glob(filepath.Join(dir, "*", "freezer.state"))
	for _, state := range groups {
		_ = os.WriteFile(state, []byte("THAWED"), 0)
	}
}

// removeBelow removes a folder of groups, the innermost first.
func removeBelow(dir string) error {
	var dirs []string
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, path)
		}
		return nil
	})
	var errs []error
	for i := len(dirs) - 1; i >= 0; i-- {
		errs = append(errs, removeGroup(dirs[i]))
	}
	return errors.Join(errs...)
}

// removeGroup waits out the moment in which the kernel still counts a process
// that has just been reaped.
func removeGroup(dir string) error {
	for until := time.Now().Add(removeMax); ; {
		err := unix.Rmdir(dir)
		if err == nil || errors.Is(err, unix.ENOENT) {
			return nil
		}
		if !errors.Is(err, unix.EBUSY) || time.Now().After(until) {
			return fmt.Errorf("remove %s: %w", dir, err)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// roomForAll is how much memory all kernels may use together: the database and
// the server must not be the ones that the machine ends.
func roomForAll() (int64, error) {
	total, _, err := machineMemory()
	return total - reserveOf(total), err
}

// await reads a file until it says what is wanted.
func await(path, want string, limit time.Duration) error {
	for until := time.Now().Add(limit); ; {
		if strings.Contains(readText(path), want) {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("%s did not become %s within %s", filepath.Base(path), want, limit)
		}
		time.Sleep(200 * time.Microsecond)
	}
}

func readText(path string) string {
	text, _ := os.ReadFile(path)
	return strings.TrimSpace(string(text))
}

func readNumber(path string) int64 {
	n, _ := strconv.ParseInt(readText(path), 10, 64)
	return n
}

// readField finds "name 123" in a file of such lines.
func readField(text, name string) int64 {
	for line := range strings.SplitSeq(text, "\n") {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			return n
		}
	}
	return 0
}

func writeNumber(dir, name string, n int64) error {
	return os.WriteFile(filepath.Join(dir, name), strconv.AppendInt(nil, n, 10), 0)
}
