package sandboxtest

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// Endure runs so many kernels one after the other, and the list of attacks so
// many times, in one sandbox, and prints what the machine holds before, between
// and after. It takes the better part of an hour, so it is no part of the tests
// (make endure).
func Endure(t *testing.T, w Wall, cycles, rounds int) {
	t.Setenv("TMPDIR", t.TempDir()) // what is left there is ours
	b := layBait(t)
	t.Setenv("MAYFLY_BAIT", b.token)
	s := openSuite(t, w)
	for range 20 { // what is made once is made
		s.cycle(t, 0)
	}
	before := w.census()
	t.Logf("at first            %s", before)
	for n := range cycles {
		s.cycle(t, n)
		if (n+1)%100 == 0 {
			t.Logf("after %4d kernels  %s", n+1, w.census())
		}
	}
	s.compare(t, "the kernels", before)
	neighbour := newNeighbour(t, s, b)
	before = w.census()
	endings := map[string]map[sandbox.Ending]int{}
	for round := range rounds {
		t.Run(fmt.Sprint("round", round+1), func(t *testing.T) {
			attackAll(t, s, neighbour, b, func(a attack, got sandbox.Ending) {
				if endings[a.Name] == nil {
					endings[a.Name] = map[sandbox.Ending]int{}
				}
				endings[a.Name][got]++
			})
		})
		t.Logf("after %2d rounds     %s", round+1, w.census())
	}
	t.Log(neighbour)
	for name, got := range endings {
		if len(got) > 1 {
			t.Logf("%s came to several endings: %v", name, got)
		}
	}
	s.compare(t, "the attacks", before)
}

// cycle is one kernel's life, each time another.
func (s *suite) cycle(t *testing.T, n int) {
	t.Helper()
	codes := []string{
		"print(1)", quickStart, "import os; os._exit(1)", survivors, "load_file('a')", "raise ValueError",
		"import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()", "held = b'1' * (300 << 20)", "input()",
	}
	k, err := s.sandbox.Open(t.Context(), sandbox.Spec{
		Limits: sandbox.Limits{Memory: 256 << 20}, Shelf: &rack{}, Inputs: []sandbox.Input{input("a.csv", "1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeKernel(t, k)
	if _, err := k.Exec(t.Context(), codes[n%len(codes)], newDesk()); err != nil {
		t.Errorf("kernel %d: %v", n, err)
	}
	for p, err := range k.Produced(t.Context()) {
		if err == nil && p.Content != nil {
			_ = p.Content.Close()
		}
	}
}

// census is what the machine holds for a wall.
type census struct {
	tally
	mounts, temporary      int
	own, inside, kernelOwn int64 // bytes: of this process, of what it started, of the operating system's slabs
}

func (w Wall) census() census {
	runtime.GC()
	c := census{tally: w.tally(), own: proportional("self")}
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	c.mounts = bytes.Count(mounts, []byte("\n"))
	left, _ := os.ReadDir(os.TempDir())
	c.temporary = len(left)
	for _, p := range c.processes {
		pid, _, _ := strings.Cut(p, " ")
		c.inside += proportional(pid)
	}
	meminfo, _ := os.ReadFile("/proc/meminfo")
	c.kernelOwn = kilobytes(meminfo, "SUnreclaim:")
	return c
}

func (c census) String() string {
	return fmt.Sprintf("%d processes, %d descriptors, %d goroutines, %d groups, %d mounts, %d temporary; MiB: %d own, %d inside, %d slab",
		len(c.processes), c.descriptors, c.goroutines, len(c.traces), c.mounts, c.temporary, c.own>>20, c.inside>>20, c.kernelOwn>>20)
}

// proportional is a process's memory, with its share of what it shares.
func proportional(pid string) int64 {
	text, _ := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	return kilobytes(text, "Pss:")
}

func kilobytes(text []byte, name string) int64 {
	for line := range bytes.Lines(text) {
		if words := strings.Fields(string(line)); len(words) > 1 && words[0] == name {
			n, _ := strconv.ParseInt(words[1], 10, 64)
			return n << 10
		}
	}
	return 0
}

// compare fails the test for everything that is left.
func (s *suite) compare(t *testing.T, what string, before census) {
	t.Helper()
	s.wall.awaitTally(t, before.tally, 5*time.Second)
	after := s.wall.census()
	t.Logf("before %s  %s", what, before)
	t.Logf("after  %s  %s", what, after)
	if after.mounts > before.mounts || after.temporary > before.temporary {
		t.Errorf("%s left mounts or temporary files", what)
	}
	const most = 64 << 20 // of memory that is not given back at once
	if after.own > before.own+most || after.inside > before.inside+most {
		t.Errorf("%s left memory in use", what)
	}
}
