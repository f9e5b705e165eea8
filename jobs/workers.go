package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"mayfly/models"
	"mayfly/runner"
	"mayfly/storage"
)

// Config is what the workers work with. All fields are required.
type Config struct {
	Slots      int           // runs at once on this node, and as many again in kernels that live here
	SweepEvery time.Duration // between sweeps; the other upkeep is hourly
	Store      *models.Store
	Vault      *storage.Vault
	Runner     *runner.Runner
	Logger     *slog.Logger
}

// How River is tuned (docs/adr/0003): begin to start in 2.6 ms at the median.
const (
	fetchCooldown = 2 * time.Millisecond
	fetchPoll     = 200 * time.Millisecond
)

// Upkeep may take long when there is much of it. A process that is killed leaves
// its job running, and no other of its kind starts until River takes that back.
const (
	upkeepEvery  = time.Hour
	upkeepSlots  = 2
	upkeepTime   = 10 * time.Minute
	upkeepRescue = 15 * time.Minute
)

// cancelTime is what cancelled runs have to write their verdicts.
const cancelTime = 10 * time.Second

// Workers work this node's jobs.
type Workers struct{ client *river.Client[pgx.Tx] }

// New prepares the workers; Start starts them.
func New(pool *pgxpool.Pool, c Config) (*Workers, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &runWorker{runner: c.Runner})
	river.AddWorker(workers, &sweepWorker{vault: c.Vault, logger: c.Logger})
	river.AddWorker(workers, &reconcileWorker{vault: c.Vault, logger: c.Logger})
	river.AddWorker(workers, &forgetWorker{store: c.Store, pool: pool, logger: c.Logger})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Workers: workers,
		Queues: map[string]river.QueueConfig{
			queueRuns: {MaxWorkers: c.Slots}, queueOf(c.Runner.Node): {MaxWorkers: c.Slots}, queueUpkeep: {MaxWorkers: upkeepSlots},
		},
		FetchCooldown:     fetchCooldown,
		FetchPollInterval: fetchPoll,
		JobTimeout:        upkeepTime,
		PeriodicJobs: []*river.PeriodicJob{
			every(c.SweepEvery, SweepArgs{}), every(upkeepEvery, ReconcileArgs{}), every(upkeepEvery, ForgetArgs{}),
		},
		RescueStuckJobsAfter: upkeepRescue,
		Logger:               quiet(c.Logger),
	})
	if err != nil {
		return nil, fmt.Errorf("open the workers: %w", err)
	}
	return &Workers{client}, nil
}

// every makes a periodic job. One that still waits or runs is not doubled.
func every(interval time.Duration, args river.JobArgs) *river.PeriodicJob {
	opts := &river.InsertOpts{Queue: queueUpkeep, UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
		rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}}
	return river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, opts },
		&river.PeriodicJobOpts{RunOnStart: true})
}

// Start begins to fetch jobs. They go on until Stop, whatever becomes of ctx.
func (w *Workers) Start(ctx context.Context) error {
	if err := w.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the workers: %w", err)
	}
	return nil
}

// Stop fetches nothing more and waits for running jobs until ctx ends; then it
// cancels them and waits for that, within cancelTime.
func (w *Workers) Stop(ctx context.Context) error {
	err := w.client.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return err
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
	defer cancel()
	return w.client.StopAndCancel(last)
}
