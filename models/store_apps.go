package models

import (
	"context"
)

// appScopes are what the working tokens of an app may do together, in the fixed
// order of the scopes.
const appScopes = `coalesce((SELECT string_agg(scope, ' ' ORDER BY array_position(ARRAY['run','files:read','files:write','admin'], scope))
	FROM (SELECT DISTINCT unnest(string_to_array(scopes, ' ')) AS scope FROM tokens
		WHERE app_id = apps.id AND revoked_at IS NULL AND expires_at > now()) AS each), '') AS scopes`

// App returns an app with what the person decided about it, or not_found. What
// it shows is nobody's secret: its name and what it may do.
func (s *Store) App(ctx context.Context, owner UserID, id AppID) (*AppLink, error) {
	if !id.wellFormed() {
		return nil, NotFound("app")
	}
	link, err := linkOf(s.db.WithContext(ctx), id, owner)
	if err != nil {
		return nil, failed("read app", err)
	}
	err = s.db.WithContext(ctx).Raw("SELECT "+appScopes+" FROM apps WHERE id = ?", id).Scan(&link.Scopes).Error
	return link, failed("read app", err)
}

// Apps returns the apps that acted for the person, or that they linked or
// blocked, the last to act first.
func (s *Store) Apps(ctx context.Context, owner UserID) ([]AppLink, error) {
	var links []AppLink
	err := s.db.WithContext(ctx).Raw(`SELECT app_links.*, apps.name, apps.everyone, now() AS read_at, `+appScopes+`
		FROM app_links JOIN apps ON apps.id = app_links.app_id WHERE app_links.user_id = ?
			AND (linked_at IS NOT NULL OR blocked_at IS NOT NULL OR acted_at IS NOT NULL)
		ORDER BY acted_at DESC NULLS LAST, apps.name, apps.id LIMIT ?`, owner, MaxPage).Scan(&links).Error
	return links, failed("list apps", err)
}

// LinkApp lets an app act for the person, and takes a block back.
func (s *Store) LinkApp(ctx context.Context, owner UserID, id AppID) error {
	return s.decide(ctx, owner, id, "app.link", "linked_at = coalesce(app_links.linked_at, now()), blocked_at = NULL", nil)
}

// UnlinkApp takes the link back, and cancels what waits of the app's runs. An app
// for everyone acts on; Block stops it.
func (s *Store) UnlinkApp(ctx context.Context, owner UserID, id AppID) error {
	return s.decide(ctx, owner, id, "app.unlink", "linked_at = NULL", func(tx *tx) error {
		link, err := linkOf(tx.db, id, owner)
		if err != nil || link.Acts() {
			return err
		}
		return tx.cancelOf(ctx, owner, "app_id = ?", id, s.limits)
	})
}

// BlockApp keeps an app from acting for the person. Its runs for them that wait
// are cancelled in the same moment; one that runs goes on.
func (s *Store) BlockApp(ctx context.Context, owner UserID, id AppID) error {
	return s.decide(ctx, owner, id, "app.block", "blocked_at = coalesce(app_links.blocked_at, now())", func(tx *tx) error {
		return tx.cancelOf(ctx, owner, "app_id = ?", id, s.limits)
	})
}

// UnblockApp takes a block back.
func (s *Store) UnblockApp(ctx context.Context, owner UserID, id AppID) error {
	return s.decide(ctx, owner, id, "app.unblock", "blocked_at = NULL", nil)
}

// decide writes what a person decides about an app. change is one of the texts
// above.
func (s *Store) decide(ctx context.Context, owner UserID, id AppID, action, change string, also func(*tx) error) error {
	if !id.wellFormed() {
		return NotFound("app")
	}
	return s.inTx(ctx, action, func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		done := tx.db.Exec(`INSERT INTO app_links (app_id, user_id) SELECT id, ? FROM apps WHERE id = ? ON CONFLICT DO NOTHING`, owner, id)
		if done.Error != nil {
			return done.Error
		}
		done = tx.db.Exec("UPDATE app_links SET "+change+" WHERE app_id = ? AND user_id = ?", id, owner)
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return NotFound("app")
		}
		if err := tx.audit(Audit{Actor: "user:" + string(owner), Action: action, UserID: owner, AppID: id}); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return tx.hint(Hint{User: owner})
	})
}

// cancelOf cancels those of somebody's runs that wait: all of them first, so that
// no turn goes from one of them to the next.
func (tx *tx) cancelOf(ctx context.Context, owner UserID, which string, arg any, limits Limits) error {
	if err := tx.cancelAll(ctx, owner, which, arg); err != nil {
		return err
	}
	return tx.enqueueNext(ctx, owner, limits)
}
