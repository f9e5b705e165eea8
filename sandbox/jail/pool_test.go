package jail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// awaitReady waits until so many kernels stand ready, and names their processes.
func awaitReady(t *testing.T, j *Jail, many int) map[int]bool {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); <-tick.C {
		p := j.zygote.pool
		p.mu.Lock()
		pids := map[int]bool{}
		for _, k := range p.ready {
			pids[k.pid] = true
		}
		stale := len(p.stale)
		p.mu.Unlock()
		if len(pids) == many && stale == 0 {
			return pids
		}
	}
	t.Fatalf("there are never %d ready kernels", many)
	return nil
}

func openOf(t *testing.T, j *Jail, spec sandbox.Spec) *kernel {
	t.Helper()
	k, err := j.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close(context.Background()) })
	return k.(*kernel)
}

func said(t *testing.T, k *kernel, code string) (sandbox.Result, string) {
	t.Helper()
	heard := &listener{}
	result, err := k.Exec(t.Context(), code, heard)
	if err != nil {
		t.Fatal(err)
	}
	return result, heard.out.String()
}

// TestReadyKernels: a kernel that waited is as fresh as any other, and what is
// particular to a run is the run's.
func TestReadyKernels(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser, Ready: 2})
	if err := j.AwaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	awaitReady(t, j, 2)          // before anybody asked
	openOf(t, j, sandbox.Spec{}) // tells the shape
	waiting := awaitReady(t, j, 2)
	shelf := oneFile{}
	first := openOf(t, j, sandbox.Spec{Shelf: shelf, Limits: sandbox.Limits{Wall: time.Second}})
	second := openOf(t, j, sandbox.Spec{})
	if !waiting[first.pid] || !waiting[second.pid] || first.pid == second.pid {
		t.Errorf("ready were %v, taken %d and %d", waiting, first.pid, second.pid)
	}
	const random = "import random, numpy, os; print(random.random(), numpy.random.rand(), os.listdir()); open('mine', 'w').close()"
	_, one := said(t, first, random)
	_, two := said(t, second, random)
	if one == two || !strings.HasSuffix(one, "[]\n") || !strings.HasSuffix(two, "[]\n") {
		t.Errorf("%q and %q", one, two)
	}
	if _, got := said(t, first, "print(load_file('a.txt'))"); got != "on the shelf\n" {
		t.Errorf("the shelf of the run: %q", got)
	}
	if result, _ := said(t, first, "while True: pass"); result.Ending != sandbox.TimedOut {
		t.Errorf("the wall limit of the run: %+v", result)
	}
}

// TestReadyKernelsOfAnotherShape: limits that a kernel is born with are never
// those of another run.
func TestReadyKernelsOfAnotherShape(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser, Ready: 1})
	openOf(t, j, sandbox.Spec{})
	old := awaitReady(t, j, 1)
	input := sandbox.Input{Name: "in.txt", Size: 2, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hi")), nil }}
	k := openOf(t, j, sandbox.Spec{Inputs: []sandbox.Input{input}})
	if _, got := said(t, k, "print(open('in.txt').read())"); got != "hi\n" || old[k.pid] {
		t.Errorf("a run with input files: %q", got)
	}
	k = openOf(t, j, sandbox.Spec{Limits: sandbox.Limits{BytesMax: 1 << 20}})
	if old[k.pid] {
		t.Error("a kernel with another workspace was given away")
	}
	fresh := awaitReady(t, j, 1)
	for pid := range old {
		if fresh[pid] {
			t.Error("the kernel of the old shape still waits")
		}
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("its process is left: %v", err)
		}
	}
	// One that dies while it waits is not given away.
	for _, dying := range j.zygote.pool.ready {
		dying.kill()
		<-dying.ended
	}
	if result, got := said(t, openOf(t, j, sandbox.Spec{Limits: sandbox.Limits{BytesMax: 1 << 20}}), "print('well')"); got != "well\n" {
		t.Errorf("%+v %q", result, got)
	}
}

// oneFile is a shelf of one.
type oneFile struct{}

func (oneFile) List(context.Context) ([]sandbox.Entry, error) { return nil, nil }

func (oneFile) Open(context.Context, string) (sandbox.Entry, io.ReadCloser, error) {
	const content = "on the shelf"
	return sandbox.Entry{ID: "1_2_a", Name: "a.txt", Size: int64(len(content))}, io.NopCloser(strings.NewReader(content)), nil
}
