package models

import (
	"context"
	"encoding/json"
	"errors"
	"math"

	"gorm.io/gorm"
)

// pictureMIME is the form of a display that says of its picture what the bytes do
// not, as package sandbox bounds it.
const pictureMIME = "application/vnd.mayfly.picture+json"

// nowShown is the row that holds what a display shows now: of a run of the owner's
// whose outputs live. The display is known by its first number.
const nowShown = `FROM outputs JOIN runs ON runs.id = outputs.run_id WHERE runs.id = @run AND user_id = @owner AND runs.expires_at > now()
	AND stream = 'display' AND (outputs.seq = @seq OR outputs.replaces = @seq)`

// Figure returns the picture that a display of the owner's run shows now, as a
// file; not_found when it shows none, or its time is over.
func (s *Store) Figure(ctx context.Context, owner UserID, run RunID, seq int) (*Figure, error) {
	if !run.wellFormed() || seq < 1 || seq > math.MaxInt32 {
		return nil, NotFound("figure")
	}
	var shown struct {
		Output
		NotebookID *NotebookID
		Place, Nth int
	}
	err := s.db.WithContext(ctx).Raw(`SELECT outputs.*, runs.notebook_id, coalesce((SELECT place FROM cells WHERE id = cell_id), 0) AS place,
			(SELECT count(DISTINCT CASE replaces WHEN 0 THEN figures.seq ELSE replaces END) FROM outputs AS figures
				WHERE run_id = runs.id AND jsonb_exists_any(bundle, '{image/png,image/jpeg,image/gif,image/webp,image/svg+xml}')
				AND CASE replaces WHEN 0 THEN figures.seq ELSE replaces END <= @seq) AS nth
		`+nowShown+` ORDER BY outputs.seq DESC LIMIT 1`,
		map[string]any{"run": run, "owner": owner, "seq": seq}).Take(&shown).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("figure")
	}
	if err != nil {
		return nil, failed("read figure", err)
	}
	var said struct{ Title string }
	_ = json.Unmarshal([]byte(shown.Bundle[pictureMIME]), &said) // nothing, or hostile: it has a number then
	f, err := picture(shown.Bundle, figureName(said.Title, shown.Place, shown.Nth))
	if err != nil {
		return nil, err
	}
	f.RunID, f.NotebookID = run, shown.NotebookID
	return f, nil
}

// DescribeFigure writes down what a display of the owner's run shows, for those
// who do not see it; "" takes that back. It is a new row in the place of the one
// before, as every change is. invalid means that it is too long, conflict that the
// run is not over yet.
func (s *Store) DescribeFigure(ctx context.Context, owner UserID, run RunID, seq int, text string) error {
	if !run.wellFormed() || seq < 1 || seq > math.MaxInt32 {
		return NotFound("figure")
	}
	text, err := cleanDescription(text)
	if err != nil {
		return err
	}
	return s.inTx(ctx, "describe figure", func(tx *tx) error {
		args := map[string]any{"run": run, "owner": owner, "seq": seq, "text": text}
		var is []Run
		err := tx.db.Raw("SELECT * FROM runs WHERE id = @run AND user_id = @owner AND EXISTS (SELECT "+nowShown+") FOR NO KEY UPDATE", args).Scan(&is).Error
		switch {
		case err != nil:
			return err
		case len(is) == 0:
			return NotFound("figure")
		case is[0].State != Done:
			return conflict("The run is not over yet. Describe its figures then.")
		}
		done := tx.db.Exec(`WITH shown AS (SELECT outputs.* `+nowShown+` ORDER BY outputs.seq DESC LIMIT 1),
			older AS (DELETE FROM outputs USING shown WHERE outputs.run_id = @run AND outputs.replaces = @seq AND shown.description <> @text),
			base AS (UPDATE outputs SET bundle = NULL, description = '' FROM shown WHERE outputs.run_id = @run AND outputs.seq = @seq AND shown.description <> @text),
			changed AS (UPDATE runs SET changes = changes + 1 FROM shown WHERE runs.id = @run AND shown.description <> @text)
			INSERT INTO outputs (run_id, seq, stream, bundle, replaces, value, description)
				SELECT run_id, (SELECT max(seq) FROM outputs WHERE run_id = @run) + 1, stream, bundle, CAST(@seq AS integer), false, CAST(@text AS text)
				FROM shown WHERE description <> @text`, args)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		return tx.hint(Hint{Run: run, Notebook: is[0].notebook()})
	})
}
