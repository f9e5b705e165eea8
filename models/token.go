package models

import (
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"
	"time"
)

// TokenID names a token: 26 lower-case base32 characters. It is no secret.
type TokenID string

// AppID names an app, as a TokenID does a token.
type AppID string

func (id TokenID) wellFormed() bool {
	return len(id) == tokenLength && onlyIn(string(id), tokenLetters)
}
func (id AppID) wellFormed() bool { return len(id) == tokenLength && onlyIn(string(id), tokenLetters) }

// Scope is one kind of thing that a token may do.
type Scope string

// The scopes. Code that runs may load its owner's files, so run reaches their
// content too.
const (
	ScopeAny        Scope = "" // any token that is valid
	ScopeRun        Scope = "run"
	ScopeFilesRead  Scope = "files:read"
	ScopeFilesWrite Scope = "files:write"
	ScopeAdmin      Scope = "admin"
)

// AllScopes lists the scopes in their fixed order.
func AllScopes() []Scope { return []Scope{ScopeRun, ScopeFilesRead, ScopeFilesWrite, ScopeAdmin} }

// UserScopes is ParseScopes for what a person may give a token of their own:
// everything but admin.
func UserScopes(names []string) (Scopes, error) {
	if slices.Contains(names, string(ScopeAdmin)) {
		return "", Invalid("Only whoever runs this Mayfly makes tokens with the scope admin.")
	}
	return ParseScopes(names)
}

// Scopes are what a token may do, in the fixed order, parted by spaces.
type Scopes string

// ParseScopes takes names of scopes in any order.
func ParseScopes(names []string) (Scopes, error) {
	var known []string
	for _, s := range AllScopes() {
		if slices.Contains(names, string(s)) {
			known = append(known, string(s))
		}
	}
	if len(known) == 0 {
		return "", Invalid("A token needs at least one scope: run, files:read, files:write or admin.")
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return "", Invalid("%q is no scope. Scopes are run, files:read, files:write and admin.", cutRunes(storable(name), maxNameRunes))
		}
	}
	return Scopes(strings.Join(known, " ")), nil
}

// List returns the scopes one by one.
func (s Scopes) List() []Scope {
	var list []Scope
	for name := range strings.FieldsSeq(string(s)) {
		list = append(list, Scope(name))
	}
	return list
}

// Has reports whether the scope is among them.
func (s Scopes) Has(scope Scope) bool { return scope == ScopeAny || slices.Contains(s.List(), scope) }

// Token lets a program call the API: a personal one for its owner, one of an
// app for those it may act for. The program holds a secret, the row its SHA-256.
type Token struct {
	ID        TokenID `gorm:"primaryKey"`
	Hash      string
	Name      string  // display data, at most 64 runes
	UserID    *UserID // of a personal token
	AppID     *AppID  // of an app's
	Scopes    Scopes
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // written at most once a minute
	RevokedAt *time.Time

	AppName  string    `gorm:"->;-:migration"` // of an app's token, where the query asks
	Everyone bool      `gorm:"->;-:migration"` // its app may act for everybody
	ReadAt   time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// Works reports whether it could be used when the row was read.
func (t Token) Works() bool { return t.RevokedAt == nil && t.ExpiresAt.After(t.ReadAt) }

// Actor names who acts with the token, for the audit trail.
func (t Token) Actor() string {
	if t.AppID != nil {
		return "app:" + string(*t.AppID)
	}
	return "user:" + string(*t.UserID)
}

// App is a bot program. It acts for everybody who does not block it, or only for
// people who linked it.
type App struct {
	ID        AppID `gorm:"primaryKey"`
	Name      string
	Everyone  bool
	CreatedAt time.Time
}

// AppLink is what one person decided about an app.
type AppLink struct {
	AppID     AppID  `gorm:"primaryKey"`
	UserID    UserID `gorm:"primaryKey"`
	LinkedAt  *time.Time
	BlockedAt *time.Time
	ActedAt   *time.Time // when it last acted for them; written at most once a minute

	Name     string    `gorm:"->;-:migration"` // of the app
	Everyone bool      `gorm:"->;-:migration"`
	Scopes   Scopes    `gorm:"->;-:migration"` // what its working tokens may do together
	ReadAt   time.Time `gorm:"->;-:migration"`
}

// Acts reports whether the app may act for the person.
func (l AppLink) Acts() bool { return l.BlockedAt == nil && (l.Everyone || l.LinkedAt != nil) }

// Once is an idempotency key with what was asked under it: the same key gives
// the first result again, and refuses another request.
type Once struct {
	Key  string // 1 to 255 visible ASCII characters
	Hash string // SHA-256 of the request, in hex
}

// MaxKey bounds an idempotency key, in bytes.
const MaxKey = 255

func (o *Once) check() error {
	if o == nil {
		return nil
	}
	if len(o.Key) == 0 || len(o.Key) > MaxKey || strings.ContainsFunc(o.Key, func(r rune) bool { return r < '!' || r > '~' }) {
		return Invalid("An Idempotency-Key is 1 to %d visible ASCII characters.", MaxKey)
	}
	return nil
}

// Audit is one line of the append-only trail (SEC-64).
type Audit struct {
	ID      int64 `gorm:"primaryKey"`
	At      time.Time
	Actor   string // "user:ID", "app:ID" or "cli:…"
	Action  string
	UserID  UserID
	AppID   AppID
	TokenID TokenID
	RunID   RunID
	FileID  FileID
}

// TokenPrefix makes a token that leaked easy to find; letters of base32 after it
// hold 200 random bits. A token has TokenLength characters.
const (
	TokenPrefix = "mf_"
	TokenLength = len(TokenPrefix) + 40
)

// newSecret makes what a program shows to be let in.
func newSecret() string {
	var random [25]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return TokenPrefix + strings.ToLower(base32.StdEncoding.EncodeToString(random[:]))
}

// LooksLikeToken reports whether text could be a token's secret: what could not
// is refused without asking the database.
func LooksLikeToken(text string) bool {
	rest, found := strings.CutPrefix(text, TokenPrefix)
	return found && len(text) == TokenLength && onlyIn(rest, tokenLetters)
}
