package models

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Kernel returns the kernel that a notebook of the owner's has, or had last; nil
// when it never had one, not_found when there is no such notebook.
func (s *Store) Kernel(ctx context.Context, owner UserID, notebook NotebookID) (*Kernel, error) {
	if !notebook.wellFormed() {
		return nil, NotFound("notebook")
	}
	args := pgx.NamedArgs{"owner": owner, "id": notebook}
	batch := &pgx.Batch{}
	batch.Queue("SELECT true FROM "+ownNotebook, args)
	batch.Queue(kernelRow, args)
	answers := s.pool.SendBatch(ctx, batch)
	var there bool
	var k *Kernel
	err := answers.QueryRow().Scan(&there)
	if errors.Is(err, pgx.ErrNoRows) {
		err = NotFound("notebook")
	} else if err == nil {
		k, err = scanKernel(answers.QueryRow(), owner, notebook)
	}
	if closed := answers.Close(); err == nil {
		err = closed
	}
	return k, failed("read kernel", err)
}

// RestartKernel ends the notebook's kernel: the next run has a fresh one, and is
// told what was lost. A run that goes on is stopped, what waits is cancelled. No
// kernel is no fault. Any node may be asked; the one that holds it follows.
func (s *Store) RestartKernel(ctx context.Context, owner UserID, notebook NotebookID) error {
	return s.onNotebook(ctx, "restart kernel", owner, notebook, func(tx *tx) error {
		return tx.quiet(ctx, owner, notebook, EndedRestarted, s.limits)
	})
}

// InterruptNotebook stops the run that goes on, and cancels what waits behind
// it. The kernel keeps its variables. Nothing to stop is no fault.
func (s *Store) InterruptNotebook(ctx context.Context, owner UserID, notebook NotebookID) error {
	return s.onNotebook(ctx, "interrupt notebook", owner, notebook, func(tx *tx) error {
		return tx.stopRuns(ctx, owner, notebook, s.limits)
	})
}

func (s *Store) onNotebook(ctx context.Context, verb string, owner UserID, id NotebookID, do func(*tx) error) error {
	return s.inTx(ctx, verb, func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.lockNotebook(owner, id); err != nil {
			return err
		}
		return do(tx)
	})
}

// quiet ends all that a notebook does. It is called with the owner locked.
func (tx *tx) quiet(ctx context.Context, owner UserID, notebook NotebookID, why KernelEnd, limits Limits) error {
	if err := tx.endKernels(why, "user_id = ? AND notebook_id = ?", owner, notebook); err != nil {
		return err
	}
	return tx.stopRuns(ctx, owner, notebook, limits)
}

func (tx *tx) stopRuns(ctx context.Context, owner UserID, notebook NotebookID, limits Limits) error {
	err := tx.db.Exec(`UPDATE runs SET interrupt_at = coalesce(interrupt_at, now())
		WHERE user_id = ? AND notebook_id = ? AND state = 'running'`, owner, notebook).Error
	if err != nil {
		return err
	}
	if err := tx.cancelAll(ctx, owner, "notebook_id = ?", notebook); err != nil {
		return err
	}
	if err := tx.enqueueNext(ctx, owner, limits); err != nil {
		return err
	}
	return tx.hint(Hint{User: owner, Notebook: notebook})
}

// cancelAll cancels those of the owner's queued runs. What follows is the
// caller's to enqueue.
func (tx *tx) cancelAll(ctx context.Context, owner UserID, which string, arg any) error {
	var cancelled []Run
	err := tx.db.Raw(`UPDATE runs SET state = 'done', ending = 'cancelled', return_code = ?, finished_at = now()
		WHERE user_id = ? AND state = 'queued' AND `+which+` RETURNING id, job_id`, Cancelled.ReturnCode(), owner, arg).Scan(&cancelled).Error
	if err != nil {
		return err
	}
	for _, run := range cancelled {
		if err := tx.dropJob(ctx, run.JobID); err != nil {
			return err
		}
		if err := tx.hint(Hint{User: owner, Run: run.ID}); err != nil {
			return err
		}
	}
	return nil
}

// endKernels ends those of the live kernels, and tells their nodes and owners.
func (tx *tx) endKernels(why KernelEnd, which string, args ...any) error {
	var ended []Kernel
	err := tx.db.Raw("UPDATE kernels SET ended_at = now(), why = ? WHERE ended_at IS NULL AND "+which+" RETURNING *",
		append([]any{why}, args...)...).Scan(&ended).Error
	if err != nil {
		return err
	}
	for _, k := range ended {
		if err := tx.hint(Hint{User: k.UserID, Notebook: k.NotebookID, Kernel: k.ID}); err != nil {
			return err
		}
	}
	return nil
}
