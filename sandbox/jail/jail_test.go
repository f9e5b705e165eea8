package jail

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

const testUser = "mayfly-jail"

func testRuntime() string {
	if named := os.Getenv("MAYFLY_RUNTIME"); named != "" {
		return named
	}
	return "/opt/mayfly/python"
}

// start opens a jail that the test's end closes.
func start(t *testing.T, c Config) *Jail {
	t.Helper()
	return startAs(t, c, func(*Jail) {})
}

// startAs changes what has no setting.
func startAs(t *testing.T, c Config, change func(*Jail)) *Jail {
	t.Helper()
	c.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	j := newJail(c)
	change(j)
	go j.keepWarm()
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}

func runIn(t *testing.T, j *Jail, code string) (sandbox.Result, string) {
	t.Helper()
	k, err := j.Open(t.Context(), sandbox.Spec{})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(context.Background())
	heard := &listener{}
	result, err := k.Exec(t.Context(), code, heard)
	if err != nil {
		t.Fatal(err)
	}
	return result, heard.all.String()
}

// TestJailReplacesItsZygote: the kernels of one that ends are our loss, not the
// code's; the next Open gets one of the next.
func TestJailReplacesItsZygote(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	k, err := j.Open(t.Context(), sandbox.Spec{})
	if err != nil {
		t.Fatal(err)
	}
	if s := j.State(); !s.Ready || s.Words != "" || len(s.Packages) < 20 || s.Warm <= 0 || s.RSS <= 0 {
		t.Errorf("state %+v", s)
	}
	j.mu.Lock()
	first := j.zygote
	j.mu.Unlock()
	heard := &startWatch{started: make(chan struct{})}
	over := make(chan error, 1)
	go func() {
		_, err := k.Exec(context.Background(), "print('started')\nwhile True: pass", heard)
		over <- err
	}()
	<-heard.started
	first.stop()
	if err := <-over; !errors.Is(err, errOrphaned) {
		t.Errorf("the run in the zygote that died: %v", err)
	}
	if result, said := runIn(t, j, "print('again')"); result.Ending != sandbox.OK || said != "again\n" {
		t.Errorf("after: %+v %q", result, said)
	}
	if err := k.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

type startWatch struct {
	listener
	once    sync.Once
	started chan struct{}
}

func (w *startWatch) Emit(sandbox.Output) error {
	w.once.Do(func() { close(w.started) })
	return nil
}

// TestOpenWaitsOnlyAsLongAsItsContext, and closing does not wait for the
// warm-up.
func TestOpenWaitsOnlyAsLongAsItsContext(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	if s := j.State(); s.Ready || s.Refused || s.Words == "" {
		t.Errorf("at first: %+v", s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := j.Open(ctx, sandbox.Spec{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Open: %v", err)
	}
	waits := make(chan error, 1)
	go func() {
		_, err := j.Open(context.Background(), sandbox.Spec{})
		waits <- err
	}()
	began := time.Now()
	if err := j.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("closing a jail that warms up took %s", took)
	}
	if err := <-waits; err == nil {
		t.Error("a closed jail opened a kernel")
	}
	if _, err := j.Open(t.Context(), sandbox.Spec{}); !errors.Is(err, errJailClosed) {
		t.Errorf("Open after Close: %v", err)
	}
}

// TestSelfTestSeesAWeakFilter is the control of SEC-34: behind a filter that
// allows everything, the self-test must not pass.
func TestSelfTestSeesAWeakFilter(t *testing.T) {
	t.Parallel()
	everything, err := encode([]bpf.Instruction{bpf.RetConstant{Val: allow}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := newRoot(Config{Runtime: testRuntime(), User: testUser})
	if err != nil {
		t.Fatal(err)
	}
	defer w.leave()
	w.filter = everything
	z, err := startZygote(w, 1, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer z.close()
	if _, err := z.awaitWarm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := selfTest(t.Context(), z); err == nil || !strings.Contains(err.Error(), "no n") {
		t.Errorf("behind a filter that allows everything the self-test said: %v", err)
	}
}

// TestKernelOutlivesThreads (REL-29): parent-death signals are per thread, and
// Go ends threads at will.
func TestKernelOutlivesThreads(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	k, err := j.Open(t.Context(), sandbox.Spec{})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close(context.Background())
	var threads sync.WaitGroup
	for range 200 {
		threads.Go(func() { runtime.LockOSThread() }) // ends with its goroutine
	}
	threads.Wait()
	heard := &listener{}
	if result, err := k.Exec(t.Context(), "print('alive')", heard); err != nil || heard.out.String() != "alive\n" {
		t.Errorf("%+v %v", result, err)
	}
}

// TestCloseLeavesNoGroup: no folder of ours stays in any hierarchy.
func TestCloseLeavesNoGroup(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser})
	k, err := j.Open(t.Context(), sandbox.Spec{})
	if err != nil {
		t.Fatal(err)
	}
	group := k.(*kernel).ward.(*charge).group
	handle, err := unix.PidfdOpen(k.(*kernel).pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(handle)
	root := groupFolders(group)
	if len(root) == 0 {
		t.Fatal("the kernel has no group")
	}
	if all, err := roomForAll(); err != nil || all < 256<<20 || memoryOfAll(root) > all {
		t.Errorf("all kernels together may have %d bytes, want at most %d (%v)", memoryOfAll(root), all, err)
	}
	if err := j.Close(context.Background()); err != nil {
		t.Error(err)
	}
	if err := unix.PidfdSendSignal(handle, 0, nil, 0); !errors.Is(err, unix.ESRCH) {
		t.Errorf("the kernel's process after Close: %v", err)
	}
	for _, dir := range root {
		if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", filepath.Dir(dir), err)
		}
	}
}

// memoryOfAll is the limit of the folder above the kernels' groups.
func memoryOfAll(groups []string) int64 {
	for _, dir := range groups {
		for _, name := range []string{"memory.limit_in_bytes", "memory.max"} {
			if limit := readNumber(filepath.Join(filepath.Dir(dir), name)); limit > 0 {
				return limit
			}
		}
	}
	return math.MaxInt64
}

func groupFolders(g group) []string {
	switch g := g.(type) {
	case *group1:
		var dirs []string
		for _, dir := range g.dirs {
			dirs = append(dirs, dir)
		}
		return dirs
	case *group2:
		return []string{g.dir}
	}
	return nil
}
