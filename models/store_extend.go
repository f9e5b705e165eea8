package models

import (
	"context"
	"errors"

	"github.com/dustin/go-humanize/english"
	"gorm.io/gorm"
)

// ExtendFile gives a live file another lifetime from its present end on, as far
// as MAYFLY_EXTEND_CAP after its making. Conflict means that it has the longest
// life already, or that extending is off; not_found and gone are File's. by is
// the token that asks, nil when the owner does: the same request with its key
// again extends nothing, and gives the file as it is by then.
func (s *Store) ExtendFile(ctx context.Context, owner UserID, id FileID, by *Token, once *Once) (*File, error) {
	if !id.wellFormed() {
		return nil, NotFound("file")
	}
	if err := once.check(); err != nil {
		return nil, err
	}
	err := s.inTx(ctx, "extend file", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.mayChange(by, owner); err != nil {
			return err
		}
		if before, err := replayed(tx.db, by, owner, once); before != "" || err != nil {
			return err
		}
		return tx.extendFile(owner, id, by, once, s.limits)
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, s.whyNotExtended(ctx, owner, id)
	}
	if err != nil {
		return nil, err
	}
	return s.File(ctx, owner, id)
}

func (tx *tx) extendFile(owner UserID, id FileID, by *Token, once *Once, limits Limits) error {
	var f File
	err := tx.db.Raw(`UPDATE files SET expires_at = least(expires_at + make_interval(secs => @more), created_at + make_interval(secs => @most))
		WHERE id = @id AND user_id = @owner AND `+live+` AND expires_at < created_at + make_interval(secs => @most)
		RETURNING id`, map[string]any{
		"more": limits.FileLifetime.Seconds(), "most": limits.ExtendCap.Seconds(), "id": id, "owner": owner}).Take(&f).Error
	if err != nil {
		return err
	}
	if err := tx.remember(by, owner, once, string(id)); err != nil {
		return err
	}
	line := act(by, "file.extend", owner)
	line.FileID = id
	if err := tx.auditApp(line); err != nil {
		return err
	}
	return tx.hint(Hint{User: owner})
}

func (s *Store) whyNotExtended(ctx context.Context, owner UserID, id FileID) error {
	if _, err := s.File(ctx, owner, id); err != nil {
		return err
	}
	if s.limits.ExtendCap <= s.limits.FileLifetime {
		return conflict("Files are not extended here. Download it while it lives.")
	}
	return conflict("It lives as long as a file may here already: " + english.Plural(int(s.limits.ExtendCap.Hours()), "hour", "") + " from its making.")
}
