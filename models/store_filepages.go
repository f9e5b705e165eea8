package models

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cursor names a place in somebody's list of files, for the next page. It is no
// key: whoever has it still sees only their own live files.
type Cursor string

// cursorAt is the place after a file. Microseconds are what the database keeps.
func cursorAt(f File) Cursor {
	return Cursor(base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", f.CreatedAt.UnixMicro(), f.ID)))
}

// maxCursor bounds a cursor's text; ours have less than 100 characters.
const maxCursor = 200

func (c Cursor) place() (made time.Time, id FileID, err error) {
	text, err := base64.RawURLEncoding.DecodeString(string(c[:min(len(c), maxCursor)]))
	micros, name, _ := strings.Cut(string(text), " ")
	var at int64
	if err == nil {
		_, err = fmt.Sscanf(micros, "%d", &at)
	}
	id = FileID(name)
	if err != nil || !id.wellFormed() || at < 0 || at > 1<<53 {
		return made, "", Invalid("That cursor is none of ours. Begin the list again without it.")
	}
	return time.UnixMicro(at), id, nil
}

// fileRow is a file as it is read by hand, past GORM: programs ask for files all
// the time, and reflection costs more than the query.
const fileRow = `id, user_id, run_id, notebook_id, source, name, version, size, sha256, media_type, category, state, blob_key,
	created_at, expires_at, deleted_at, claimed_at, now() FROM files `

// fields are where fileRow goes, in its order.
func (f *File) fields() []any {
	return []any{&f.ID, &f.UserID, &f.RunID, &f.NotebookID, &f.Source, &f.Name, &f.Version, &f.Size, &f.SHA256, &f.MediaType, &f.Category,
		&f.State, &f.BlobKey, &f.CreatedAt, &f.ExpiresAt, &f.DeletedAt, &f.ClaimedAt, &f.ReadAt}
}

// listedRow is what a list shows of a live file, and madeRow that with the head of
// the code that made it.
const (
	listedHead = "id, run_id, source, name, version, size, sha256, media_type, category, created_at, expires_at, now()"
	listedRow  = listedHead + " FROM files "
	madeRow    = listedHead + ", coalesce(" + makerHead + ", '') FROM files "
)

// listed are where listedHead goes, in its order.
func (f *File) listed() []any {
	return []any{&f.ID, &f.RunID, &f.Source, &f.Name, &f.Version, &f.Size, &f.SHA256, &f.MediaType, &f.Category, &f.CreatedAt, &f.ExpiresAt, &f.ReadAt}
}

func listedFiles(rows pgx.Rows, owner UserID, most int) ([]File, error) {
	defer rows.Close()
	files := make([]File, 0, most)
	for rows.Next() {
		files = append(files, File{UserID: owner, State: Ready})
		f := &files[len(files)-1]
		if err := rows.Scan(f.listed()...); err != nil {
			return nil, err
		}
	}
	return files, rows.Err()
}

// madeFiles reads what madeRow found, and names what made each.
func madeFiles(rows pgx.Rows, owner UserID, most int) ([]File, error) {
	defer rows.Close()
	files := make([]File, 0, most)
	for rows.Next() {
		files = append(files, File{UserID: owner, State: Ready})
		f := &files[len(files)-1]
		if err := rows.Scan(append(f.listed(), &f.MadeBy)...); err != nil {
			return nil, err
		}
		f.MadeBy = titleOf(f.MadeBy)
	}
	return files, rows.Err()
}

// FilesAfter returns the owner's live files, the newest first, from a cursor on,
// and the cursor of what follows: "" at the end. Of the query Search, Category,
// Source and Limit count; of a file BlobKey and NotebookID are left out. Owner and clock are asked anew at every page (SEC-27).
func (s *Store) FilesAfter(ctx context.Context, owner UserID, q FileQuery, after Cursor) (files []File, next Cursor, err error) {
	if !asksFor(q.Search) || !asksFor(q.Category) || !asksFor(string(q.Source)) {
		return nil, "", nil
	}
	where, args := q.where(owner)
	if after != "" {
		made, id, err := after.place()
		if err != nil {
			return nil, "", err
		}
		where += " AND (created_at, id) < (@made, @id)"
		args["made"], args["id"] = made, id
	}
	most := pageOf(q.Limit)
	args["most"] = most + 1
	rows, err := s.pool.Query(ctx, "SELECT "+listedRow+"WHERE "+where+" ORDER BY created_at DESC, id DESC LIMIT @most", pgx.NamedArgs(args))
	if err == nil {
		files, err = listedFiles(rows, owner, most+1)
	}
	if len(files) > most {
		files, next = files[:most], cursorAt(files[most-1])
	}
	return files, next, failed("list files", err)
}
