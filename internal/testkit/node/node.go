package node

import (
	"cmp"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/events"
	"mayfly/internal/testkit"
	"mayfly/jobs"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/sandbox"
	"mayfly/storage"
)

// Config says how a node differs from a usual one. Zero fields are filled.
type Config struct {
	Pool       *pgxpool.Pool   // of a node whose database this one shares
	Blobs      string          // its folder
	Name       string          // of the node
	Limits     models.Limits   // the product's
	Run        sandbox.Limits  // of each run: the product's
	Sandbox    sandbox.Sandbox // the jail
	Slots      int             // runs at once: 4
	SweepEvery time.Duration   // an hour
	FileMax    int64           // 50 MB
	InputWait  time.Duration   // for an answer: ten minutes
	KernelIdle time.Duration   // of a notebook's kernel: 15 minutes
	Logger     *slog.Logger    // none
}

// Node is one server without its surfaces.
type Node struct {
	Config
	Store   *models.Store
	Vault   *storage.Vault
	Hub     *events.Hub
	Runner  *runner.Runner
	Workers *jobs.Workers
}

// New prepares a node whose runner and workers do nothing yet.
func New(t testing.TB, c Config) *Node {
	t.Helper()
	n := &Node{Config: c}
	n.fill(t)
	queue, err := jobs.NewQueue(n.Pool, n.Logger)
	must(t, err)
	n.Store, err = models.NewStore(n.Pool, queue, n.Limits)
	must(t, err)
	n.Vault, err = storage.Open(n.Store, storage.Config{
		URL: "file://" + n.Blobs, FileMax: n.FileMax, OrphanGrace: 15 * time.Minute, Logger: n.Logger,
	})
	must(t, err)
	n.Hub, err = events.Listen(context.Background(), n.Pool, n.Logger)
	must(t, err)
	t.Cleanup(n.Hub.Close)
	n.Runner = runner.New(runner.Config{
		Store: n.Store, Vault: n.Vault, Sandbox: n.Sandbox, Hub: n.Hub, Node: n.Name, Limits: n.Run, Logger: n.Logger,
		InputWait: n.InputWait, KernelIdle: n.KernelIdle,
	})
	n.Workers, err = jobs.New(n.Pool, jobs.Config{
		Slots: n.Slots, SweepEvery: n.SweepEvery, Store: n.Store, Vault: n.Vault, Runner: n.Runner, Logger: n.Logger,
	})
	must(t, err)
	return n
}

// Start is New with runner and workers at work until the test ends.
func Start(t testing.TB, c Config) *Node {
	t.Helper()
	n := New(t, c)
	n.Begin(t)
	return n
}

// Begin starts the runner and the workers.
func (n *Node) Begin(t testing.TB) {
	t.Helper()
	must(t, n.Runner.Start(context.Background()))
	must(t, n.Workers.Start(context.Background()))
	t.Cleanup(func() {
		n.End(t, patience)
	})
}

// End stops taking runs, lets those that run finish for a time, and stops.
func (n *Node) End(t testing.TB, drain time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := n.Workers.Stop(ctx); err != nil {
		t.Errorf("stop the workers: %v", err)
	}
	n.Runner.Stop()
}

func (n *Node) fill(t testing.TB) {
	t.Helper()
	if n.Pool == nil {
		n.Pool = testkit.Postgres(t)
	}
	n.Blobs = cmp.Or(n.Blobs, t.TempDir())
	n.Name = cmp.Or(n.Name, "node")
	n.Slots = cmp.Or(n.Slots, 4)
	n.SweepEvery = cmp.Or(n.SweepEvery, time.Hour)
	n.FileMax = cmp.Or(n.FileMax, sandbox.DefaultLimits().FileMax)
	n.Limits = cmp.Or(n.Limits, models.DefaultLimits())
	n.Run = cmp.Or(n.Run, sandbox.DefaultLimits())
	n.Logger = cmp.Or(n.Logger, slog.New(slog.DiscardHandler))
	if n.Sandbox == nil {
		n.Sandbox = Jail(t)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
