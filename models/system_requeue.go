package models

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Requeue gives a new job to queued runs whose own will not be worked any more:
// its worker died, or lost the database, between taking the job and beginning
// the run; or it waits for a node that is gone. Nothing of them has been run. It
// returns those runs; two nodes may call it at once.
func (y System) Requeue(ctx context.Context, silence time.Duration) (again []RunID, err error) {
	stranded, err := y.stranded(ctx, silence)
	if err != nil {
		return nil, err
	}
	again, err = y.requeueAll(ctx, stranded)
	if err != nil {
		return again, err
	}
	waiting, err := y.requeueOf(ctx, "node <> '' AND NOT EXISTS (SELECT FROM nodes WHERE nodes.name = runs.node)")
	return append(again, waiting...), err
}

// requeueOf gives a new job to queued runs that wait for a node.
func (y System) requeueOf(ctx context.Context, which string, args ...any) ([]RunID, error) {
	var runs []Run
	err := y.db.WithContext(ctx).Select("id", "user_id", "job_id").
		Where("state = 'queued' AND job_id IS NOT NULL AND "+which, args...).Find(&runs).Error
	if err != nil {
		return nil, failed("find runs of a node", err)
	}
	return y.requeueAll(ctx, runs)
}

func (y System) requeueAll(ctx context.Context, runs []Run) (again []RunID, err error) {
	for _, run := range runs {
		done, err := y.requeueOne(ctx, run)
		if err != nil {
			return again, err
		}
		if done {
			again = append(again, run.ID)
		}
	}
	return again, nil
}

func (y System) stranded(ctx context.Context, silence time.Duration) (runs []Run, err error) {
	err = y.inTx(ctx, "find stranded runs", func(tx *tx) error {
		var queued []Run
		err := tx.db.Select("id", "user_id", "job_id").Where("state = 'queued' AND job_id IS NOT NULL").Find(&queued).Error
		if err != nil || len(queued) == 0 {
			return err
		}
		ofJob := make(map[int64]Run, len(queued))
		jobs := make([]int64, len(queued))
		for i, run := range queued {
			ofJob[*run.JobID], jobs[i] = run, *run.JobID
		}
		return tx.withPgx(func(p pgx.Tx) error {
			idle, err := tx.queue.IdleJobs(ctx, p, jobs, silence)
			for _, job := range idle {
				runs = append(runs, ofJob[job])
			}
			return err
		})
	})
	return runs, err
}

// requeueOne checks again with the owner locked: a run that began meanwhile, or
// that another node gave a new job, is left alone.
func (y System) requeueOne(ctx context.Context, run Run) (done bool, err error) {
	err = y.inTx(ctx, "requeue run", func(tx *tx) error {
		if err := tx.lockUser(run.UserID); err != nil {
			return err
		}
		freed := tx.db.Exec("UPDATE runs SET job_id = NULL, node = '' WHERE id = ? AND state = 'queued' AND job_id = ?", run.ID, run.JobID)
		if freed.Error != nil || freed.RowsAffected == 0 {
			return freed.Error
		}
		done = true
		if err := tx.dropJob(ctx, run.JobID); err != nil {
			return err
		}
		return tx.enqueueNext(ctx, run.UserID, y.limits)
	})
	return done, err
}
