package sandboxtest

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// tally is what a wall holds of the machine.
type tally struct {
	processes   []string // below this one
	descriptors int
	goroutines  int
	traces      []string
}

func (w Wall) tally() tally {
	t := tally{processes: descendants(), goroutines: runtime.NumGoroutine()}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		t.descriptors = len(open)
	}
	if w.Traces != nil {
		t.traces = w.Traces()
	}
	return t
}

// more says what t holds beyond an earlier tally, "" for nothing.
func (t tally) more(than tally) string {
	var words []string
	for _, n := range []struct {
		what      string
		now, then int
	}{
		{"processes", len(t.processes), len(than.processes)}, {"descriptors", t.descriptors, than.descriptors},
		{"goroutines", t.goroutines, than.goroutines}, {"traces", len(t.traces), len(than.traces)},
	} {
		if n.now > n.then {
			words = append(words, fmt.Sprintf("%d %s more than %d", n.now-n.then, n.what, n.then))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("%s\nprocesses: %v\ntraces: %v", strings.Join(words, ", "), t.processes, t.traces)
}

// awaitTally waits until nothing is left beyond an earlier tally.
func (w Wall) awaitTally(t *testing.T, than tally, within time.Duration) {
	t.Helper()
	for until := time.Now().Add(within); ; runtime.Gosched() {
		left := w.tally().more(than)
		if left == "" {
			return
		}
		if time.Now().After(until) {
			t.Errorf("left behind after %s: %s", within, left)
			return
		}
	}
}

// descendants are the processes that this one, or one it started, has started,
// as "pid name". An orphan in a pid namespace stays below its process 1.
func descendants() []string {
	children := map[int][]int{}
	names := map[int]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, _ := os.ReadFile("/proc/" + e.Name() + "/stat")
		head, tail, ok := strings.Cut(string(stat), ") ")
		fields := strings.Fields(tail)
		if !ok || len(fields) < 2 {
			continue
		}
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], pid)
		_, names[pid], _ = strings.Cut(head, "(")
	}
	var found []string
	for queue := children[os.Getpid()]; len(queue) > 0; queue = queue[1:] {
		found = append(found, fmt.Sprintf("%d %s", queue[0], names[queue[0]]))
		queue = append(queue, children[queue[0]]...)
	}
	slices.Sort(found)
	return found
}

// leavesNothing: a kernel that is closed is gone, with all that it started,
// however it ended.
func leavesNothing(t *testing.T, s *suite) {
	round := func() {
		for _, code := range []string{survivors, quickStart, "import os; os._exit(1)", "load_file('a')"} {
			k := s.open(t, sandbox.Spec{Inputs: []sandbox.Input{input("a.csv", "1")}, Shelf: &rack{}})
			exec(t, k, code)
			produced(t, k)
			closeQuickly(t, k)
		}
	}
	round()
	before := s.wall.tally()
	for range 5 {
		round()
	}
	s.wall.awaitTally(t, before, 2*time.Second)
}

// seesLeftovers shows the tally something left behind.
func seesLeftovers(t *testing.T, s *suite) {
	before := s.wall.tally()
	k := s.open(t, sandbox.Spec{})
	must(t, k, survivors)
	now := s.wall.tally()
	if len(now.processes) < len(before.processes)+11 || now.more(before) == "" {
		t.Errorf("a living kernel with ten survivors is told of as %q", now.more(before))
	}
	if s.wall.Traces != nil && len(s.wall.Traces()) <= len(before.traces) {
		t.Error("a living kernel leaves no trace: the tally cannot see")
	}
	closeQuickly(t, k)
	s.wall.awaitTally(t, before, 2*time.Second)
}
