package models

import (
	"context"

	"gorm.io/gorm"
)

// DeleteFile is DeleteFiles for one. by is the token that asks, nil when the
// owner does.
func (s *Store) DeleteFile(ctx context.Context, owner UserID, id FileID, by *Token) error {
	_, err := s.deleteFiles(ctx, owner, []FileID{id}, by)
	return err
}

// RestoreFile is RestoreFiles for one.
func (s *Store) RestoreFile(ctx context.Context, owner UserID, id FileID) error {
	_, err := s.RestoreFiles(ctx, owner, []FileID{id})
	return err
}

// DeleteFiles makes those of the files that live unreadable at once, in one
// moment, and returns them. None at all is not_found. The bytes stay for
// UndoTime.
func (s *Store) DeleteFiles(ctx context.Context, owner UserID, ids []FileID) ([]File, error) {
	return s.deleteFiles(ctx, owner, ids, nil)
}

func (s *Store) deleteFiles(ctx context.Context, owner UserID, ids []FileID, by *Token) ([]File, error) {
	var deleted []File
	err := s.changeFiles(ctx, "delete files", owner, ids, func(tx *tx, ids []FileID) *gorm.DB {
		if err := tx.mayChange(by, owner); err != nil {
			return &gorm.DB{Error: err}
		}
		done := tx.db.Raw("UPDATE files SET state = 'dead', deleted_at = now() WHERE user_id = ? AND id IN ? AND "+live+
			" RETURNING *, now() AS read_at", owner, ids).Scan(&deleted)
		if done.Error == nil {
			_ = done.AddError(tx.auditFiles(by, "file.delete", owner, deleted))
		}
		return done
	})
	return deleted, err
}

// RestoreFiles takes deletions back within UndoTime, unless the file has
// expired meanwhile or a sweep has begun on its bytes, and returns the files
// that are there again. None at all is not_found; over_limit means that their
// room has been taken by others.
func (s *Store) RestoreFiles(ctx context.Context, owner UserID, ids []FileID) ([]File, error) {
	var restored []File
	err := s.changeFiles(ctx, "restore files", owner, ids, func(tx *tx, ids []FileID) *gorm.DB {
		done := tx.db.Raw("UPDATE files SET state = 'ready', deleted_at = NULL WHERE user_id = ? AND id IN ? AND "+restorable+
			" RETURNING *, now() AS read_at", owner, ids, UndoTime.Seconds()).Scan(&restored)
		if done.Error == nil && len(restored) > 0 {
			_, err := tx.checkRoom(owner, 0, 0, s.limits) // they count already
			if err == nil {
				err = tx.auditFiles(nil, "file.restore", owner, restored)
			}
			_ = done.AddError(err)
		}
		return done
	})
	return restored, err
}

// restorable is a deletion that can still be taken back; its parameter is
// UndoTime in seconds.
const restorable = `state = 'dead' AND deleted_at > now() - make_interval(secs => ?) AND claimed_at IS NULL AND expires_at > now()`

// DeletedWith returns the files that were deleted in one moment with this one,
// as long as that can be taken back.
func (s *Store) DeletedWith(ctx context.Context, owner UserID, id FileID) ([]File, error) {
	if !id.wellFormed() {
		return nil, nil
	}
	var files []File
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE user_id = ? AND deleted_at = (
			SELECT deleted_at FROM files WHERE id = ? AND user_id = ?) AND `+restorable+` ORDER BY name, version`,
		owner, id, owner, UndoTime.Seconds()).Scan(&files).Error
	return files, failed("read what was deleted", err)
}

// changeFiles makes one change to files of the owner's, which holds their
// limits still meanwhile. No row is not_found.
func (s *Store) changeFiles(ctx context.Context, verb string, owner UserID, ids []FileID, change func(*tx, []FileID) *gorm.DB) error {
	if ids = wellFormed(ids); len(ids) == 0 {
		return NotFound("file")
	}
	return s.inTx(ctx, verb, func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		done := change(tx, ids)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return NotFound("file")
		}
		return tx.hint(Hint{User: owner})
	})
}
