package models

import (
	"context"
	"errors"
	"math"

	"gorm.io/gorm"
)

// trimmedText is how much of a run's text outlives its outputs' 48 hours.
const trimmedText = 64 << 10

// told finds what can still be read of what a run said: everything while its
// outputs live, and only what Forget leaves of the text from that second on.
const told = toldFirst + "@owner" + toldRest

const toldFirst = `WITH asked AS MATERIALIZED (SELECT id, expires_at > now() AS fresh, CASE WHEN expires_at <= now() THEN (
			SELECT max(seq) FROM (SELECT seq, sum(length(text)) OVER (ORDER BY seq) AS upto FROM outputs WHERE run_id = runs.id) AS sums
			WHERE upto <= @kept) END AS last
		FROM runs WHERE id = @run AND user_id = `

const toldRest = `)
	SELECT outputs.* FROM asked JOIN outputs ON run_id = asked.id AND (fresh OR (stream <> 'display' AND seq <= last)) `

// Outputs returns what a run said after the given number, in order. Once the
// outputs' lifetime is over, pictures and rich output are gone, and so is the
// text after the first trimmedText.
func (s *Store) Outputs(ctx context.Context, owner UserID, run RunID, after int) ([]Output, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var outputs []Output
	err := s.db.WithContext(ctx).Raw(told+"WHERE seq > @after ORDER BY seq",
		map[string]any{"run": run, "owner": owner, "kept": trimmedText, "after": min(after, math.MaxInt32)}).Scan(&outputs).Error
	return outputs, failed("read outputs", err)
}

// Output returns one piece of what a run said, or not_found: also when its
// lifetime is over and Outputs would leave it out.
func (s *Store) Output(ctx context.Context, owner UserID, run RunID, seq int) (*Output, error) {
	if !run.wellFormed() || seq < 1 || seq > math.MaxInt32 {
		return nil, NotFound("output")
	}
	var output Output
	err := s.db.WithContext(ctx).Raw(told+"WHERE seq = @seq",
		map[string]any{"run": run, "owner": owner, "kept": trimmedText, "seq": seq}).Take(&output).Error
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
