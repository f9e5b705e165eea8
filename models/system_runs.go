package models

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// BeginRun takes a queued run for a node: queued → running, once. Conflict
// means that it is not queued any more. The kernel that its notebook has comes
// with it, and whether it was given files. It is one statement, hint included:
// nothing runs before it is durable. A run of a token that has ended meanwhile is
// cancelled: conflict, too.
func (y System) BeginRun(ctx context.Context, id RunID, node string) (*Run, error) {
	var run Run
	err := y.db.WithContext(ctx).Raw(`WITH begun AS (
			UPDATE runs SET state = 'running', node = @node, started_at = now(), beat_at = now()
			WHERE id = @run AND state = 'queued' AND `+tokenWorks+` RETURNING *, now() AS read_at,
				(SELECT kernels.id FROM kernels WHERE kernels.notebook_id = runs.notebook_id AND ended_at IS NULL) AS kernel_id,
				EXISTS (SELECT FROM run_inputs WHERE run_inputs.run_id = runs.id) AS has_inputs)
		SELECT begun.*, pg_notify(@channel, json_strip_nulls(json_build_object('user', user_id, 'run', id, 'notebook', notebook_id))::text)
		FROM begun`, map[string]any{"node": node, "run": id, "channel": hintChannel}).Take(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		if err := y.cancelEnded(ctx, id); err != nil {
			return nil, err
		}
		return nil, conflict("The run is not queued any more.")
	}
	return &run, failed("begin run", err)
}

// tokenWorks is true of a run that no token asked for, or one that works. That a
// token expires is a predicate, as it is of files: nothing happens at that moment.
const tokenWorks = `NOT EXISTS (SELECT FROM tokens WHERE tokens.id = runs.token_id AND (tokens.revoked_at IS NOT NULL OR tokens.expires_at <= now()))`

// cancelEnded cancels a queued run whose token has ended, and leaves every other
// as it is. Its job is the one that asks, and ends by itself.
func (y System) cancelEnded(ctx context.Context, id RunID) error {
	return y.inTx(ctx, "cancel run", func(tx *tx) error {
		var owner UserID
		err := tx.db.Raw("SELECT user_id FROM runs WHERE id = ? AND state = 'queued'", id).Scan(&owner).Error
		if err != nil || owner == "" {
			return err
		}
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		done := tx.db.Exec(`UPDATE runs SET state = 'done', ending = 'cancelled', return_code = ?, finished_at = now()
			WHERE id = ? AND state = 'queued' AND NOT `+tokenWorks, Cancelled.ReturnCode(), id)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		if err := tx.enqueueNext(ctx, owner, y.limits); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner, Run: id})
	})
}

// AppendOutputs adds the next pieces of a running run's output; the caller is
// its only writer and numbers them, and may send the same again when it does not
// know what became of them. Conflict means that the run is not running: it was
// given up as lost, and what is over does not change. An output that replaces a
// display takes its bytes and the place of any that did before; a clear removes
// all before it but notes.
func (y System) AppendOutputs(ctx context.Context, id RunID, outputs []Output) error {
	if len(outputs) == 0 {
		return nil
	}
	return y.inTx(ctx, "append outputs", func(tx *tx) error {
		if err := tx.mustRun(id); err != nil {
			return err
		}
		if err := tx.appendOutputs(id, outputs); err != nil {
			return err
		}
		return tx.hint(Hint{Run: id})
	})
}

func (tx *tx) appendOutputs(id RunID, outputs []Output) error {
	if len(outputs) == 0 {
		return nil
	}
	rows := make([]Output, len(outputs))
	for i, o := range outputs {
		rows[i] = Output{RunID: id, Seq: o.Seq, Stream: o.Stream, Text: storable(o.Text), Bundle: storableBundle(o.Bundle), Replaces: o.Replaces, Value: o.Value}
	}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Omit("CreatedAt").Create(&rows).Error; err != nil {
		return err
	}
	return tx.retract(id, rows)
}

// retract removes what the new rows take back or replace.
func (tx *tx) retract(id RunID, rows []Output) error {
	cleared, replaced := 0, []int{}
	for _, row := range rows {
		switch {
		case row.Stream == "clear":
			cleared = row.Seq
		case row.Replaces > 0:
			replaced = append(replaced, row.Replaces)
		}
	}
	if cleared > 0 {
		err := tx.db.Exec("DELETE FROM outputs WHERE run_id = ? AND seq < ? AND stream <> 'note'", id, cleared).Error
		if err != nil {
			return err
		}
	}
	if len(replaced) == 0 {
		return nil
	}
	err := tx.db.Exec(`DELETE FROM outputs old USING outputs new WHERE old.run_id = ? AND new.run_id = old.run_id
		AND old.replaces IN ? AND new.replaces = old.replaces AND new.seq > old.seq`, id, replaced).Error
	if err != nil {
		return err
	}
	return tx.db.Exec("UPDATE outputs SET bundle = NULL WHERE run_id = ? AND seq IN ? AND bundle IS NOT NULL", id, replaced).Error
}

// FinishRun writes the verdict: running → done, with the last outputs, what was
// not kept, and the owner's next run in the same transaction. Of a notebook, what waits behind
// a run that did not end ok is cancelled. Conflict means that the run was given
// up as lost meanwhile.
func (y System) FinishRun(ctx context.Context, run *Run, v Verdict) error {
	return y.inTx(ctx, "finish run", func(tx *tx) error {
		if err := tx.lockUser(run.UserID); err != nil {
			return err
		}
		done := tx.db.Exec(`WITH unanswered AS (DELETE FROM questions WHERE run_id = ?)
			UPDATE runs SET state = 'done', ending = ?, return_code = ?, exception = ?, line = ?, signal = ?,
				wall = ?, cpu = ?, peak_memory = ?, output_bytes = ?, log_bytes = ?, finished_at = now(),
				expires_at = now() + make_interval(secs => ?)
			WHERE id = ? AND state = 'running'`,
			run.ID, v.Ending, v.code(), cutRunes(storable(v.Exception), 1000), v.Line, v.Signal, int64(v.Wall), int64(v.CPU),
			v.PeakMemory, v.OutputBytes, v.LogBytes, y.limits.FileLifetime.Seconds(), run.ID)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return conflict("The run was given up as lost.")
		}
		if err := tx.appendOutputs(run.ID, v.Outputs); err != nil {
			return err
		}
		if err := tx.useKernel(run.ID, v.Kernel); err != nil {
			return err
		}
		return tx.afterRun(ctx, run, v, y.limits)
	})
}

func (tx *tx) afterRun(ctx context.Context, run *Run, v Verdict, limits Limits) error {
	if err := tx.dropImported(run.CellID); err != nil {
		return err
	}
	rows := make([]Refusal, len(v.Refusals))
	for i, r := range v.Refusals {
		rows[i] = Refusal{RunID: run.ID, Name: storable(r.Name), Size: r.Size, Reason: storable(r.Reason)}
	}
	if len(rows) > 0 {
		if err := tx.db.Omit("ID").Create(&rows).Error; err != nil {
			return err
		}
	}
	if run.NotebookID != nil && v.Ending != OK {
		if err := tx.cancelAll(ctx, run.UserID, "notebook_id = ?", *run.NotebookID); err != nil {
			return err
		}
	}
	if err := tx.enqueueNext(ctx, run.UserID, limits); err != nil {
		return err
	}
	return tx.hint(Hint{User: run.UserID, Run: run.ID, Notebook: run.notebook()})
}

// Beat says that these runs are still worked, and returns those of them that
// their owners asked to stop, or that are gone with their owner's account.
func (y System) Beat(ctx context.Context, working []RunID) (asked []RunID, err error) {
	if len(working) == 0 {
		return nil, nil
	}
	var known []struct {
		ID    RunID
		Asked bool
	}
	err = y.db.WithContext(ctx).Raw(`WITH beating AS (UPDATE runs SET beat_at = now() WHERE id IN @ids AND state = 'running')
		SELECT id, state = 'running' AND interrupt_at IS NOT NULL AS asked FROM runs WHERE id IN @ids`,
		map[string]any{"ids": working}).Scan(&known).Error
	if err != nil {
		return nil, failed("beat", err)
	}
	goesOn := make(map[RunID]bool, len(known))
	for _, run := range known {
		goesOn[run.ID] = !run.Asked
	}
	return slices.DeleteFunc(slices.Clone(working), func(id RunID) bool { return goesOn[id] }), nil
}

// LoseStale ends running runs whose node has not been heard of for the given
// time as lost, and returns them. Two nodes may call it at once: each run is
// ended by one.
func (y System) LoseStale(ctx context.Context, silence time.Duration) ([]RunID, error) {
	return y.lose(ctx, "state = 'running' AND beat_at < now() - make_interval(secs => ?)", silence.Seconds())
}

// LoseNode ends the runs that a node's earlier process left running. It is
// called at the node's start, before it works anything.
func (y System) LoseNode(ctx context.Context, node string) ([]RunID, error) {
	return y.lose(ctx, "state = 'running' AND node = ?", node)
}

func (y System) lose(ctx context.Context, which string, arg any) (lost []RunID, err error) {
	var candidates []Run
	err = y.db.WithContext(ctx).Select("id", "user_id").Where(which, arg).Find(&candidates).Error
	if err != nil {
		return nil, failed("find lost runs", err)
	}
	for _, run := range candidates {
		ended, err := y.loseOne(ctx, run, which, arg)
		if err != nil {
			return lost, err
		}
		if ended {
			lost = append(lost, run.ID)
		}
	}
	return lost, nil
}

// loseOne checks the condition again with the owner locked: a run that beat
// meanwhile, or that another node ended, is left alone.
func (y System) loseOne(ctx context.Context, run Run, which string, arg any) (ended bool, err error) {
	err = y.inTx(ctx, "lose run", func(tx *tx) error {
		if err := tx.lockUser(run.UserID); err != nil {
			return err
		}
		var gone Run
		err := tx.db.Raw(`UPDATE runs SET state = 'done', ending = 'lost', return_code = ?, finished_at = now(),
				wall = greatest(0, (extract(epoch FROM now() - started_at) * 1e9)::bigint - paused - `+standing+`)
			WHERE id = ? AND `+which+` RETURNING *`, Lost.ReturnCode(), run.ID, arg).Take(&gone).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		ended = true
		if err := tx.db.Exec("DELETE FROM questions WHERE run_id = ?", run.ID).Error; err != nil {
			return err
		}
		if err := tx.dropJob(ctx, gone.JobID); err != nil {
			return err
		}
		return tx.afterRun(ctx, &gone, Verdict{Ending: Lost}, y.limits)
	})
	return ended, err
}

// GivenFiles returns the files that a run was given, as far as they still live.
func (y System) GivenFiles(ctx context.Context, id RunID) ([]File, error) {
	var files []File
	err := y.db.WithContext(ctx).Raw(`SELECT files.*, now() AS read_at FROM run_inputs
			JOIN runs ON runs.id = run_inputs.run_id JOIN files ON files.id = run_inputs.file_id AND files.user_id = runs.user_id
		WHERE runs.id = ? AND given AND files.state = 'ready' AND files.expires_at > now() ORDER BY files.name, files.version`, id).
		Scan(&files).Error
	return files, failed("read given files", err)
}
