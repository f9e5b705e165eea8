package models

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
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
		return nil, Gone(f.goneWords())
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
	err := s.pool.QueryRow(ctx, "SELECT "+fileRow+`WHERE id = $1 AND user_id = $2
		AND state <> 'pending' AND expires_at > now() - make_interval(secs => $3)`, id, owner, TombstoneLifetime.Seconds()).Scan(f.fields()...)
	if errors.Is(err, pgx.ErrNoRows) {
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

// makerHead is the beginning of the code that made a file, long enough to hold
// the line that names its run; titleOf finds that line.
const makerHead = "(SELECT left(code, 4000) FROM runs WHERE runs.id = files.run_id AND runs.user_id = files.user_id)"

// FileNamed returns the newest live version of a name. Gone means that there
// were such files of the owner's and none of them lives; else not_found.
func (s *Store) FileNamed(ctx context.Context, owner UserID, name string) (*File, error) {
	if !asksFor(name) {
		return nil, NotFound("file")
	}
	var f File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE user_id = ? AND name = ? AND state <> 'pending'
		AND expires_at > now() - make_interval(secs => ?) ORDER BY (`+live+`) DESC, version DESC, created_at DESC LIMIT 1`,
		owner, name, TombstoneLifetime.Seconds()).Take(&f).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, NotFound("file")
	case err != nil:
		return nil, failed("read file", err)
	case !f.Live():
		return nil, Gone(f.goneWords())
	}
	return &f, nil
}

// Files returns a page of the owner's live files, in one round trip. Of a file
// BlobKey and NotebookID are left out.
func (s *Store) Files(ctx context.Context, owner UserID, q FileQuery) (*FilePage, error) {
	page := &FilePage{}
	if !asksFor(q.Search) || !asksFor(q.Category) || !asksFor(string(q.Source)) {
		var err error
		page.Usage, err = s.Usage(ctx, owner)
		return page, err
	}
	where, args := q.where(owner)
	most := pageOf(q.Limit)
	args["most"], args["skip"] = most, max(0, q.Offset)
	batch := &pgx.Batch{}
	batch.Queue("SELECT count(*), coalesce(sum(size), 0) FROM files WHERE "+where, pgx.NamedArgs(args))
	batch.Queue("SELECT "+madeRow+"WHERE "+where+" ORDER BY "+q.order()+" LIMIT @most OFFSET @skip", pgx.NamedArgs(args))
	batch.Queue("SELECT "+usageRow, pgx.NamedArgs{"owner": owner})
	answers := s.pool.SendBatch(ctx, batch)
	err := answers.QueryRow().Scan(&page.Total, &page.Bytes)
	if err == nil {
		var rows pgx.Rows
		if rows, err = answers.Query(); err == nil {
			page.Files, err = madeFiles(rows, owner, most)
		}
	}
	if err == nil {
		page.Usage, err = s.usageOf(answers.QueryRow())
	}
	if closed := answers.Close(); err == nil {
		err = closed
	}
	return page, failed("list files", err)
}

func (q FileQuery) where(owner UserID) (string, map[string]any) {
	where, args := []string{"user_id = @owner", live}, map[string]any{"owner": owner}
	add := func(name, condition string, value any) {
		where = append(where, condition)
		args[name] = value
	}
	if q.Search != "" {
		add("search", "name ILIKE @search", "%"+escapedLike(q.Search)+"%")
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

// KnownFiles returns those of the given files that are the owner's and
// remembered, live ones and gone ones, in the order of their names. The others
// are not told of.
func (s *Store) KnownFiles(ctx context.Context, owner UserID, ids []FileID) ([]File, error) {
	var files []File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE user_id = ? AND id IN ? AND state <> 'pending'
		AND expires_at > now() - make_interval(secs => ?) ORDER BY name, version`, owner, wellFormed(ids), TombstoneLifetime.Seconds()).
		Scan(&files).Error
	return files, failed("read files", err)
}

// Versions returns the live versions of a name that are newer than the given
// one, the newest first. All of them are newer than 0.
func (s *Store) Versions(ctx context.Context, owner UserID, name string, newerThan int) ([]File, error) {
	if !asksFor(name) {
		return nil, nil
	}
	var files []File
	err := s.db.WithContext(ctx).Raw("SELECT *, now() AS read_at FROM files WHERE user_id = ? AND name = ? AND version > ? AND "+live+
		" ORDER BY version DESC, created_at DESC LIMIT ?", owner, name, newerThan, maxVersions).Scan(&files).Error
	return files, failed("read versions", err)
}

// maxVersions bounds the versions that one page lists.
const maxVersions = 50

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

// LoadedFiles returns the files that a run was given or has loaded, as far as
// they are remembered, gone ones too.
func (s *Store) LoadedFiles(ctx context.Context, owner UserID, run RunID) ([]File, error) {
	if !run.wellFormed() {
		return nil, nil
	}
	var files []File
	err := s.db.WithContext(ctx).Raw(`SELECT files.*, given, now() AS read_at FROM run_inputs JOIN runs ON runs.id = run_inputs.run_id
			JOIN files ON files.id = run_inputs.file_id AND files.user_id = runs.user_id
		WHERE runs.id = ? AND runs.user_id = ? AND files.state <> 'pending' ORDER BY files.name, files.version`, run, owner).
		Scan(&files).Error
	return files, failed("read loaded files", err)
}
