package jail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tree2 is cgroup v2. Ours hangs from the top of the unified hierarchy: no
// process of ours stands in it, as v2 asks of a group that has groups below.
type tree2 struct {
	root string
	lock *os.File // on root
}

func openTree2(unified string) (*tree2, error) {
	top := filepath.Join(unified, "mayfly")
	if err := os.MkdirAll(top, 0o755); err != nil {
		return nil, fmt.Errorf("cgroup v2: %w", err)
	}
	sweepStale(top)
	dir, lock, err := claim(top)
	if err != nil {
		return nil, fmt.Errorf("cgroup v2: %w", err)
	}
	t := &tree2{dir, lock}
	for _, dir := range []string{unified, top, t.root} {
		if err := enable(dir); err != nil {
			return nil, errors.Join(fmt.Errorf("cgroup v2: %s does not hand on memory and pids (systemd: Delegate=yes): %w", dir, err), t.close())
		}
	}
	all, err := roomForAll()
	if err == nil {
		err = writeNumber(t.root, "memory.max", all)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bound the memory of all kernels: %w", err), t.close())
	}
	return t, nil
}

// enable hands the controllers on to the groups below dir. cpu is welcome but
// not needed for a wall.
func enable(dir string) error {
	control := filepath.Join(dir, "cgroup.subtree_control")
	_ = os.WriteFile(control, []byte("+cpu"), 0)
	return os.WriteFile(control, []byte("+memory +pids"), 0)
}

func (t *tree2) create(name string, b bounds) (group, error) {
	g := &group2{dir: filepath.Join(t.root, name)}
	if err := os.Mkdir(g.dir, 0o755); err != nil {
		return nil, err
	}
	err := errors.Join(g.setMemory(b.ceiling()), writeNumber(g.dir, "pids.max", int64(b.pids)))
	if err != nil {
		return nil, errors.Join(err, g.remove())
	}
	// These may be missing: swap accounting and the cpu controller.
	_ = writeNumber(g.dir, "memory.swap.max", 0)
	g.setCPU(cpuQuota)
	if b.behind {
		g.setShare(true)
	}
	return g, nil
}

func (t *tree2) close() error {
	err := removeBelow(t.root)
	return errors.Join(err, t.lock.Close())
}

type group2 struct {
	dir  string
	peak *os.File // counts since the last reset; nil where it cannot be reset
}

func (g *group2) setMemory(bytes int64) error { return writeNumber(g.dir, "memory.max", bytes) }

func (g *group2) add(pid int) error { return writeNumber(g.dir, "cgroup.procs", int64(pid)) }

func (g *group2) freeze() error {
	if err := writeNumber(g.dir, "cgroup.freeze", 1); err != nil {
		return err
	}
	return await(filepath.Join(g.dir, "cgroup.events"), "frozen 1", freezeMax)
}

func (g *group2) thaw() error { return writeNumber(g.dir, "cgroup.freeze", 0) }

func (g *group2) used() int64 { return readNumber(filepath.Join(g.dir, "memory.current")) }

func (g *group2) cached() int64 {
	stat := readText(filepath.Join(g.dir, "memory.stat"))
	return readField(stat, "active_file") + readField(stat, "inactive_file")
}

func (g *group2) spent() (spent, error) {
	stat, err := os.ReadFile(filepath.Join(g.dir, "memory.stat"))
	if err != nil {
		return spent{}, err
	}
	cpu := readField(readText(filepath.Join(g.dir, "cpu.stat")), "usage_usec")
	return spent{
		cpu:      time.Duration(cpu) * time.Microsecond,
		memory:   readNumber(filepath.Join(g.dir, "memory.current")),
		peak:     g.peakNow(),
		anon:     readField(string(stat), "anon"),
		oomKills: readField(readText(filepath.Join(g.dir, "memory.events")), "oom_kill"),
	}, nil
}

// resetPeak: v2 resets a peak for one open descriptor, since Linux 6.12. Before
// that the peak is that of the kernel's whole life.
func (g *group2) resetPeak() {
	if g.peak == nil {
		g.peak, _ = os.OpenFile(filepath.Join(g.dir, "memory.peak"), os.O_RDWR, 0)
	}
	if g.peak != nil {
		_, _ = g.peak.WriteAt([]byte("0"), 0)
	}
}

func (g *group2) peakNow() int64 {
	if g.peak == nil {
		return readNumber(filepath.Join(g.dir, "memory.peak"))
	}
	text := make([]byte, 32)
	n, _ := g.peak.ReadAt(text, 0)
	peak, _ := strconv.ParseInt(strings.TrimSpace(string(text[:n])), 10, 64)
	return peak
}

func (g *group2) setCPU(quota int) {
	_ = os.WriteFile(filepath.Join(g.dir, "cpu.max"), fmt.Appendf(nil, "%d %d", quota, cpuPeriod), 0)
}

func (g *group2) setShare(behind bool) {
	weight := int64(100) // as a new group has
	if behind {
		weight /= behindPart
	}
	_ = writeNumber(g.dir, "cpu.weight", weight)
}

// hurry also ends every process of the group at once (Linux 5.14).
func (g *group2) hurry() {
	_ = os.WriteFile(filepath.Join(g.dir, "cpu.max"), []byte("max"), 0)
	_ = writeNumber(g.dir, "cgroup.kill", 1)
}

func (g *group2) remove() error {
	if g.peak != nil {
		_ = g.peak.Close()
	}
	return removeGroup(g.dir)
}
