package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// Ask puts a question of a running run where its owner sees it, for a time. It
// takes the place of an earlier one; the same again changes nothing, so the
// caller may repeat it. Conflict means that the run is not running.
func (y System) Ask(ctx context.Context, run *Run, q Question, wait time.Duration) error {
	return y.inTx(ctx, "ask question", func(tx *tx) error {
		if err := tx.mustRun(run.ID); err != nil {
			return err
		}
		err := tx.db.Exec(`INSERT INTO questions (run_id, number, prompt, secret, until)
				VALUES (?, ?, ?, ?, now() + make_interval(secs => ?))
			ON CONFLICT (run_id) DO UPDATE SET number = excluded.number, prompt = excluded.prompt, secret = excluded.secret,
				asked_at = excluded.asked_at, until = excluded.until, answer = NULL, answered_at = NULL
			WHERE questions.number < excluded.number`,
			run.ID, q.Number, cutRunes(storable(q.Prompt), MaxPrompt), q.Secret, wait.Seconds()).Error
		if err != nil {
			return err
		}
		return tx.hint(Hint{User: run.UserID, Run: run.ID})
	})
}

// Question returns a question with its answer, or nil when it is not there any
// more.
func (y System) Question(ctx context.Context, id RunID, number int) (*Question, error) {
	var q Question
	err := y.db.WithContext(ctx).Raw("SELECT * FROM questions WHERE run_id = ? AND number = ?", id, number).Take(&q).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &q, failed("read question", err)
}

// CloseQuestion forgets a question and its answer, and lets the run's clock go
// on. What is not there is closed.
func (y System) CloseQuestion(ctx context.Context, run *Run, number int) error {
	return y.inTx(ctx, "close question", func(tx *tx) error {
		// The run first: whatever ends it locks in that order, too.
		err := tx.db.Exec(`UPDATE runs SET paused = paused + `+standing+` WHERE id = ? AND state = 'running'
			AND EXISTS (SELECT FROM questions WHERE run_id = runs.id AND number = ?)`, run.ID, number).Error
		if err != nil {
			return err
		}
		done := tx.db.Exec("DELETE FROM questions WHERE run_id = ? AND number = ?", run.ID, number)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		return tx.hint(Hint{User: run.UserID, Run: run.ID})
	})
}

// standing is for how long the question that a run asks has stopped its clock,
// in nanoseconds.
const standing = `coalesce((SELECT (extract(epoch FROM now() - asked_at) * 1e9)::bigint FROM questions WHERE run_id = runs.id), 0)`

// mustRun keeps a run from ending until the transaction has. Conflict means
// that it is not running.
func (tx *tx) mustRun(id RunID) error {
	var running bool
	err := tx.db.Raw("SELECT true FROM runs WHERE id = ? AND state = 'running' FOR SHARE", id).Scan(&running).Error
	if err == nil && !running {
		return conflict("The run is not running any more.")
	}
	return err
}
