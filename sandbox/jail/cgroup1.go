package jail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tree1 is cgroup v1: one folder for each controller, ours at the top of each
// hierarchy, so that what a killed process left is found by the next one.
type tree1 struct {
	roots map[string]string // controller → our folder there
	locks []*os.File        // on each of them
}

func openTree1(mounts map[string]string) (*tree1, error) {
	t := &tree1{roots: map[string]string{}}
	for _, controller := range []string{"memory", "pids", "freezer", "cpu", "cpuacct"} {
		if mounts[controller] == "" {
			continue
		}
		top := filepath.Join(mounts[controller], "mayfly")
		sweepStale(top)
		dir, lock, err := claim(top)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.roots[controller], t.locks = dir, append(t.locks, lock)
	}
	// So that the limit of a group holds for groups below it; already so where
	// the kernel knows nothing else.
	_ = writeNumber(t.roots["memory"], "memory.use_hierarchy", 1)
	all, err := roomForAll()
	if err == nil {
		err = writeNumber(t.roots["memory"], "memory.limit_in_bytes", all)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bound the memory of all kernels: %w", err), t.close())
	}
	return t, nil
}

func (t *tree1) create(name string, b bounds) (group, error) {
	g := &group1{name: filepath.Join("/mayfly", filepath.Base(t.roots["pids"]), name), dirs: map[string]string{}}
	for controller, root := range t.roots {
		dir := filepath.Join(root, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			return nil, errors.Join(err, g.remove())
		}
		g.dirs[controller] = dir
	}
	if err := g.bound(b); err != nil {
		return nil, errors.Join(err, g.remove())
	}
	return g, nil
}

func (t *tree1) close() error {
	var errs []error
	for _, root := range t.roots {
		errs = append(errs, removeBelow(root))
	}
	closeAll(t.locks)
	return errors.Join(errs...)
}

type group1 struct {
	name string            // how its path ends in each hierarchy: no other group's does
	dirs map[string]string // controller → its folder there
}

func (g *group1) bound(b bounds) error {
	err := errors.Join(
		g.setMemory(b.ceiling()),
		writeNumber(g.dirs["memory"], "memory.swappiness", 0),
		writeNumber(g.dirs["pids"], "pids.max", int64(b.pids)),
	)
	if cpu := g.dirs["cpu"]; cpu != "" {
		err = errors.Join(err, writeNumber(cpu, "cpu.cfs_period_us", cpuPeriod), writeNumber(cpu, "cpu.cfs_quota_us", cpuQuota))
	}
	if b.behind {
		g.setShare(true)
	}
	return err
}

// setMemory moves the limit for memory and, where swap is counted, for both
// together. Growing, the second must move first.
func (g *group1) setMemory(bytes int64) error {
	const memory, both = "memory.limit_in_bytes", "memory.memsw.limit_in_bytes"
	dir := g.dirs["memory"]
	if _, err := os.Stat(filepath.Join(dir, both)); err != nil {
		return writeNumber(dir, memory, bytes)
	}
	if bytes > readNumber(filepath.Join(dir, memory)) {
		return errors.Join(writeNumber(dir, both, bytes), writeNumber(dir, memory, bytes))
	}
	return errors.Join(writeNumber(dir, memory, bytes), writeNumber(dir, both, bytes))
}

func (g *group1) add(pid int) error {
	for _, dir := range g.dirs {
		if err := writeNumber(dir, "cgroup.procs", int64(pid)); err != nil {
			return err
		}
	}
	return nil
}

func (g *group1) freeze() error {
	state := filepath.Join(g.dirs["freezer"], "freezer.state")
	if err := os.WriteFile(state, []byte("FROZEN"), 0); err != nil {
		return err
	}
	return await(state, "FROZEN", freezeMax)
}

func (g *group1) thaw() error {
	return os.WriteFile(filepath.Join(g.dirs["freezer"], "freezer.state"), []byte("THAWED"), 0)
}

func (g *group1) used() int64 {
	return readNumber(filepath.Join(g.dirs["memory"], "memory.usage_in_bytes"))
}

func (g *group1) cached() int64 {
	stat := readText(filepath.Join(g.dirs["memory"], "memory.stat"))
	return readField(stat, "total_active_file") + readField(stat, "total_inactive_file")
}

func (g *group1) spent() (spent, error) {
	memory := g.dirs["memory"]
	stat, err := os.ReadFile(filepath.Join(memory, "memory.stat"))
	if err != nil {
		return spent{}, err
	}
	return spent{
		cpu:      time.Duration(readNumber(filepath.Join(g.dirs["cpuacct"], "cpuacct.usage"))),
		memory:   readNumber(filepath.Join(memory, "memory.usage_in_bytes")),
		peak:     readNumber(filepath.Join(memory, "memory.max_usage_in_bytes")),
		anon:     readField(string(stat), "total_rss"),
		oomKills: readField(readText(filepath.Join(memory, "memory.oom_control")), "oom_kill"),
	}, nil
}

func (g *group1) resetPeak() {
	_ = writeNumber(g.dirs["memory"], "memory.max_usage_in_bytes", 0)
}

func (g *group1) setCPU(quota int) {
	if cpu := g.dirs["cpu"]; cpu != "" {
		_ = writeNumber(cpu, "cpu.cfs_quota_us", int64(quota))
	}
}

func (g *group1) setShare(behind bool) {
	share := int64(1024) // as a new group has
	if behind {
		share /= behindPart
	}
	if cpu := g.dirs["cpu"]; cpu != "" {
		_ = writeNumber(cpu, "cpu.shares", share)
	}
}

// hurry looks up each process, as version 1 has no file for it. The end of process
// 1 would end them too, but it must get its turn among them first: with 256 that
// spin, on a machine with a load of 50, all were gone after 0.5 to 1.0 s, without
// this after 1.1 to 4.5 s.
func (g *group1) hurry() {
	g.setCPU(-1)
	for member := range strings.FieldsSeq(readText(filepath.Join(g.dirs["pids"], "cgroup.procs"))) {
		if pid, err := strconv.Atoi(member); err == nil {
			g.end(pid)
		}
	}
}

// end kills a process if it is one of the group's. The handle comes first: the
// number may be another's by then, what the handle holds is looked at.
func (g *group1) end(pid int) {
	handle, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(handle)
	if strings.Contains(readText(fmt.Sprintf("/proc/%d/cgroup", pid)), g.name+"\n") {
		_ = unix.PidfdSendSignal(handle, unix.SIGKILL, nil, 0)
	}
}

func (g *group1) remove() error {
	var errs []error
	for _, dir := range g.dirs {
		errs = append(errs, removeGroup(dir))
	}
	return errors.Join(errs...)
}
