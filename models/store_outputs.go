package models

import (
	"context"
	"errors"
	"math"

	"gorm.io/gorm"
)

// trimmedText is how much of a run's text outlives its outputs' 48 hours.
const trimmedText = 64 << 10

// Outputs returns what a run said after the given number, in order. Once the
// outputs' lifetime is over, pictures and rich output are gone.
func (s *Store) Outputs(ctx context.Context, owner UserID, run RunID, after int) ([]Output, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var outputs []Output
	err := s.db.WithContext(ctx).Raw(`SELECT outputs.* FROM outputs JOIN runs ON runs.id = outputs.run_id
		WHERE runs.id = ? AND runs.user_id = ? AND seq > ? AND (runs.expires_at > now() OR stream <> 'display')
		ORDER BY seq`, run, owner, after).Scan(&outputs).Error
	return outputs, failed("read outputs", err)
}

// Output returns one piece of what a run said, or not_found: also when it was a
// display and its lifetime is over.
func (s *Store) Output(ctx context.Context, owner UserID, run RunID, seq int) (*Output, error) {
	if !run.wellFormed() || seq < 1 || seq > math.MaxInt32 {
		return nil, NotFound("output")
	}
	var output Output
	err := s.db.WithContext(ctx).Raw(`SELECT outputs.* FROM outputs JOIN runs ON runs.id = outputs.run_id
		WHERE runs.id = ? AND runs.user_id = ? AND seq = ? AND (runs.expires_at > now() OR stream <> 'display')`, run, owner, seq).
		Take(&output).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("output")
	}
	return &output, failed("read output", err)
}

// Refusals returns the files a run made that were not kept, and why.
func (s *Store) Refusals(ctx context.Context, owner UserID, run RunID) ([]Refusal, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var refusals []Refusal
	err := s.db.WithContext(ctx).Raw(`SELECT refusals.* FROM refusals JOIN runs ON runs.id = refusals.run_id
		WHERE runs.id = ? AND runs.user_id = ? ORDER BY refusals.id`, run, owner).Scan(&refusals).Error
	return refusals, failed("read refusals", err)
}

// Inputs returns the files a run was given or has loaded.
func (s *Store) Inputs(ctx context.Context, owner UserID, run RunID) ([]RunInput, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var inputs []RunInput
	err := s.db.WithContext(ctx).Raw(`SELECT run_inputs.* FROM run_inputs JOIN runs ON runs.id = run_inputs.run_id
		WHERE runs.id = ? AND runs.user_id = ? ORDER BY name, version`, run, owner).Scan(&inputs).Error
	return inputs, failed("read inputs", err)
}

// LoadFile notes that a run has loaded a file.
func (s *Store) LoadFile(ctx context.Context, owner UserID, run RunID, file File) error {
	err := s.db.WithContext(ctx).Exec(`INSERT INTO run_inputs (run_id, file_id, name, version, given)
		SELECT id, ?, ?, ?, false FROM runs WHERE id = ? AND user_id = ? ON CONFLICT DO NOTHING`,
		file.ID, file.Name, file.Version, run, owner).Error
	return failed("note loaded file", err)
}
