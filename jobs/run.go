package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"mayfly/models"
	"mayfly/runner"
)

// RunArgs names the run to work.
type RunArgs struct {
	Run models.RunID `json:"run"`
}

// Kind is the job's name in River.
func (RunArgs) Kind() string { return "run" }

type runWorker struct {
	river.WorkerDefaults[RunArgs]
	runner *runner.Runner
}

// Work runs the code. It has one attempt: whatever happens is in the run.
func (w *runWorker) Work(ctx context.Context, job *river.Job[RunArgs]) error {
	return w.runner.Work(ctx, job.Args.Run)
}

// Timeout is none of River's: the run's own wall limit rules.
func (w *runWorker) Timeout(*river.Job[RunArgs]) time.Duration { return -1 }
