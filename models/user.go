package models

import "time"

// User is a Discord account. It exists from the first sign-in or bot call.
type User struct {
	ID        UserID `gorm:"primaryKey"`
	Name      string // display data, at most 64 runes
	AvatarURL string
	CreatedAt time.Time
	SeenAt    time.Time
}

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
