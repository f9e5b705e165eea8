package models

import (
	"context"
	"time"
)

// OpenKernel notes that a node gives a run's notebook a fresh kernel, and returns
// it with the one before, if there was one. An owner has UserKernels live ones:
// where that would be more, those that were idle longest end, on whichever node
// they are, and nobody waits for them. Conflict means that the notebook was
// deleted meanwhile.
func (y System) OpenKernel(ctx context.Context, run *Run, node string) (opened, before *Kernel, err error) {
	err = y.inTx(ctx, "open kernel", func(tx *tx) error {
		if err := tx.lockUser(run.UserID); err != nil {
			return err
		}
		notebook := *run.NotebookID
		if tx.lockNotebook(run.UserID, notebook) != nil {
			return conflict("The notebook was deleted meanwhile.")
		}
		// There is none, unless its node was given up.
		if err := tx.endKernels(EndedLost, "notebook_id = ?", notebook); err != nil {
			return err
		}
		if err := tx.endKernels(EndedForRoom, makeRoom, run.UserID, run.UserID, max(0, y.limits.UserKernels-1)); err != nil {
			return err
		}
		var last []*Kernel
		if err := tx.db.Raw("SELECT * FROM kernels WHERE notebook_id = ? ORDER BY started_at DESC LIMIT 1", notebook).Scan(&last).Error; err != nil {
			return err
		}
		if len(last) > 0 {
			before = last[0]
		}
		if err := tx.db.Exec("INSERT INTO nodes (name) VALUES (?) ON CONFLICT DO NOTHING", node).Error; err != nil {
			return err
		}
		err := tx.db.Raw("INSERT INTO kernels (id, notebook_id, user_id, node) VALUES (?, ?, ?, ?) RETURNING *, now() AS read_at",
			KernelID(token()), notebook, run.UserID, node).Scan(&opened).Error
		if err != nil {
			return err
		}
		return tx.hint(Hint{User: run.UserID, Notebook: notebook})
	})
	return opened, before, err
}

// makeRoom are an owner's live kernels that nothing is run in, beyond a number
// of live ones; those that were used last stay.
const makeRoom = `id IN (SELECT id FROM kernels AS idle WHERE user_id = ? AND ended_at IS NULL
		AND NOT EXISTS (SELECT FROM runs WHERE runs.notebook_id = idle.notebook_id AND state <> 'done' AND job_id IS NOT NULL)
	ORDER BY used_at, id LIMIT greatest(0, (SELECT count(*) FROM kernels WHERE user_id = ? AND ended_at IS NULL) - ?))`

// EndKernel ends a kernel that lives, with the reason. One that somebody else
// ended keeps theirs.
func (y System) EndKernel(ctx context.Context, id KernelID, why KernelEnd) error {
	return y.inTx(ctx, "end kernel", func(tx *tx) error { return tx.endKernels(why, "id = ?", id) })
}

// DropKernel forgets a kernel that could not be opened: what the next one is told
// of is the one that really was before.
func (y System) DropKernel(ctx context.Context, id KernelID) error {
	return y.inTx(ctx, "drop kernel", func(tx *tx) error {
		var dropped []Kernel
		if err := tx.db.Raw("DELETE FROM kernels WHERE id = ? RETURNING *", id).Scan(&dropped).Error; err != nil || len(dropped) == 0 {
			return err
		}
		return tx.hint(Hint{User: dropped[0].UserID, Notebook: dropped[0].NotebookID})
	})
}

// DeadKernels returns those of the kernels that do not live any more: whoever
// holds them has to close them.
func (y System) DeadKernels(ctx context.Context, ids []KernelID) (dead []KernelID, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var alive []KernelID
	err = y.db.WithContext(ctx).Raw("SELECT id FROM kernels WHERE id IN ? AND ended_at IS NULL", ids).Scan(&alive).Error
	if err != nil {
		return nil, failed("look kernels up", err)
	}
	lives := make(map[KernelID]bool, len(alive))
	for _, id := range alive {
		lives[id] = true
	}
	for _, id := range ids {
		if !lives[id] {
			dead = append(dead, id)
		}
	}
	return dead, nil
}

// BeatNode says that a node can be given runs by name.
func (y System) BeatNode(ctx context.Context, node string) error {
	return failed("beat", y.db.WithContext(ctx).Exec(
		"INSERT INTO nodes (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET beat_at = now()", node).Error)
}

// LeaveNode says that a node ends: its kernels have ended with the reason, and
// what waited for them waits for any node. It returns those runs.
func (y System) LeaveNode(ctx context.Context, node string, why KernelEnd) ([]RunID, error) {
	err := y.inTx(ctx, "leave node", func(tx *tx) error {
		if err := tx.db.Exec("DELETE FROM nodes WHERE name = ?", node).Error; err != nil {
			return err
		}
		return tx.endKernels(why, "node = ?", node)
	})
	if err != nil {
		return nil, err
	}
	return y.requeueOf(ctx, "node = ?", node)
}

// LoseNodes ends the kernels of nodes that have been silent for the given time.
func (y System) LoseNodes(ctx context.Context, silence time.Duration) error {
	return y.inTx(ctx, "lose nodes", func(tx *tx) error {
		var silent []string
		err := tx.db.Raw("DELETE FROM nodes WHERE beat_at < now() - make_interval(secs => ?) RETURNING name", silence.Seconds()).Scan(&silent).Error
		if err != nil || len(silent) == 0 {
			return err
		}
		return tx.endKernels(EndedLost, "node IN ?", silent)
	})
}

// useKernel notes what a run did to its notebook's kernel, and gives the run its
// number there.
func (tx *tx) useKernel(run RunID, use *KernelUse) error {
	if use == nil {
		return nil
	}
	err := tx.db.Exec(`WITH used AS (UPDATE kernels SET runs = runs + 1 WHERE id = ? RETURNING runs)
		UPDATE runs SET count = used.runs FROM used WHERE runs.id = ?`, use.ID, run).Error
	if err != nil {
		return err
	}
	if use.Ended != "" {
		return tx.db.Exec("UPDATE kernels SET used_at = now(), ended_at = now(), why = ? WHERE id = ? AND ended_at IS NULL",
			use.Ended, use.ID).Error
	}
	return tx.db.Exec(`UPDATE kernels SET used_at = now(), idle_until = now() + make_interval(secs => ?), names = ?
		WHERE id = ? AND ended_at IS NULL`, use.Idle.Seconds(), use.Names, use.ID).Error
}
