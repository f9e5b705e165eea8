package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// SignIn records that Discord vouched for somebody, and returns the account:
// the same one that a bot may have used before. The key is the Discord id.
func (s *Store) SignIn(ctx context.Context, who DiscordProfile) (*User, error) {
	if _, err := ParseUserID(string(who.ID)); err != nil {
		return nil, err
	}
	name := cutRunes(strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(who.Name, ""))), maxNameRunes)
	if blank(name) {
		name = string(who.ID)
	}
	var u User
	err := s.db.WithContext(ctx).Raw(`INSERT INTO users (id, name, avatar_url) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, avatar_url = excluded.avatar_url, seen_at = now()
		RETURNING *`, who.ID, name, storable(who.AvatarURL)).Scan(&u).Error
	return &u, failed("sign in", err)
}

// User returns the account, or not_found.
func (s *Store) User(ctx context.Context, id UserID) (*User, error) {
	u, err := gorm.G[User](s.db).Where("id = ?", id).First(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("person")
	}
	return &u, failed("read user", err)
}

// OpenSession starts a browser login that ends after life at the latest, and
// returns its token, which is stored nowhere.
func (s *Store) OpenSession(ctx context.Context, owner UserID, agent string, life time.Duration) (string, error) {
	secret := token()
	err := s.db.WithContext(ctx).Exec(`WITH opened AS (INSERT INTO sessions (hash, user_id, agent, expires_at)
			VALUES (?, ?, ?, now() + make_interval(secs => ?)) RETURNING user_id)
		INSERT INTO audits (actor, action, user_id) SELECT 'user:' || user_id, 'session.open', user_id FROM opened`,
		hashOf(secret), owner, cutRunes(storable(agent), maxAgentRunes), life.Seconds()).Error
	return secret, failed("open session", err)
}

// Session returns the login behind a token and who it belongs to.
// Unauthenticated means that it is unknown, ended, or idle for too long. That
// it was seen is written at most once a minute.
func (s *Store) Session(ctx context.Context, token string) (*Session, *User, error) {
	var found Session
	var user User
	var stale bool
	err := s.pool.QueryRow(ctx, `SELECT hash, user_id, agent, sessions.created_at, sessions.seen_at, expires_at,
			users.name, users.avatar_url, users.theme, users.shortcuts, sessions.seen_at < now() - interval '1 minute'
		FROM sessions JOIN users ON users.id = sessions.user_id
		WHERE hash = $1 AND expires_at > now() AND sessions.seen_at > now() - make_interval(secs => $2)`,
		hashOf(token), s.limits.SessionIdle.Seconds()).Scan(&found.Hash, &found.UserID, &found.Agent, &found.CreatedAt, &found.SeenAt,
		&found.ExpiresAt, &user.Name, &user.AvatarURL, &user.Theme, &user.Shortcuts, &stale)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, &Error{Code: Unauthenticated, Message: "Nobody is signed in in this browser."}
	}
	if err != nil {
		return nil, nil, failed("read session", err)
	}
	if stale {
		err = s.db.WithContext(ctx).Exec(`WITH seen AS (UPDATE sessions SET seen_at = now() WHERE hash = ? RETURNING user_id)
			UPDATE users SET seen_at = now() FROM seen WHERE users.id = seen.user_id`, found.Hash).Error
	}
	user.ID = found.UserID
	return &found, &user, failed("touch session", err)
}

// EndSession ends the login behind a token. Ending it twice is no fault.
func (s *Store) EndSession(ctx context.Context, token string) error {
	return s.inTx(ctx, "end session", func(tx *tx) error {
		var owner UserID
		err := tx.db.Raw("DELETE FROM sessions WHERE hash = ? RETURNING user_id", hashOf(token)).Scan(&owner).Error
		if err != nil || owner == "" {
			return err
		}
		if err := tx.audit(act(nil, "session.end", owner)); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner})
	})
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Usage returns how much of their limits somebody uses. Expired and deleted
// files do not count; the logs of runs do, as long as they live.
func (s *Store) Usage(ctx context.Context, owner UserID) (Usage, error) {
	u, err := s.usageOf(s.pool.QueryRow(ctx, "SELECT "+usageRow, pgx.NamedArgs{"owner": owner}))
	return u, failed("read usage", err)
}

// usageOf reads what usageRow found, beside its limits.
func (s *Store) usageOf(row pgx.Row) (Usage, error) {
	u := Usage{BytesMax: s.limits.UserBytes, FilesMax: s.limits.UserFiles, KernelsMax: s.limits.UserKernels, QueuedMax: s.limits.UserQueue}
	err := row.Scan(&u.Bytes, &u.Files, &u.Kernels, &u.Queued)
	return u, err
}

func usage(db *gorm.DB, owner UserID, u *Usage) error {
	return db.Raw("SELECT "+usageRow, map[string]any{"owner": owner}).Scan(u).Error
}

// usageRow is what somebody uses. Each of its sums reads one index, which holds
// its terms.
const usageRow = `kept.bytes + logged.bytes AS bytes, kept.files, active.kernels, active.queued
	FROM (SELECT coalesce(sum(size), 0) AS bytes, count(*) AS files FROM files WHERE user_id = @owner AND ` + counts + `) AS kept,
		(SELECT coalesce(sum(log_bytes), 0) AS bytes FROM runs WHERE user_id = @owner AND log_bytes > 0 AND expires_at > now()) AS logged,
		(SELECT count(*) FILTER (WHERE state = 'running') AS kernels, count(*) FILTER (WHERE state = 'queued') AS queued
			FROM runs WHERE user_id = @owner AND state <> 'done') AS active`

// counts is what counts against a quota: files that can be read and those
// being written.
const counts = "state IN ('ready', 'pending') AND expires_at > now()"
