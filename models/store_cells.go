package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// InsertCell puts a new cell at a place from 1; the others move down. Place 0,
// or one past the end, is the end.
func (s *Store) InsertCell(ctx context.Context, owner UserID, notebook NotebookID, place int, c NewCell) (*Cell, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	var made *Cell
	err := s.inTx(ctx, "insert cell", func(tx *tx) (err error) {
		if err := tx.lockNotebook(owner, notebook); err != nil {
			return err
		}
		if made, err = tx.insertCell(notebook, place, c); err != nil {
			return err
		}
		return tx.touched(owner, notebook)
	})
	return made, err
}

func (tx *tx) insertCell(notebook NotebookID, place int, c NewCell) (*Cell, error) {
	if err := tx.checkBin(notebook); err != nil {
		return nil, err
	}
	place, err := tx.openGap(notebook, place, len(c.Text))
	if err != nil {
		return nil, err
	}
	var made Cell
	err = tx.db.Raw("INSERT INTO cells (id, notebook_id, place, kind, text, digest) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
		CellID(token()), notebook, place, c.Kind, c.Text, digestOf(c.Kind, c.Text)).Scan(&made).Error
	one := []Cell{made}
	judge(one, nil, nil)
	return &one[0], err
}

// openGap makes room for one more cell of so many bytes, and returns its place.
func (tx *tx) openGap(notebook NotebookID, place, bytes int) (int, error) {
	cells, _, err := tx.room(notebook, bytes)
	if err != nil {
		return 0, err
	}
	if cells >= MaxCells {
		return 0, errCellsFull
	}
	if place < 1 || place > cells {
		return cells + 1, nil
	}
	return place, tx.db.Exec("UPDATE cells SET place = place + 1 WHERE notebook_id = ? AND place >= ? AND deleted_at IS NULL", notebook, place).Error
}

// room checks that so many bytes more fit into the notebook.
func (tx *tx) room(notebook NotebookID, bytes int) (cells int, sum int64, err error) {
	err = tx.db.Raw("SELECT count(*), coalesce(sum(octet_length(text)), 0) FROM cells WHERE notebook_id = ? AND deleted_at IS NULL", notebook).
		Row().Scan(&cells, &sum)
	if err == nil && bytes > 0 && sum+int64(bytes) > MaxNotebookText {
		err = errNotebookFull
	}
	return cells, sum, err
}

// checkBin keeps what was deleted within bounds where new text comes in. It is not
// taken away before its time: somebody was told that it can be brought back.
func (tx *tx) checkBin(notebook NotebookID) error {
	var cells, sum int64
	err := tx.db.Raw("SELECT count(*), coalesce(sum(octet_length(text)), 0) FROM cells WHERE notebook_id = ? AND deleted_at IS NOT NULL", notebook).
		Row().Scan(&cells, &sum)
	if err == nil && (cells >= maxBinned || sum >= MaxNotebookText) {
		err = errBinFull
	}
	return err
}

// errEdited tells of an edit from somewhere else. The cell comes with it.
var errEdited = conflict("This cell was changed elsewhere since you opened it. Nothing is lost: both texts are here. Keep one of them.")

// EditCell gives the cell the text, if its version is still the one that the
// editor saw. Conflict means that somebody else was first: the cell as it is now
// comes with the error, so that neither text is lost. The same text again is no
// conflict.
func (s *Store) EditCell(ctx context.Context, owner UserID, id CellID, version int, text string) (*Cell, error) {
	if err := checkCellText(text); err != nil {
		return nil, err
	}
	return s.changeCell(ctx, "edit cell", owner, id, func(tx *tx, c *Cell) error {
		return tx.editCell(c, version, text)
	})
}

func (tx *tx) editCell(c *Cell, version int, text string) error {
	switch {
	case c.Text == text:
		return nil
	case c.Version != version:
		return errEdited
	}
	more := len(text) - len(c.Text)
	if _, _, err := tx.room(c.NotebookID, more); err != nil {
		return err
	}
	if more >= binnedGrowth { // it need not be asked at each pause of somebody who types
		if err := tx.checkBin(c.NotebookID); err != nil {
			return err
		}
	}
	return tx.db.Raw("UPDATE cells SET text = ?, digest = ?, version = version + 1, changed_at = now() WHERE id = ? RETURNING *",
		text, digestOf(c.Kind, text), c.ID).Scan(c).Error
}

// SetCellKind makes it code or markdown. Its text stays, and so does its version.
func (s *Store) SetCellKind(ctx context.Context, owner UserID, id CellID, kind CellKind) (*Cell, error) {
	if kind != CodeCell && kind != MarkdownCell {
		return nil, Invalid("A cell is code or markdown.")
	}
	return s.changeCell(ctx, "change cell", owner, id, func(tx *tx, c *Cell) error {
		return tx.db.Raw("UPDATE cells SET kind = ?, digest = ?, changed_at = now() WHERE id = ? RETURNING *",
			kind, digestOf(kind, c.Text), id).Scan(c).Error
	})
}

// MoveCell puts it at another place from 1; beyond the end is the end.
func (s *Store) MoveCell(ctx context.Context, owner UserID, id CellID, place int) (*Cell, error) {
	return s.changeCell(ctx, "move cell", owner, id, func(tx *tx, c *Cell) error {
		cells, _, err := tx.room(c.NotebookID, 0)
		if err != nil {
			return err
		}
		to := min(max(1, place), cells)
		err = tx.db.Exec(`UPDATE cells SET place = CASE WHEN id = @id THEN @to WHEN place > @from AND place <= @to THEN place - 1
				WHEN place < @from AND place >= @to THEN place + 1 ELSE place END
			WHERE notebook_id = @notebook AND deleted_at IS NULL`,
			map[string]any{"id": id, "from": c.Place, "to": to, "notebook": c.NotebookID}).Error
		c.Place = to
		return err
	})
}

// DuplicateCell puts a copy right after it, and returns the copy.
func (s *Store) DuplicateCell(ctx context.Context, owner UserID, id CellID) (*Cell, error) {
	var twin *Cell
	_, err := s.changeCell(ctx, "duplicate cell", owner, id, func(tx *tx, c *Cell) (err error) {
		twin, err = tx.insertCell(c.NotebookID, c.Place+1, NewCell{Kind: c.Kind, Text: c.Text})
		if err != nil {
			return err
		}
		return tx.copyFacts(c.ID, twin.ID)
	})
	return twin, err
}

// DeleteCell takes it out of its notebook. Its runs that wait are cancelled. It
// can be brought back for BinTime.
func (s *Store) DeleteCell(ctx context.Context, owner UserID, id CellID) error {
	return s.inTx(ctx, "delete cell", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil { // before the notebook, as everywhere
			return err
		}
		c, err := tx.cell(owner, id, "cells.deleted_at IS NULL")
		if err != nil {
			return err
		}
		if err := tx.db.Exec("UPDATE cells SET deleted_at = now() WHERE id = ?", id).Error; err != nil {
			return err
		}
		err = tx.db.Exec("UPDATE cells SET place = place - 1 WHERE notebook_id = ? AND place > ? AND deleted_at IS NULL", c.NotebookID, c.Place).Error
		if err != nil {
			return err
		}
		if err := tx.cancelAll(ctx, owner, "cell_id = ?", id); err != nil {
			return err
		}
		if err := tx.enqueueNext(ctx, owner, s.limits); err != nil {
			return err
		}
		return tx.touched(owner, c.NotebookID)
	})
}

// RestoreCell puts a deleted cell back where it was, as far as that place still
// is. not_found means that its time was over.
func (s *Store) RestoreCell(ctx context.Context, owner UserID, id CellID) (*Cell, error) {
	var c *Cell
	err := s.inTx(ctx, "restore cell", func(tx *tx) (err error) {
		c, err = tx.cell(owner, id, "cells.deleted_at > now() - make_interval(secs => ?)", BinTime.Seconds())
		if err != nil {
			return err
		}
		place, err := tx.openGap(c.NotebookID, c.Place, len(c.Text))
		if err != nil {
			return err
		}
		if err := tx.db.Raw("UPDATE cells SET place = ?, deleted_at = NULL WHERE id = ? RETURNING *", place, id).Scan(c).Error; err != nil {
			return err
		}
		return tx.touched(owner, c.NotebookID)
	})
	return c, err
}

// changeCell makes one change to a cell of the owner's, which change keeps up to
// date. The cell comes with an error of its, too.
func (s *Store) changeCell(ctx context.Context, verb string, owner UserID, id CellID, change func(*tx, *Cell) error) (c *Cell, err error) {
	err = s.inTx(ctx, verb, func(tx *tx) (err error) {
		if c, err = tx.cell(owner, id, "cells.deleted_at IS NULL"); err != nil {
			return err
		}
		if err := change(tx, c); err != nil {
			return err
		}
		return tx.touched(owner, c.NotebookID)
	})
	return c, err
}

// cell locks the notebook that the cell is in, and returns the cell as it is
// then.
func (tx *tx) cell(owner UserID, id CellID, which string, args ...any) (*Cell, error) {
	if !id.wellFormed() {
		return nil, NotFound("cell")
	}
	var notebook NotebookID
	err := tx.db.Raw(`SELECT notebooks.id FROM cells JOIN notebooks ON notebooks.id = cells.notebook_id
		WHERE cells.id = ? AND user_id = ? AND notebooks.deleted_at IS NULL FOR NO KEY UPDATE OF notebooks`, id, owner).Scan(&notebook).Error
	if err != nil {
		return nil, err
	}
	if notebook == "" {
		return nil, NotFound("cell")
	}
	var c Cell
	err = tx.db.Raw("SELECT * FROM cells WHERE id = ? AND notebook_id = ? AND "+which, append([]any{id, notebook}, args...)...).Take(&c).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("cell")
	}
	return &c, err
}
