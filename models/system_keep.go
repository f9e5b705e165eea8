package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// Written is a pending file whose bytes are durable.
type Written struct {
	Pending *File
	Size    int64
	SHA256  string
}

// KeepFile makes a pending file readable, once its bytes are durable: it gets
// its version, and its size counts from here on. A version is not given again
// while a tombstone remembers it.
//
// The same bytes as the newest live version of the name, made or uploaded in the
// same notebook, make no file: that one comes back, its clock anew, and of the
// pending one only the blob is left to remove.
func (y System) KeepFile(ctx context.Context, pending *File, size int64, sha256 string) (*File, error) {
	return y.KeepFileOnce(ctx, pending, size, sha256, nil, nil)
}

// KeepFileOnce is KeepFile for a token, and for the first request with an
// idempotency key: where the same request was faster, its file comes back, and of
// the pending one only the blob is left to remove. The codes of Permit mean that
// the token may not any more.
func (y System) KeepFileOnce(ctx context.Context, pending *File, size int64, sha256 string, by *Token, once *Once) (*File, error) {
	var f *File
	err := y.inTx(ctx, "keep file", func(tx *tx) error {
		u, err := tx.lockedUsage(pending.UserID)
		if err != nil {
			return err
		}
		if err := tx.mayChange(by, pending.UserID); err != nil {
			return err
		}
		switch first, err := replayed(tx.db, by, pending.UserID, once); {
		case err != nil:
			return err
		case first != "":
			f, err = tx.yield(pending, FileID(first))
			return err
		}
		if f, err = tx.keep(Written{pending, size, sha256}, &u, y.limits); err != nil || f.ID != pending.ID {
			return err
		}
		if err := tx.remember(by, pending.UserID, once, string(f.ID)); err != nil {
			return err
		}
		line := act(by, "file.keep", pending.UserID)
		line.FileID = f.ID
		if err := tx.auditApp(line); err != nil {
			return err
		}
		hint := Hint{User: pending.UserID}
		if pending.NotebookID != nil {
			hint.Notebook = *pending.NotebookID
		}
		return tx.hint(hint)
	})
	return f, err
}

// KeepFiles is KeepFile for several files of one owner, in their order and in
// one transaction. One that is refused (over_limit, or conflict when it was given
// up meanwhile) stops no other: refused says why, and kept has nil there. With an
// error nothing is known of any of them.
func (y System) KeepFiles(ctx context.Context, owner UserID, written []Written) (kept []*File, refused []error, err error) {
	kept, refused = make([]*File, len(written)), make([]error, len(written))
	err = y.inTx(ctx, "keep files", func(tx *tx) error {
		u, err := tx.lockedUsage(owner)
		if err != nil {
			return err
		}
		for i, w := range written {
			kept[i], refused[i] = tx.keep(w, &u, y.limits)
			if code := CodeOf(refused[i]); code != "" && code != OverLimit && code != Conflict {
				return refused[i]
			}
		}
		return tx.hint(Hint{User: owner})
	})
	return kept, refused, err
}

// yield gives a pending file up for the one that the same request has kept.
func (tx *tx) yield(pending *File, first FileID) (*File, error) {
	var f File
	err := tx.db.Raw("SELECT *, now() AS read_at FROM files WHERE id = ? AND user_id = ? AND "+live, first, pending.UserID).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, Gone("What this Idempotency-Key gave is gone by now. Take a new key.")
	}
	if err == nil {
		err = tx.db.Exec("DELETE FROM files WHERE id = ? AND state = 'pending'", pending.ID).Error
	}
	return &f, err
}

func (tx *tx) lockedUsage(owner UserID) (u Usage, err error) {
	if err = tx.lockUser(owner); err == nil {
		err = usage(tx.db, owner, &u)
	}
	return u, err
}

// keep makes one file readable, as far as its owner has room, and counts it.
func (tx *tx) keep(w Written, u *Usage, limits Limits) (*File, error) {
	same, err := tx.sameAgain(w, limits)
	if same != nil || err != nil {
		return same, err
	}
	if err := u.roomFor(0, w.Size, limits); err != nil {
		return nil, err
	}
	var f File
	err = tx.db.Raw(`UPDATE files SET state = 'ready', size = ?, sha256 = ?, version = 1 + coalesce((
			SELECT max(version) FROM files AS older WHERE older.user_id = files.user_id AND older.name = files.name
			AND older.state <> 'pending'), 0)
		WHERE id = ? AND state = 'pending' RETURNING *, now() AS read_at`, w.Size, w.SHA256, w.Pending.ID).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, conflict("The file was given up meanwhile.")
	}
	if err != nil {
		return nil, err
	}
	u.Bytes += w.Size
	return &f, nil
}

// sameAgain is the file that a notebook's pending one only repeats, nil when it
// is new. Its clock begins again, unless its owner has given it more time.
func (tx *tx) sameAgain(w Written, limits Limits) (*File, error) {
	pending := w.Pending
	if pending.NotebookID == nil {
		return nil, nil
	}
	var same []*File
	err := tx.db.Raw(`UPDATE files SET expires_at = greatest(expires_at, now() + make_interval(secs => @life)), run_id = coalesce(@run, run_id)
		WHERE id = (SELECT id FROM files WHERE user_id = @owner AND name = @name AND `+live+` ORDER BY version DESC LIMIT 1)
			AND notebook_id = @notebook AND size = @size AND sha256 = @sum RETURNING *, now() AS read_at`,
		map[string]any{"life": limits.FileLifetime.Seconds(), "run": pending.RunID, "owner": pending.UserID, "name": pending.Name,
			"notebook": *pending.NotebookID, "size": w.Size, "sum": w.SHA256}).Scan(&same).Error
	if err != nil || len(same) == 0 {
		return nil, err
	}
	if err := tx.db.Exec("DELETE FROM files WHERE id = ? AND state = 'pending'", pending.ID).Error; err != nil {
		return nil, err
	}
	return same[0], tx.hint(Hint{User: pending.UserID, Notebook: *pending.NotebookID})
}
