package models

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
)

// NotebookFromRun opens a run of the owner's as a notebook: its code is the one
// cell, and files that it was given lie in the notebook's folder. It is made
// once: the next call gives the same one, unless that was deleted meanwhile.
// invalid means that the code is longer than a cell; over_limit that the owner
// has as many notebooks as one may have.
func (s *Store) NotebookFromRun(ctx context.Context, owner UserID, id RunID) (NotebookID, error) {
	if !id.wellFormed() {
		return "", NotFound("run")
	}
	var opened NotebookID
	err := s.inTx(ctx, "open run as notebook", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		var run Run
		err := tx.db.Raw("SELECT * FROM runs WHERE id = ? AND user_id = ?", id, owner).Take(&run).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return NotFound("run")
		}
		if err == nil {
			opened, err = tx.openedFrom(run)
		}
		if err != nil || opened != "" {
			return err
		}
		opened, err = tx.openRun(run)
		return err
	})
	return opened, err
}

// openedFrom is the notebook that was opened from the run before, "" when there
// is none. One in the bin does not count, and stays what it is.
func (tx *tx) openedFrom(run Run) (there NotebookID, err error) {
	err = tx.db.Exec("UPDATE notebooks SET from_run = NULL WHERE from_run = ? AND deleted_at IS NOT NULL", run.ID).Error
	if err == nil {
		err = tx.db.Raw("SELECT id FROM notebooks WHERE from_run = ? AND user_id = ?", run.ID, run.UserID).Scan(&there).Error
	}
	return there, err
}

func (tx *tx) openRun(run Run) (NotebookID, error) {
	cell := NewCell{Kind: CodeCell, Text: run.Code}
	if err := cell.check(); err != nil {
		return "", err
	}
	made, err := tx.makeNotebook(run.UserID, NewNotebook{Name: "Run " + run.ID.Short(), Cells: []NewCell{cell}}, &run.ID)
	if err != nil {
		return "", err
	}
	// A file is of one notebook: what another one has stays there, and is reached by
	// load_file.
	return made.ID, tx.db.Exec(`UPDATE files SET notebook_id = ? WHERE user_id = ? AND notebook_id IS NULL AND `+live+`
		AND id IN (SELECT file_id FROM run_inputs WHERE run_id = ? AND given)`, made.ID, run.UserID, run.ID).Error
}

// RunAgain asks for what a run of the owner's did: its code, limit and input, and
// the same given files. gone means that one of them is: without it this would be
// another run.
func (s *Store) RunAgain(ctx context.Context, owner UserID, id RunID) (NewRun, error) {
	run, err := s.Run(ctx, owner, id)
	if err != nil {
		return NewRun{}, err
	}
	again := NewRun{Code: run.Code, Wall: min(run.WallLimit, max(s.limits.Wall, s.limits.WallMax)), Stdin: run.Stdin}
	err = s.db.WithContext(ctx).Raw(`SELECT files.id FROM run_inputs JOIN files ON files.id = run_inputs.file_id AND files.user_id = ?
		WHERE run_inputs.run_id = ? AND given AND `+live+` ORDER BY files.id`, owner, run.ID).Scan(&again.Files).Error
	if err != nil {
		return again, failed("read run again", err)
	}
	if gone, err := s.GivenGone(ctx, owner, id); err != nil || len(gone) > 0 {
		return again, cmp.Or(err, Gone("A file that this run was given is gone ("+strings.Join(gone, ", ")+"), so it cannot be run again as it was. Edit it, or open it as a notebook."))
	}
	return again, nil
}

// GivenGone returns the names of the files that a run of the owner's was given
// and that do not live any more.
func (s *Store) GivenGone(ctx context.Context, owner UserID, id RunID) (names []string, err error) {
	if !id.wellFormed() {
		return nil, nil
	}
	err = s.db.WithContext(ctx).Raw(`SELECT run_inputs.name FROM run_inputs JOIN runs ON runs.id = run_inputs.run_id AND runs.user_id = @owner
		WHERE runs.id = @run AND given AND NOT EXISTS (
			SELECT FROM files WHERE files.id = run_inputs.file_id AND files.user_id = @owner AND `+live+`) ORDER BY run_inputs.name`,
		map[string]any{"owner": owner, "run": id}).Scan(&names).Error
	return names, failed("read given files", err)
}
