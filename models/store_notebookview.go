package models

import (
	"context"

	"github.com/jackc/pgx/v5"
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

// MadeBy returns the files that each of the owner's runs made, tombstones too, by
// name, and those that were not kept, and why. No runs ask nothing.
func (s *Store) MadeBy(ctx context.Context, owner UserID, runs []RunID) (map[RunID][]File, map[RunID][]Refusal, error) {
	files, refusals := map[RunID][]File{}, map[RunID][]Refusal{}
	if len(runs) == 0 {
		return files, refusals, nil
	}
	args := pgx.NamedArgs{"owner": owner, "runs": runs}
	batch := &pgx.Batch{}
	batch.Queue("SELECT "+fileRow+"WHERE run_id = ANY(@runs) AND user_id = @owner AND state <> 'pending' ORDER BY name, version", args).
		Query(func(rows pgx.Rows) error {
			return eachRow(rows, func() error {
				var f File
				err := rows.Scan(f.fields()...)
				if err == nil {
					files[*f.RunID] = append(files[*f.RunID], f)
				}
				return err
			})
		})
	batch.Queue(`SELECT refusals.id, run_id, name, size, reason FROM refusals JOIN runs ON runs.id = refusals.run_id
			WHERE runs.id = ANY(@runs) AND runs.user_id = @owner ORDER BY refusals.id`, args).
		Query(func(rows pgx.Rows) error {
			return eachRow(rows, func() error {
				var r Refusal
				err := rows.Scan(&r.ID, &r.RunID, &r.Name, &r.Size, &r.Reason)
				refusals[r.RunID] = append(refusals[r.RunID], r)
				return err
			})
		})
	return files, refusals, failed("read files of runs", s.pool.SendBatch(ctx, batch).Close())
}

func eachRow(rows pgx.Rows, scan func() error) error {
	for rows.Next() {
		if err := scan(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// NotebookFiles returns the live files of the owner's notebook, and those that
// its runs loaded from elsewhere: of each name the newest version, the one that
// goes last first. Each knows the place of the cell that made it.
func (s *Store) NotebookFiles(ctx context.Context, owner UserID, id NotebookID) ([]File, error) {
	if !id.wellFormed() {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, panelFiles, pgx.NamedArgs{"id": id, "owner": owner, "files": notebookFiles})
	if err != nil {
		return nil, failed("list a notebook's files", err)
	}
	files, err := placedFiles(rows, owner)
	return files, failed("list a notebook's files", err)
}

const panelFiles = `SELECT ` + listedHead + `, notebook_id, blob_key, coalesce((SELECT place FROM cells JOIN runs ON runs.cell_id = cells.id
		WHERE runs.id = newest.run_id AND cells.notebook_id = @id AND cells.deleted_at IS NULL), 0)
	FROM (SELECT DISTINCT ON (name) * FROM files WHERE user_id = @owner AND ` + live + ` AND (notebook_id = @id OR files.id IN (
			SELECT file_id FROM run_inputs JOIN runs ON runs.id = run_inputs.run_id WHERE runs.notebook_id = @id AND runs.user_id = @owner))
		ORDER BY name, version DESC) AS newest
	ORDER BY expires_at DESC, name LIMIT @files`

func placedFiles(rows pgx.Rows, owner UserID) ([]File, error) {
	defer rows.Close()
	var files []File
	for rows.Next() {
		files = append(files, File{UserID: owner, State: Ready})
		f := &files[len(files)-1]
		if err := rows.Scan(append(f.listed(), &f.NotebookID, &f.BlobKey, &f.CellPlace)...); err != nil {
			return nil, err
		}
	}
	return files, rows.Err()
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
