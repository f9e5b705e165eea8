package models

import (
	"context"
	"errors"
	"strings"

	"gorm.io/gorm"
)

// live is the predicate of every read of files: the clock is the database's,
// and it stands in the statement that finds the row.
const live = "state = 'ready' AND expires_at > now()"

// File returns a live file of the owner's. Gone means that it was theirs and
// has expired or been deleted; anything else is not_found.
func (s *Store) File(ctx context.Context, owner UserID, id FileID) (*File, error) {
	f, err := s.remembered(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	if !f.Live() {
		return nil, &Error{Code: GoneCode, Message: f.goneWords()}
	}
	return f, nil
}

// Tombstone returns what is remembered of a file of the owner's that is gone,
// for 30 days; else not_found.
func (s *Store) Tombstone(ctx context.Context, owner UserID, id FileID) (*File, error) {
	f, err := s.remembered(ctx, owner, id)
	if err == nil && f.Live() {
		return nil, NotFound("tombstone")
	}
	return f, err
}

func (s *Store) remembered(ctx context.Context, owner UserID, id FileID) (*File, error) {
	if !id.wellFormed() {
		return nil, NotFound("file")
	}
	var f File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE id = ? AND user_id = ?
		AND state <> 'pending' AND expires_at > now() - make_interval(secs => ?)`, id, owner, TombstoneLifetime.Seconds()).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("file")
	}
	return &f, failed("read file", err)
}

func (f File) goneWords() string {
	switch {
	case f.State == Missing:
		return f.Name + " was lost on our side."
	case f.DeletedAt != nil:
		return f.Name + " was deleted."
	}
	return f.Name + " has expired: its time was over."
}

// FileNamed returns the newest live version of a name, or not_found.
func (s *Store) FileNamed(ctx context.Context, owner UserID, name string) (*File, error) {
	if !asksFor(name) {
		return nil, NotFound("file")
	}
	var f File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE user_id = ? AND name = ? AND `+live+`
		ORDER BY version DESC, created_at DESC LIMIT 1`, owner, name).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("file")
	}
	return &f, failed("read file", err)
}

// Files returns a page of the owner's live files.
func (s *Store) Files(ctx context.Context, owner UserID, q FileQuery) (*FilePage, error) {
	page := &FilePage{}
	if !asksFor(q.Search) || !asksFor(q.Category) || !asksFor(string(q.Source)) {
		return page, nil
	}
	where, args := q.where(owner)
	db := s.db.WithContext(ctx)
	err := db.Raw("SELECT count(*), coalesce(sum(size), 0) FROM files WHERE "+where, args).Row().Scan(&page.Total, &page.Bytes)
	if err != nil {
		return nil, failed("count files", err)
	}
	args["most"], args["skip"] = pageOf(q.Limit), max(0, q.Offset)
	err = db.Raw("SELECT *, now() AS read_at FROM files WHERE "+where+" ORDER BY "+q.order()+" LIMIT @most OFFSET @skip", args).
		Scan(&page.Files).Error
	return page, failed("list files", err)
}

func (q FileQuery) where(owner UserID) (string, map[string]any) {
	where, args := []string{"user_id = @owner", live}, map[string]any{"owner": owner}
	add := func(name, condition string, value any) {
		where = append(where, condition)
		args[name] = value
	}
	if q.Search != "" {
		escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q.Search)
		add("search", "name ILIKE @search", "%"+escaped+"%")
	}
	if q.Category != "" {
		add("category", "category = @category", q.Category)
	}
	if q.Source != "" {
		add("source", "source = @source", q.Source)
	}
	if q.Within > 0 {
		add("within", "expires_at < now() + make_interval(secs => @within)", q.Within.Seconds())
	}
	return strings.Join(where, " AND "), args
}

// order is an allowlist: nothing that a person typed gets into the statement
// (SEC-19).
func (q FileQuery) order() string {
	column, down := q.Sort, false
	if rest, found := strings.CutPrefix(q.Sort, "-"); found {
		column, down = rest, true
	}
	by := map[string]string{"left": "expires_at", "name": "lower(name)", "size": "size", "made": "created_at"}[column]
	if by == "" {
		by, down = "created_at", true
	}
	if down {
		return by + " DESC, id DESC"
	}
	return by + ", id"
}

// RunFiles returns the files a run made, tombstones too, by name.
func (s *Store) RunFiles(ctx context.Context, owner UserID, run RunID) ([]File, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var files []File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE run_id = ? AND user_id = ?
		AND state <> 'pending' ORDER BY name, version`, run, owner).Scan(&files).Error
	return files, failed("read a run's files", err)
}

// DeleteFile makes a live file unreadable at once. Its bytes stay for UndoTime.
func (s *Store) DeleteFile(ctx context.Context, owner UserID, id FileID) error {
	return s.changeFile(ctx, "delete file", owner, id, func(tx *tx) (int64, error) {
		done := tx.db.Exec("UPDATE files SET state = 'dead', deleted_at = now() WHERE id = ? AND user_id = ? AND "+live, id, owner)
		return done.RowsAffected, done.Error
	})
}

// RestoreFile takes a deletion back within UndoTime, unless the file has
// expired meanwhile or a sweep has begun on its bytes. over_limit means that
// its room has been taken by others.
func (s *Store) RestoreFile(ctx context.Context, owner UserID, id FileID) error {
	return s.changeFile(ctx, "restore file", owner, id, func(tx *tx) (int64, error) {
		var size int64
		done := tx.db.Raw(`UPDATE files SET state = 'ready', deleted_at = NULL WHERE id = ? AND user_id = ? AND state = 'dead'
			AND deleted_at > now() - make_interval(secs => ?) AND claimed_at IS NULL AND expires_at > now()
			RETURNING size`, id, owner, UndoTime.Seconds()).Scan(&size)
		if done.Error != nil || done.RowsAffected == 0 {
			return 0, done.Error
		}
		return done.RowsAffected, tx.checkRoom(owner, 0, 0, s.limits) // it counts already
	})
}

// changeFile makes one change to a file of the owner's, which holds their
// limits still meanwhile. No row is not_found.
func (s *Store) changeFile(ctx context.Context, verb string, owner UserID, id FileID, change func(*tx) (int64, error)) error {
	if !id.wellFormed() {
		return NotFound("file")
	}
	return s.inTx(ctx, verb, func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		changed, err := change(tx)
		if err != nil {
			return err
		}
		if changed == 0 {
			return NotFound("file")
		}
		return tx.hint(Hint{User: owner})
	})
}
