package runner_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/sandbox"
)

func TestMain(m *testing.M) { os.Exit(node.Main(m)) }

// start is a node with one person.
func start(t *testing.T, c node.Config) (*node.Node, models.UserID) {
	t.Helper()
	n := node.Start(t, c)
	return n, testkit.Person(t, n.Store, "42")
}

// watched is the real sandbox, of which a test counts the runs and joins in at
// their begin and end.
type watched struct {
	sandbox.Sandbox
	before, after func() // may be nil

	mu    sync.Mutex
	execs map[string]int // by code
}

// Open opens a kernel that is watched too.
func (w *watched) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Kernel, error) {
	k, err := w.Sandbox.Open(ctx, spec)
	return &watchedKernel{k, w}, err
}

type watchedKernel struct {
	sandbox.Kernel
	watched *watched
}

// Exec counts.
func (k *watchedKernel) Exec(ctx context.Context, code string, to sandbox.IO) (sandbox.Result, error) {
	k.watched.note(code)
	if k.watched.before != nil {
		k.watched.before()
	}
	result, err := k.Kernel.Exec(ctx, code, to)
	if k.watched.after != nil {
		k.watched.after()
	}
	return result, err
}

func (w *watched) note(code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.execs == nil {
		w.execs = map[string]int{}
	}
	w.execs[code]++
}

func (w *watched) count(code string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.execs[code]
}

func count(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) (n int) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func mustEnd(t *testing.T, run *models.Run, want models.Ending, code int) {
	t.Helper()
	if run.State != models.Done || run.Ending != want || run.ReturnCode != code {
		t.Errorf("the run is %s, ended %q (%d), not %q (%d): %s", run.State, run.Ending, run.ReturnCode, want, code, run.Exception)
	}
}
