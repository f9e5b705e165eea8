package models

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// touchEvery is how often at most a last use is written down (SEC-21).
const touchEvery = time.Minute

// Bounds of what people make.
const (
	MaxTokens      = 50                       // working personal tokens of one person
	MaxTokenLife   = 5 * 365 * 24 * time.Hour // of any token
	tokensRemember = "30 days"                // a token that ended stays listed so long
)

// NewToken is what a token shall be. Life is from now on.
type NewToken struct {
	Name   string
	Scopes Scopes
	Life   time.Duration
	Actor  string // who makes it: "user:ID" or "cli:…"
}

func (n *NewToken) check() error {
	n.Name = cleanLabel(n.Name)
	switch {
	case blank(n.Name):
		return Invalid("A token needs a name, so that you know it in the list.")
	case n.Life <= 0 || n.Life > MaxTokenLife:
		return Invalid("A token lives at least a moment and at most five years.")
	}
	return nil
}

// cleanLabel makes a name that somebody chose fit to show.
func cleanLabel(name string) string {
	return cutRunes(strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(name, ""))), maxNameRunes)
}

const tokenRow = `tokens.*, coalesce(apps.name, '') AS app_name, coalesce(apps.everyone, false) AS everyone, now() AS read_at
	FROM tokens LEFT JOIN apps ON apps.id = tokens.app_id `

// Token returns the token with this secret. Unauthenticated means that there is
// none that works, and says why to whoever knows the secret. The last use is
// written at most once a minute.
func (s *Store) Token(ctx context.Context, secret string) (*Token, error) {
	if !LooksLikeToken(secret) {
		return nil, badToken("This is no token of Mayfly's: those are mf_ and 40 letters and digits.")
	}
	t, err := s.tokenOf(ctx, hashOf(secret))
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, badToken("This token is not known here.")
	case err != nil:
		return nil, failed("read token", err)
	case t.RevokedAt != nil:
		return nil, badToken("This token was revoked.")
	case !t.Works():
		return nil, badToken("This token has expired.")
	}
	if t.UsedAt == nil || t.ReadAt.Sub(*t.UsedAt) >= touchEvery {
		err = s.db.WithContext(ctx).Exec("UPDATE tokens SET used_at = now() WHERE id = ?", t.ID).Error
	}
	return t, failed("touch token", err)
}

// tokenOf reads by hand, past GORM: it is asked at every call of a program, and
// costs less so.
func (s *Store) tokenOf(ctx context.Context, hash string) (*Token, error) {
	t := &Token{Hash: hash}
	err := s.pool.QueryRow(ctx, `SELECT tokens.id, tokens.name, user_id, app_id, scopes, tokens.created_at, expires_at, used_at, revoked_at,
			coalesce(apps.name, ''), coalesce(everyone, false), now()
		FROM tokens LEFT JOIN apps ON apps.id = tokens.app_id WHERE hash = $1`, hash).
		Scan(&t.ID, &t.Name, &t.UserID, &t.AppID, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.UsedAt, &t.RevokedAt, &t.AppName, &t.Everyone, &t.ReadAt)
	return t, err
}

func badToken(message string) error { return &Error{Code: Unauthenticated, Message: message} }

// Holds reports whether a token still works: unauthenticated when not.
func (s *Store) Holds(ctx context.Context, id TokenID) error {
	return failed("ask for token", holds(s.db.WithContext(ctx), id))
}

func holds(db *gorm.DB, id TokenID) error {
	var works bool
	err := db.Raw("SELECT true FROM tokens WHERE id = ? AND revoked_at IS NULL AND expires_at > now()", id).Scan(&works).Error
	if err == nil && !works {
		return badToken("This token was revoked or has expired.")
	}
	return err
}

// CreateToken makes a personal token and returns its secret, which is stored
// nowhere. over_limit means that the person has MaxTokens working ones.
func (s *Store) CreateToken(ctx context.Context, owner UserID, n NewToken) (secret string, made *Token, err error) {
	if err := n.check(); err != nil {
		return "", nil, err
	}
	err = s.inTx(ctx, "create token", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		var working int
		err := tx.db.Raw("SELECT count(*) FROM tokens WHERE user_id = ? AND revoked_at IS NULL AND expires_at > now()", owner).Scan(&working).Error
		if err != nil {
			return err
		}
		if working >= MaxTokens {
			return overLimit("You have %d tokens, which is the most. Revoke one that you do not use.", working)
		}
		secret, made, err = tx.insertToken(n, &owner, nil)
		return err
	})
	return secret, made, err
}

func (tx *tx) insertToken(n NewToken, owner *UserID, app *AppID) (secret string, made *Token, err error) {
	secret, made = newSecret(), &Token{}
	err = tx.db.Raw(`INSERT INTO tokens (id, hash, name, user_id, app_id, scopes, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?)) RETURNING *, now() AS read_at`,
		token(), hashOf(secret), n.Name, owner, app, n.Scopes, n.Life.Seconds()).Scan(made).Error
	if err != nil {
		return "", nil, err
	}
	line := Audit{Actor: n.Actor, Action: "token.create", TokenID: made.ID}
	if owner != nil {
		line.UserID = *owner
	}
	if app != nil {
		line.AppID = *app
	}
	return secret, made, tx.audit(line)
}

// Tokens returns the person's own tokens: those that work first, then those that
// ended within 30 days, the newest first.
func (s *Store) Tokens(ctx context.Context, owner UserID) ([]Token, error) {
	var tokens []Token
	err := s.db.WithContext(ctx).Raw("SELECT "+tokenRow+`WHERE tokens.user_id = ? AND least(revoked_at, expires_at) > now() - ?::interval
		ORDER BY (revoked_at IS NULL AND expires_at > now()) DESC, tokens.created_at DESC LIMIT ?`, owner, tokensRemember, MaxPage).
		Scan(&tokens).Error
	return tokens, failed("list tokens", err)
}

// RevokeToken ends a personal token of the owner's, from this moment on: what
// waits of its runs is cancelled with it, one that runs goes on. A token that has
// ended already stays so; somebody else's is not_found.
func (s *Store) RevokeToken(ctx context.Context, owner UserID, id TokenID) error {
	return s.revoke(ctx, "user:"+string(owner), id, "user_id = ?", owner)
}

func (s *Store) revoke(ctx context.Context, actor string, id TokenID, which string, args ...any) error {
	if !id.wellFormed() {
		return NotFound("token")
	}
	args = append([]any{id}, args...)
	return s.inTx(ctx, "revoke token", func(tx *tx) error {
		var t Token
		err := tx.db.Raw("UPDATE tokens SET revoked_at = now() WHERE id = ? AND "+which+" AND revoked_at IS NULL RETURNING *", args...).Take(&t).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return tx.mustKnow(which, args)
		}
		if err != nil {
			return err
		}
		line := Audit{Actor: actor, Action: "token.revoke", TokenID: id}
		if t.UserID != nil {
			line.UserID = *t.UserID
		}
		if t.AppID != nil {
			line.AppID = *t.AppID
		}
		if err := tx.audit(line); err != nil {
			return err
		}
		if err := tx.cancelWaiting(ctx, id, s.limits); err != nil {
			return err
		}
		return tx.hint(Hint{Token: id})
	})
}

// mustKnow is not_found unless there is such a token.
func (tx *tx) mustKnow(which string, args []any) error {
	var known bool
	err := tx.db.Raw("SELECT EXISTS (SELECT FROM tokens WHERE id = ? AND "+which+")", args...).Scan(&known).Error
	if err == nil && !known {
		return NotFound("token")
	}
	return err
}

// cancelWaiting cancels what waits of a token's runs, whoever they are for. The
// owners are locked in one order, so that two such calls never wait for each
// other. A run that is queued while this goes on is found by BeginRun.
func (tx *tx) cancelWaiting(ctx context.Context, id TokenID, limits Limits) error {
	var owners []UserID
	err := tx.db.Raw("SELECT DISTINCT user_id FROM runs WHERE token_id = ? AND state = 'queued' ORDER BY user_id", id).Scan(&owners).Error
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.cancelOf(ctx, owner, "token_id = ?", id, limits); err != nil {
			return err
		}
	}
	return nil
}
