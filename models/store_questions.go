package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Question returns what a run of the owner's asks just now, or nil. It never
// holds an answer.
func (s *Store) Question(ctx context.Context, owner UserID, id RunID) (*Question, error) {
	if !id.wellFormed() {
		return nil, nil
	}
	var q Question
	err := s.db.WithContext(ctx).Raw(`SELECT run_id, number, prompt, secret, asked_at, until FROM questions
		WHERE run_id = (SELECT id FROM runs WHERE id = ? AND user_id = ? AND state = 'running') AND `+open, id, owner).Take(&q).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &q, failed("read question", err)
}

// Answer answers the question of that number, which a run of the owner's asks;
// nil is the end of the input. Conflict means that it is not open any more.
func (s *Store) Answer(ctx context.Context, owner UserID, id RunID, number int, text *string) error {
	if !id.wellFormed() {
		return NotFound("run")
	}
	if err := checkAnswer(text); err != nil {
		return err
	}
	return s.inTx(ctx, "answer question", func(tx *tx) error {
		done := tx.db.Exec(`UPDATE questions SET answer = ?, answered_at = now() FROM runs
			WHERE runs.id = questions.run_id AND runs.id = ? AND runs.user_id = ? AND runs.state = 'running' AND number = ? AND `+open,
			text, id, owner, number)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return tx.whyNotOpen(owner, id)
		}
		return tx.hint(Hint{User: owner, Run: id})
	})
}

// whyNotOpen tells an owner's late answer from a run that is none of theirs.
func (tx *tx) whyNotOpen(owner UserID, id RunID) error {
	var theirs bool
	err := tx.db.Raw("SELECT true FROM runs WHERE id = ? AND user_id = ?", id, owner).Scan(&theirs).Error
	switch {
	case err != nil:
		return err
	case !theirs:
		return NotFound("run")
	}
	return errNotOpen
}
