package jail

import (
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// quotaOf is the group's share of cpuPeriod, as the operating system has it.
func quotaOf(g group) int {
	text := ""
	switch g := g.(type) {
	case *group1:
		text = readText(filepath.Join(g.dirs["cpu"], "cpu.cfs_quota_us"))
	case *group2:
		text, _, _ = strings.Cut(readText(filepath.Join(g.dir, "cpu.max")), " ")
	}
	quota, _ := strconv.Atoi(text)
	return quota
}

// shareOf is the group's share of the processor, as the operating system has it.
func shareOf(g group) int64 {
	switch g := g.(type) {
	case *group1:
		return readNumber(filepath.Join(g.dirs["cpu"], "cpu.shares"))
	case *group2:
		return readNumber(filepath.Join(g.dir, "cpu.weight"))
	}
	return 0
}

// TestReadyKernelComesBehind: making it takes time from nobody, and from its first
// code on it is like any other.
func TestReadyKernelComesBehind(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser, Ready: 1})
	input := sandbox.Input{Name: "in.txt", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }}
	born := openOf(t, j, sandbox.Spec{Inputs: []sandbox.Input{input}}) // none that stands ready fits
	openOf(t, j, sandbox.Spec{})                                       // tells the shape
	ready := awaitReady(t, j, 1)
	waited := openOf(t, j, sandbox.Spec{})
	if !ready[waited.pid] {
		t.Fatal("it did not stand ready")
	}
	usual, least := shareOf(born.ward.(*charge).group), shareOf(waited.ward.(*charge).group)
	if usual == 0 || least != usual/behindPart {
		t.Errorf("one that somebody waits for has a share of %d, one that stands ready %d", usual, least)
	}
	said(t, waited, "print(1)")
	if got := shareOf(waited.ward.(*charge).group); got != usual {
		t.Errorf("with code it has a share of %d, not %d", got, usual)
	}
}

// paceWatch keeps the quota that it found when the code printed.
type paceWatch struct {
	listener
	group group
	found int
}

func (p *paceWatch) Emit(o sandbox.Output) error {
	p.found = quotaOf(p.group)
	return p.listener.Emit(o)
}

// TestKernelAtRestIsSlow: what a cell leaves behind has a twentieth of a core
// between two cells, each cell has the whole, and so has who must stand still.
func TestKernelAtRestIsSlow(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	k := openOf(t, j, sandbox.Spec{})
	ward := k.ward.(*charge)
	await := func(what string, until func() bool) {
		t.Helper()
		tick, late := time.NewTicker(time.Millisecond), time.After(time.Minute)
		defer tick.Stop()
		for !until() {
			select {
			case <-tick.C:
			case <-late:
				t.Fatalf("%s: never", what)
			}
		}
	}
	code := "import threading\ndef mine():\n    while True: pass\nthreading.Thread(target=mine, daemon=True).start()\nprint(1)"
	for range 2 {
		heard := &paceWatch{group: ward.group}
		if result, err := k.Exec(t.Context(), code, heard); err != nil || result.Ending != sandbox.OK || heard.found != cpuQuota {
			t.Fatalf("%+v with a quota of %d (%v)", result, heard.found, err)
		}
		await("slow", func() bool { return quotaOf(ward.group) == restQuota })
		before, began := ward.mustSpent(t), time.Now()
		await("100 ms of work", func() bool { return ward.mustSpent(t)-before >= 100*time.Millisecond })
		if took := time.Since(began); took < time.Second {
			t.Errorf("100 ms of work took %s at rest", took)
		}
		for _, err := range k.Produced(t.Context()) {
			t.Errorf("a file of a slow kernel: %v", err)
		}
		code = "print(2)"
	}
	if k.isOver() {
		t.Error("the kernel was ended")
	}
}

func (c *charge) mustSpent(t *testing.T) time.Duration {
	t.Helper()
	use, err := c.spent()
	if err != nil {
		t.Fatal(err)
	}
	return use.cpu
}
