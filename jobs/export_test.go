package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// RunTimeout is what River is told of a run.
func RunTimeout() time.Duration { return (&runWorker{}).Timeout(&river.Job[RunArgs]{}) }

// Insert adds a job of any kind, as another version of this program might.
func (q *Queue) Insert(ctx context.Context, args river.JobArgs, queue string) error {
	_, err := q.client.Insert(ctx, args, &river.InsertOpts{Queue: queue})
	return err
}
