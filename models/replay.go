package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// replayLife is how long an idempotency key is remembered: as long as outputs
// and files live by default.
const replayLife = "48 hours"

var errKeyReused = &Error{Code: KeyReused, Message: "This Idempotency-Key was used for another request. Take a new key for each request."}

// replayed returns what the key gave the first time, or "" when it is new. The
// owner is locked, so that two requests with one key come one after the other.
func replayed(db *gorm.DB, by *Token, owner UserID, once *Once) (result string, err error) {
	if by == nil || once == nil {
		return "", nil
	}
	var first struct{ Hash, Result string }
	err = db.Raw("SELECT hash, result FROM replays WHERE token_id = ? AND user_id = ? AND key = ?", by.ID, owner, once.Key).Take(&first).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return "", nil
	case err != nil:
		return "", err
	case first.Hash != once.Hash:
		return "", errKeyReused
	}
	return first.Result, nil
}

// remember notes what a key gave.
func (tx *tx) remember(by *Token, owner UserID, once *Once, result string) error {
	if by == nil || once == nil {
		return nil
	}
	return tx.db.Exec("INSERT INTO replays (token_id, user_id, key, hash, result) VALUES (?, ?, ?, ?, ?)",
		by.ID, owner, once.Key, once.Hash, result).Error
}

// KeyUsed reports whether a request with this key was answered before.
func (s *Store) KeyUsed(ctx context.Context, owner UserID, by *Token, key string) (used bool, err error) {
	if err := (&Once{Key: key}).check(); err != nil || by == nil {
		return false, err
	}
	err = s.db.WithContext(ctx).Raw("SELECT true FROM replays WHERE token_id = ? AND user_id = ? AND key = ?", by.ID, owner, key).
		Scan(&used).Error
	return used, failed("read replay", err)
}

// Replayed returns the file that a key has made before, or nil when the key is
// new. key_reused means that it was used for another request; gone that the file
// is no more. The caller has asked Permit.
func (s *Store) Replayed(ctx context.Context, owner UserID, by *Token, once *Once) (*File, error) {
	if err := once.check(); err != nil {
		return nil, err
	}
	result, err := replayed(s.db.WithContext(ctx), by, owner, once)
	if err != nil || result == "" {
		return nil, failed("read replay", err)
	}
	return s.File(ctx, owner, FileID(result))
}

// runAgain returns the run that the same request made before, nil when there is
// none.
func (tx *tx) runAgain(owner UserID, n NewRun) (*Run, error) {
	run, err := tx.runOfKey(owner, n.FormKey)
	if run != nil || err != nil {
		return run, err
	}
	first, err := replayed(tx.db, n.By, owner, n.Once)
	if err != nil || first == "" {
		return nil, err
	}
	run = &Run{}
	err = tx.db.Raw("SELECT *, now() AS read_at FROM runs WHERE id = ? AND user_id = ?", first, owner).Take(run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, Gone("What this Idempotency-Key gave is forgotten by now. Take a new key.")
	}
	return run, err
}

// rememberRun notes whose request a run was, where that is not its owner's own.
func (tx *tx) rememberRun(owner UserID, n NewRun, run RunID) error {
	if err := tx.remember(n.By, owner, n.Once, string(run)); err != nil {
		return err
	}
	line := act(n.By, "run.for", owner)
	line.RunID = run
	return tx.auditApp(line)
}

func (tx *tx) runOfKey(owner UserID, key string) (*Run, error) {
	if key == "" {
		return nil, nil
	}
	var run Run
	err := tx.db.Raw("SELECT *, now() AS read_at FROM runs WHERE user_id = ? AND form_key = ?", owner, key).Take(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	return &run, err
}
