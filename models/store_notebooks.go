package models

import (
	"context"

	"gorm.io/gorm"
)

// MakeNotebook makes a notebook with the given cells, or with one empty code
// cell. over_limit means that the owner has as many as one may have, those in
// the bin included.
func (s *Store) MakeNotebook(ctx context.Context, owner UserID, n NewNotebook) (*Notebook, error) {
	name, err := notebookName(n.Name)
	if err == nil {
		err = n.check()
	}
	if err != nil {
		return nil, err
	}
	if len(n.Cells) == 0 {
		n.Cells = []NewCell{{Kind: CodeCell}}
	}
	var made *Notebook
	err = s.inTx(ctx, "make notebook", func(tx *tx) (err error) {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		n.Name = name
		made, err = tx.makeNotebook(owner, n, nil)
		return err
	})
	return made, err
}

// makeNotebook is called with the owner locked, and with what was checked. from is
// the run that it is opened from, or nil.
func (tx *tx) makeNotebook(owner UserID, n NewNotebook, from *RunID) (*Notebook, error) {
	var have int
	if err := tx.db.Raw("SELECT count(*) FROM notebooks WHERE user_id = ?", owner).Scan(&have).Error; err != nil {
		return nil, err
	}
	if have >= MaxNotebooks {
		return nil, overLimit("You have %d notebooks, those in the bin included, which is the most. What was deleted goes for good after 48 hours.", have)
	}
	var made Notebook
	err := tx.db.Raw("INSERT INTO notebooks (id, user_id, name, facts, from_run) VALUES (?, ?, ?, ?, ?) RETURNING *, now() AS read_at",
		NotebookID(token()), owner, n.Name, storable(n.Facts), from).Scan(&made).Error
	if err != nil {
		return nil, err
	}
	if err := tx.addCells(&made, n.Cells); err != nil {
		return nil, err
	}
	return &made, tx.hint(Hint{User: owner, Notebook: made.ID})
}

func (tx *tx) addCells(made *Notebook, cells []NewCell) error {
	made.Cells, made.CellCount = make([]Cell, len(cells)), len(cells)
	for i, c := range cells {
		made.Cells[i] = Cell{
			ID: CellID(token()), NotebookID: made.ID, Place: i + 1, Kind: c.Kind, Text: c.Text, Digest: digestOf(c.Kind, c.Text),
			Version: 1, CreatedAt: made.CreatedAt, ChangedAt: made.CreatedAt,
		}
	}
	if err := tx.db.CreateInBatches(made.Cells, 100).Error; err != nil {
		return err
	}
	if err := tx.addImports(made.Cells, cells); err != nil {
		return err
	}
	judge(made.Cells, nil, nil)
	return nil
}

// Notebooks returns the owner's notebooks without their cells, the one that was
// changed last first.
func (s *Store) Notebooks(ctx context.Context, owner UserID) ([]*Notebook, error) {
	return s.notebooks(ctx, owner, "deleted_at IS NULL ORDER BY changed_at DESC, id")
}

// Bin returns the owner's deleted notebooks that can be brought back, the one
// that was deleted last first.
func (s *Store) Bin(ctx context.Context, owner UserID) ([]*Notebook, error) {
	return s.notebooks(ctx, owner, "deleted_at > now() - make_interval(secs => @bin) ORDER BY deleted_at DESC, id")
}

func (s *Store) notebooks(ctx context.Context, owner UserID, which string) ([]*Notebook, error) {
	db := s.db.WithContext(ctx)
	var all []*Notebook
	err := db.Raw(`SELECT *, now() AS read_at,
			(SELECT count(*) FROM cells WHERE notebook_id = notebooks.id AND cells.deleted_at IS NULL) AS cell_count
		FROM notebooks WHERE user_id = @owner AND `+which, map[string]any{"owner": owner, "bin": BinTime.Seconds()}).Scan(&all).Error
	if err == nil {
		err = readKernels(db, owner, all)
	}
	return all, failed("list notebooks", err)
}

// readKernels gives each notebook the kernel that it has or had last.
func readKernels(db *gorm.DB, owner UserID, all []*Notebook) error {
	if len(all) == 0 {
		return nil
	}
	ids := make([]NotebookID, len(all))
	of := make(map[NotebookID]*Notebook, len(all))
	for i, n := range all {
		ids[i], of[n.ID] = n.ID, n
	}
	var kernels []*Kernel
	err := db.Raw(`SELECT DISTINCT ON (notebook_id) *, now() AS read_at, `+busy+` FROM kernels
		WHERE user_id = ? AND notebook_id IN ? ORDER BY notebook_id, started_at DESC, id`, owner, ids).Scan(&kernels).Error
	for _, k := range kernels {
		of[k.NotebookID].Kernel = k
	}
	return err
}

// busy is the column of a kernel that says whether a run goes on in it.
const busy = "EXISTS (SELECT FROM runs WHERE runs.notebook_id = kernels.notebook_id AND runs.state = 'running') AS busy"

// RenameNotebook gives it another name.
func (s *Store) RenameNotebook(ctx context.Context, owner UserID, id NotebookID, name string) error {
	name, err := notebookName(name)
	if err != nil {
		return err
	}
	return s.changeNotebook(ctx, "rename notebook", owner, id, func(tx *tx) error {
		return tx.db.Exec("UPDATE notebooks SET name = ? WHERE id = ?", name, id).Error
	})
}

// DeleteNotebook puts it into the bin for BinTime. Its kernel ends, a run that
// goes on is stopped, and what waits is cancelled. Its files live on; its links
// lead nowhere until it is brought back.
func (s *Store) DeleteNotebook(ctx context.Context, owner UserID, id NotebookID) error {
	return s.changeNotebook(ctx, "delete notebook", owner, id, func(tx *tx) error {
		if err := tx.db.Exec("UPDATE notebooks SET deleted_at = now() WHERE id = ?", id).Error; err != nil {
			return err
		}
		return tx.quiet(ctx, owner, id, EndedDeleted, s.limits)
	})
}

// RestoreNotebook takes it out of the bin. not_found means that it is not there
// or its time was over.
func (s *Store) RestoreNotebook(ctx context.Context, owner UserID, id NotebookID) error {
	if !id.wellFormed() {
		return NotFound("notebook")
	}
	return s.inTx(ctx, "restore notebook", func(tx *tx) error {
		back := tx.db.Exec(`UPDATE notebooks SET deleted_at = NULL, changed_at = now() WHERE id = ? AND user_id = ?
			AND deleted_at > now() - make_interval(secs => ?)`, id, owner, BinTime.Seconds())
		if back.Error == nil && back.RowsAffected == 0 {
			return NotFound("notebook")
		}
		if back.Error != nil {
			return back.Error
		}
		return tx.hint(Hint{User: owner, Notebook: id})
	})
}

// changeNotebook makes one change to a notebook of the owner's.
func (s *Store) changeNotebook(ctx context.Context, verb string, owner UserID, id NotebookID, change func(*tx) error) error {
	return s.inTx(ctx, verb, func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil { // what is quieted is counted against limits
			return err
		}
		if err := tx.lockNotebook(owner, id); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return tx.touched(owner, id)
	})
}

// lockNotebook serialises changes of one notebook, and checks that it is the
// owner's and not deleted.
func (tx *tx) lockNotebook(owner UserID, id NotebookID) error {
	if !id.wellFormed() {
		return NotFound("notebook")
	}
	var there bool
	err := tx.db.Raw("SELECT true FROM notebooks WHERE id = ? AND user_id = ? AND deleted_at IS NULL FOR NO KEY UPDATE", id, owner).Scan(&there).Error
	if err == nil && !there {
		return NotFound("notebook")
	}
	return err
}

// touched notes that a notebook was changed and tells whoever looks at it.
func (tx *tx) touched(owner UserID, id NotebookID) error {
	if err := tx.db.Exec("UPDATE notebooks SET changed_at = now() WHERE id = ?", id).Error; err != nil {
		return err
	}
	return tx.hint(Hint{User: owner, Notebook: id})
}
