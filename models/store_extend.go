package models

import (
	"context"
	"errors"

	"github.com/dustin/go-humanize/english"
	"gorm.io/gorm"
)

// ExtendFile gives a live file another lifetime from its present end on, as far
// as MAYFLY_EXTEND_CAP after its making. Conflict means that it has the longest
// life already, or that extending is off; not_found and gone are File's.
func (s *Store) ExtendFile(ctx context.Context, owner UserID, id FileID) (*File, error) {
	if !id.wellFormed() {
		return nil, NotFound("file")
	}
	var f File
	err := s.inTx(ctx, "extend file", func(tx *tx) error {
		err := tx.db.Raw(`UPDATE files SET expires_at = least(expires_at + make_interval(secs => @more), created_at + make_interval(secs => @most))
			WHERE id = @id AND user_id = @owner AND `+live+` AND expires_at < created_at + make_interval(secs => @most)
			RETURNING *, now() AS read_at`, map[string]any{
			"more": s.limits.FileLifetime.Seconds(), "most": s.limits.ExtendCap.Seconds(), "id": id, "owner": owner}).Take(&f).Error
		if err != nil {
			return err
		}
		return tx.hint(Hint{User: owner})
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, s.whyNotExtended(ctx, owner, id)
	}
	return &f, err
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
