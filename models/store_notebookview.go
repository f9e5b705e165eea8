package models

import (
	"context"
)

// This file reads what the cells of a notebook show, for all of them at once.

// OutputsOf returns what each of the owner's runs said, in order, while its
// outputs live. Runs of somebody else's have none.
func (s *Store) OutputsOf(ctx context.Context, owner UserID, runs []RunID) (map[RunID][]Output, error) {
	of := make(map[RunID][]Output, len(runs))
	if len(runs) == 0 {
		return of, nil
	}
	var all []Output
	err := s.db.WithContext(ctx).Raw(`SELECT outputs.* FROM runs JOIN outputs ON run_id = runs.id
		WHERE runs.id IN ? AND user_id = ? AND expires_at > now() ORDER BY run_id, seq`, runs, owner).Scan(&all).Error
	for _, o := range all {
		of[o.RunID] = append(of[o.RunID], o)
	}
	return of, failed("read outputs", err)
}

// FilesOf returns the files that each of the owner's runs made, tombstones too,
// by name.
func (s *Store) FilesOf(ctx context.Context, owner UserID, runs []RunID) (map[RunID][]File, error) {
	of := make(map[RunID][]File, len(runs))
	if len(runs) == 0 {
		return of, nil
	}
	var all []File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE run_id IN ? AND user_id = ?
		AND state <> 'pending' ORDER BY name, version`, runs, owner).Scan(&all).Error
	for _, f := range all {
		of[*f.RunID] = append(of[*f.RunID], f)
	}
	return of, failed("read files of runs", err)
}

// RefusalsOf returns the files that each of the owner's runs made and that were
// not kept, and why.
func (s *Store) RefusalsOf(ctx context.Context, owner UserID, runs []RunID) (map[RunID][]Refusal, error) {
	of := make(map[RunID][]Refusal, len(runs))
	if len(runs) == 0 {
		return of, nil
	}
	var all []Refusal
	err := s.db.WithContext(ctx).Raw(`SELECT refusals.* FROM refusals JOIN runs ON runs.id = refusals.run_id
		WHERE runs.id IN ? AND runs.user_id = ? ORDER BY refusals.id`, runs, owner).Scan(&all).Error
	for _, r := range all {
		of[r.RunID] = append(of[r.RunID], r)
	}
	return of, failed("read refusals of runs", err)
}

// notebookFiles bounds the list of a notebook's files.
const notebookFiles = 200

// NotebookFiles returns the live files of the owner's notebook, and those that
// its runs loaded from elsewhere: of each name the newest version, the one that
// goes last first. Each knows the place of the cell that made it.
func (s *Store) NotebookFiles(ctx context.Context, owner UserID, id NotebookID) ([]File, error) {
	if !id.wellFormed() {
		return nil, nil
	}
	var files []File
	err := s.db.WithContext(ctx).Raw(`SELECT * FROM (
			SELECT DISTINCT ON (name) files.*, now() AS read_at, coalesce((SELECT place FROM cells JOIN runs ON runs.cell_id = cells.id
				WHERE runs.id = files.run_id AND cells.notebook_id = @id AND cells.deleted_at IS NULL), 0) AS cell_place
			FROM files WHERE user_id = @owner AND `+live+` AND (notebook_id = @id OR files.id IN (
				SELECT file_id FROM run_inputs JOIN runs ON runs.id = run_inputs.run_id WHERE runs.notebook_id = @id AND runs.user_id = @owner))
			ORDER BY name, version DESC) AS newest
		ORDER BY expires_at DESC, name LIMIT @most`,
		map[string]any{"id": id, "owner": owner, "most": notebookFiles}).Scan(&files).Error
	return files, failed("list a notebook's files", err)
}

// Cell returns a cell of the owner's as it is, also one that was deleted and can
// be brought back; else not_found. Its notebook is not in the bin.
func (s *Store) Cell(ctx context.Context, owner UserID, id CellID) (*Cell, error) {
	if !id.wellFormed() {
		return nil, NotFound("cell")
	}
	var found []Cell
	err := s.db.WithContext(ctx).Raw(`SELECT cells.* FROM cells JOIN notebooks ON notebooks.id = cells.notebook_id
		WHERE cells.id = ? AND user_id = ? AND notebooks.deleted_at IS NULL
			AND (cells.deleted_at IS NULL OR cells.deleted_at > now() - make_interval(secs => ?))`, id, owner, BinTime.Seconds()).Scan(&found).Error
	if err == nil && len(found) == 0 {
		return nil, NotFound("cell")
	}
	if err != nil {
		return nil, failed("read cell", err)
	}
	return &found[0], nil
}

// binnedCells bounds the list of a notebook's deleted cells.
const binnedCells = 50

// BinnedCells returns the deleted cells of the owner's notebook that can be
// brought back, with the beginning of their texts, the last first.
func (s *Store) BinnedCells(ctx context.Context, owner UserID, id NotebookID) ([]Cell, error) {
	if !id.wellFormed() {
		return nil, nil
	}
	var cells []Cell
	err := s.db.WithContext(ctx).Raw(`SELECT cells.id, cells.notebook_id, place, kind, left(text, 200) AS text, cells.deleted_at
		FROM cells JOIN notebooks ON notebooks.id = cells.notebook_id
		WHERE notebook_id = ? AND user_id = ? AND notebooks.deleted_at IS NULL AND cells.deleted_at > now() - make_interval(secs => ?)
		ORDER BY cells.deleted_at DESC, cells.id LIMIT ?`, id, owner, BinTime.Seconds(), binnedCells).Scan(&cells).Error
	return cells, failed("list deleted cells", err)
}

// DuplicateNotebook makes another with the same cells, without their outputs.
func (s *Store) DuplicateNotebook(ctx context.Context, owner UserID, id NotebookID) (*Notebook, error) {
	n, err := s.Notebook(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	const mark = " (copy)"
	twin := NewNotebook{Name: cutRunes(n.Name, maxNotebookName-len(mark)) + mark, Facts: n.Facts}
	if twin.Cells, err = s.copyCells(ctx, n); err != nil {
		return nil, err
	}
	return s.MakeNotebook(ctx, owner, twin)
}

// copyCells are the cells of a notebook as another begins with them: with what
// they brought along from a file, but for the outputs.
func (s *Store) copyCells(ctx context.Context, n *Notebook) ([]NewCell, error) {
	imports, err := s.Imports(ctx, n.UserID, n.ID)
	cells := make([]NewCell, len(n.Cells))
	for i, c := range n.Cells {
		cells[i] = NewCell{Kind: c.Kind, Text: c.Text}
		if brought := imports[c.ID]; brought != nil {
			cells[i].Facts = brought.Facts
		}
	}
	return cells, err
}
