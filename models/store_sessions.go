package models

import (
	"context"
)

// Sessions returns the owner's browser logins that last, the one that was used
// last first.
func (s *Store) Sessions(ctx context.Context, owner UserID) ([]Session, error) {
	var open []Session
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at, seen_at + make_interval(secs => @idle) AS idle_until FROM sessions
		WHERE user_id = @owner AND expires_at > now() AND seen_at > now() - make_interval(secs => @idle)
		ORDER BY seen_at DESC, hash LIMIT @most`,
		map[string]any{"owner": owner, "idle": s.limits.SessionIdle.Seconds(), "most": MaxPage}).Scan(&open).Error
	return open, failed("list sessions", err)
}

// EndOneSession ends a login of the owner's by its name, and returns its hash, by
// which its streams are known. not_found means that there is none, or none any
// more.
func (s *Store) EndOneSession(ctx context.Context, owner UserID, id SessionID) (hash string, err error) {
	if !id.wellFormed() {
		return "", NotFound("session")
	}
	ended, err := s.endSessions(ctx, owner, "left(hash, ?) = ?", sessionIDLength, id)
	if err == nil && len(ended) == 0 {
		return "", NotFound("session")
	}
	if err != nil {
		return "", err
	}
	return ended[0], nil
}

// EndOtherSessions ends all logins of the owner's but the one that asks, and
// returns their hashes. None is no fault.
func (s *Store) EndOtherSessions(ctx context.Context, owner UserID, keep SessionID) ([]string, error) {
	if !keep.wellFormed() {
		return nil, NotFound("session")
	}
	return s.endSessions(ctx, owner, "left(hash, ?) <> ?", sessionIDLength, keep)
}

func (s *Store) endSessions(ctx context.Context, owner UserID, which string, args ...any) (ended []string, err error) {
	err = s.inTx(ctx, "end sessions", func(tx *tx) error {
		err := tx.db.Raw("DELETE FROM sessions WHERE user_id = ? AND "+which+" RETURNING hash", append([]any{owner}, args...)...).
			Scan(&ended).Error
		if err != nil || len(ended) == 0 {
			return err
		}
		if err := tx.audit(Audit{Actor: "user:" + string(owner), Action: "session.end", UserID: owner}); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner})
	})
	return ended, err
}

// SetTheme keeps how the owner wants the pages to look.
func (s *Store) SetTheme(ctx context.Context, owner UserID, theme Theme) error {
	if theme != SystemTheme && theme != LightTheme && theme != DarkTheme {
		return Invalid("A theme is light, dark or that of your system.")
	}
	return failed("set theme", s.db.WithContext(ctx).Exec("UPDATE users SET theme = ? WHERE id = ?", theme, owner).Error)
}

// SetShortcuts keeps whether single keys do something in the owner's notebooks.
func (s *Store) SetShortcuts(ctx context.Context, owner UserID, on bool) error {
	return failed("set shortcuts", s.db.WithContext(ctx).Exec("UPDATE users SET shortcuts = ? WHERE id = ?", on, owner).Error)
}
