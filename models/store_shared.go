package models

import (
	"context"
	"errors"
	"math"

	"gorm.io/gorm"
)

// What a share shows. Every statement holds the share's own clock, its owner, and
// the clock of what is shown (SEC-48).

// sharedFiles are the live files of a share: of a notebook's the newest version
// of each name, of a run's all that it made.
const sharedFiles = `SELECT files.*, now() AS read_at FROM shares JOIN files ON files.user_id = shares.user_id AND files.state = 'ready'
		AND files.expires_at > now() AND (files.run_id = shares.run_id OR (files.notebook_id = shares.notebook_id AND NOT EXISTS (
			SELECT FROM files AS newer WHERE newer.user_id = files.user_id AND newer.notebook_id = files.notebook_id AND newer.name = files.name
				AND newer.state = 'ready' AND newer.expires_at > now() AND (newer.version, newer.id) > (files.version, files.id))))
	WHERE shares.id = @share AND ` + shareWorks

// SharedFiles returns the files that a share shows, by name.
func (s *Store) SharedFiles(ctx context.Context, share ShareID) ([]File, error) {
	var files []File
	err := s.db.WithContext(ctx).Raw(sharedFiles+" ORDER BY files.name, files.version", map[string]any{"share": share}).Scan(&files).Error
	return files, failed("read shared files", err)
}

// SharedFile returns the one of them with this FileID.Tail, or not_found: also
// when the share has ended.
func (s *Store) SharedFile(ctx context.Context, share ShareID, tail string) (*File, error) {
	if !share.wellFormed() || !isToken(tail) {
		return nil, NotFound("file")
	}
	var f File
	err := s.db.WithContext(ctx).Raw(sharedFiles+" AND right(files.id, @length) = @file", map[string]any{"share": share, "file": tail, "length": tokenLength}).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("file")
	}
	return &f, failed("read shared file", err)
}

// sharedRun finds a run that a share shows: the shared one, or the last of a cell
// of the shared notebook.
const sharedRun = `EXISTS (SELECT FROM shares JOIN runs ON runs.id = @run AND runs.user_id = shares.user_id
		WHERE shares.id = @share AND ` + shareWorks + ` AND (runs.id = shares.run_id OR runs.id = (
			SELECT last.id FROM runs AS last JOIN cells ON cells.id = last.cell_id AND cells.deleted_at IS NULL
			WHERE cells.id = runs.cell_id AND cells.notebook_id = shares.notebook_id AND last.ending <> 'cancelled'
			ORDER BY last.queued_at DESC, last.id DESC LIMIT 1)))`

// SharedOutput is Output through a share: not_found when the share does not show
// that run, or has ended.
func (s *Store) SharedOutput(ctx context.Context, share ShareID, run RunID, seq int) (*Output, error) {
	if !share.wellFormed() || !run.wellFormed() || seq < 1 || seq > math.MaxInt32 {
		return nil, NotFound("output")
	}
	var output Output
	err := s.db.WithContext(ctx).Raw(toldFirst+"(SELECT user_id FROM shares WHERE id = @share)"+toldRest+"WHERE seq = @seq AND "+sharedRun,
		map[string]any{"share": share, "run": run, "kept": trimmedText, "seq": seq}).Take(&output).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("output")
	}
	return &output, failed("read shared output", err)
}

// SharedImport is ImportedOutput through a share.
func (s *Store) SharedImport(ctx context.Context, share ShareID, cell CellID, seq int) (*Output, error) {
	row, err := s.SharedBrought(ctx, share, cell)
	if err != nil {
		return nil, err
	}
	return row.output(seq)
}

// SharedBrought is Import through a share.
func (s *Store) SharedBrought(ctx context.Context, share ShareID, cell CellID) (*Import, error) {
	if !share.wellFormed() || !cell.wellFormed() {
		return nil, NotFound("output")
	}
	var row Import
	return row.read(s.db.WithContext(ctx).Raw(`SELECT imports.* FROM imports JOIN cells ON cells.id = imports.cell_id AND cells.deleted_at IS NULL
			JOIN shares ON shares.notebook_id = cells.notebook_id WHERE shares.id = ? AND cells.id = ? AND `+shareWorks, share, cell))
}

// CopyShared makes a notebook of the person's from what a share shows: its prose
// and code, and what they brought along. Outputs and files stay where they are,
// or they would outlive their clocks.
func (s *Store) CopyShared(ctx context.Context, owner UserID, token string) (*Notebook, error) {
	share, err := s.Shared(ctx, token)
	if err != nil {
		return nil, err
	}
	copied := NewNotebook{Name: cutRunes(share.Title, maxNotebookName)}
	if share.RunID != nil {
		run, err := s.Run(ctx, share.UserID, *share.RunID)
		if err != nil {
			return nil, err
		}
		copied.Cells = []NewCell{{Kind: CodeCell, Text: run.Code}}
		return s.MakeNotebook(ctx, owner, copied)
	}
	from, err := s.Notebook(ctx, share.UserID, *share.NotebookID)
	if err != nil {
		return nil, err
	}
	copied.Facts = from.Facts
	if copied.Cells, err = s.copyCells(ctx, from); err != nil {
		return nil, err
	}
	return s.MakeNotebook(ctx, owner, copied)
}
