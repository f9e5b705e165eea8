package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
)

// Profile is who somebody is here, and when that was read by the database clock.
type Profile struct {
	User
	ReadAt time.Time
}

// Profile returns the owner's, or not_found.
func (s *Store) Profile(ctx context.Context, owner UserID) (*Profile, error) {
	var p Profile
	err := s.db.WithContext(ctx).Raw("SELECT *, now() AS read_at FROM users WHERE id = ?", owner).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("person")
	}
	return &p, failed("read profile", err)
}

// WholeRun is a run with all that belongs to it but the files that it made.
type WholeRun struct {
	Run
	Outputs  []Output
	Inputs   []RunInput
	Refusals []Refusal
}

// EachRun calls each with the owner's runs, the newest first, one at a time: what
// one run has said may be 10 MB. Runs that come meanwhile are left out.
func (s *Store) EachRun(ctx context.Context, owner UserID, each func(*WholeRun) error) error {
	for q := (RunQuery{}); ; {
		page, err := s.Runs(ctx, owner, q)
		if err != nil {
			return err
		}
		for i := range page.Runs {
			whole, err := s.wholeRun(ctx, owner, page.Runs[i])
			if CodeOf(err) == NotFoundCode { // forgotten meanwhile
				continue
			}
			if err == nil {
				err = each(whole)
			}
			if err != nil {
				return err
			}
		}
		if !page.Older {
			return nil
		}
		q.Before = page.Runs[len(page.Runs)-1].ID
	}
}

// wholeRun reads the rest of a run of the history.
func (s *Store) wholeRun(ctx context.Context, owner UserID, listed Run) (*WholeRun, error) {
	run, err := s.Run(ctx, owner, listed.ID)
	if err != nil {
		return nil, err
	}
	run.NotebookName, run.CellPlace, run.AppName = listed.NotebookName, listed.CellPlace, listed.AppName
	whole := WholeRun{Run: *run}
	if whole.Outputs, err = s.Outputs(ctx, owner, run.ID, 0); err != nil {
		return nil, err
	}
	if whole.Inputs, err = s.Inputs(ctx, owner, run.ID); err != nil {
		return nil, err
	}
	whole.Refusals, err = s.Refusals(ctx, owner, run.ID)
	return &whole, err
}

// EachNotebook calls each with the owner's notebooks and their cells, those in the
// bin too, the one that was changed last first.
func (s *Store) EachNotebook(ctx context.Context, owner UserID, each func(*Notebook) error) error {
	db := s.db.WithContext(ctx)
	var all []*Notebook
	err := db.Raw("SELECT *, now() AS read_at FROM notebooks WHERE user_id = ? ORDER BY changed_at DESC, id", owner).Scan(&all).Error
	for _, n := range all {
		if err != nil {
			break
		}
		err = db.Raw(`SELECT cells.* FROM cells JOIN notebooks ON notebooks.id = cells.notebook_id
			WHERE notebooks.id = ? AND notebooks.user_id = ? AND cells.deleted_at IS NULL ORDER BY place`, n.ID, owner).Scan(&n.Cells).Error
		if err == nil {
			err = each(n)
		}
		n.Cells = nil // all of them together may be a gigabyte
	}
	return failed("read all notebooks", err)
}

// EachFile calls each with the owner's files, the newest first: tombstones too.
func (s *Store) EachFile(ctx context.Context, owner UserID, each func(*File) error) error {
	for at, id := (*time.Time)(nil), FileID(""); ; {
		var files []File
		err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE user_id = @owner AND state <> 'pending'
			AND (cast(@at AS timestamptz) IS NULL OR (created_at, id) < (@at, @id)) ORDER BY created_at DESC, id DESC LIMIT @most`,
			map[string]any{"owner": owner, "at": at, "id": id, "most": filesAtOnce}).Scan(&files).Error
		for i := range files {
			if err == nil {
				err = each(&files[i])
			}
		}
		if err != nil || len(files) < filesAtOnce {
			return failed("read all files", err)
		}
		last := files[len(files)-1]
		at, id = &last.CreatedAt, last.ID
	}
}

// filesAtOnce bounds what EachFile has in memory: tombstones may be many times the
// files that live.
const filesAtOnce = 2000

// EachAudit calls each with the lines of the trail that are about the owner, the
// oldest first.
func (s *Store) EachAudit(ctx context.Context, owner UserID, each func(*Audit) error) error {
	for after := int64(0); ; {
		var lines []Audit
		err := s.db.WithContext(ctx).Raw("SELECT * FROM audits WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?", owner, after, MaxPage).
			Scan(&lines).Error
		for i := range lines {
			if err == nil {
				err = each(&lines[i])
			}
		}
		if err != nil || len(lines) < MaxPage {
			return failed("read the trail", err)
		}
		after = lines[len(lines)-1].ID
	}
}

// Holdings count what an account has, for the words before it is deleted.
type Holdings struct{ Runs, Notebooks, Files, Tokens, Sessions int }

// Holdings returns the owner's.
func (s *Store) Holdings(ctx context.Context, owner UserID) (h Holdings, err error) {
	err = s.db.WithContext(ctx).Raw(`SELECT (SELECT count(*) FROM runs WHERE user_id = @owner) AS runs,
		(SELECT count(*) FROM notebooks WHERE user_id = @owner) AS notebooks,
		(SELECT count(*) FROM files WHERE user_id = @owner AND `+live+`) AS files,
		(SELECT count(*) FROM tokens WHERE user_id = @owner AND revoked_at IS NULL AND expires_at > now()) AS tokens,
		(SELECT count(*) FROM sessions WHERE user_id = @owner) AS sessions`, map[string]any{"owner": owner}).Scan(&h).Error
	return h, failed("count holdings", err)
}
