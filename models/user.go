package models

import "time"

// User is a Discord account. It exists from the first sign-in or bot call.
type User struct {
	ID        UserID `gorm:"primaryKey"`
	Name      string // display data, at most 64 runes
	AvatarURL string
	Theme     Theme
	Shortcuts bool // single keys do something in a notebook
	CreatedAt time.Time
	SeenAt    time.Time
}

// Theme is how somebody wants the pages to look.
type Theme string

// The themes. The zero value is that of the person's system.
const (
	SystemTheme Theme = ""
	LightTheme  Theme = "light"
	DarkTheme   Theme = "dark"
)

// DiscordProfile is what Discord says of somebody who signs in.
type DiscordProfile struct {
	ID        UserID
	Name      string
	AvatarURL string
}

// maxNameRunes bounds a display name (SEC-8), maxAgentRunes what a browser says
// it is.
const (
	maxNameRunes  = 64
	maxAgentRunes = 200
)

// Session is a browser login. The cookie holds a token, the row its SHA-256.
type Session struct {
	Hash      string `gorm:"primaryKey"`
	UserID    UserID
	Agent     string
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time

	IdleUntil time.Time `gorm:"->;-:migration"` // ends then unless it is used, where the query asks
	ReadAt    time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// SessionID names a session among its owner's. It is cut from the row's hash and
// opens nothing.
type SessionID string

// ID is its name.
func (s Session) ID() SessionID { return SessionID(s.Hash[:min(len(s.Hash), sessionIDLength)]) }

// sessionIDLength is how many of the hash's 64 digits name a session.
const sessionIDLength = 32

func (id SessionID) wellFormed() bool {
	return len(id) == sessionIDLength && onlyIn(string(id), "0123456789abcdef")
}

// EndsAt is when it ends if it is not used any more.
func (s Session) EndsAt() time.Time {
	if s.IdleUntil.IsZero() || s.ExpiresAt.Before(s.IdleUntil) {
		return s.ExpiresAt
	}
	return s.IdleUntil
}

// Usage is how much of their space and turns somebody uses.
type Usage struct {
	Bytes, BytesMax     int64
	Files, FilesMax     int
	Kernels, KernelsMax int
	Queued, QueuedMax   int
}

// Free returns the bytes that may still be kept.
func (u Usage) Free() int64 { return max(0, u.BytesMax-u.Bytes) }

// Limits are the rules of one installation that the Store enforces.
type Limits struct {
	UserBytes    int64
	UserFiles    int
	UserKernels  int // runs of one person that may be in River at once
	UserQueue    int // runs of one person that may wait
	FileLifetime time.Duration
	ExtendCap    time.Duration // a file's longest life with extensions; 0: none is given
	RunLifetime  time.Duration // how long a run's code and facts are kept
	SessionIdle  time.Duration
	Memory       int64         // of one run, for its sentence
	Wall         time.Duration // of a run that asks for none
	WallMax      time.Duration // that a run may ask for
}

// DefaultLimits are the product's (docs/operations.md).
func DefaultLimits() Limits {
	return Limits{
		UserBytes: 1_000_000_000, UserFiles: 5000, UserKernels: 2, UserQueue: 10,
		FileLifetime: 48 * time.Hour, ExtendCap: 168 * time.Hour, RunLifetime: 720 * time.Hour, SessionIdle: 168 * time.Hour,
		Memory: 512 << 20, Wall: time.Minute, WallMax: 5 * time.Minute,
	}
}
