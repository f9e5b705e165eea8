package models

import "time"

// ShareID names a share: 26 lower-case base32 characters. It is no secret; the
// token in its link is.
type ShareID string

func (id ShareID) wellFormed() bool { return isToken(string(id)) }

// Share is a link to one notebook or one run, for whoever has it, to read. It
// shows them as they are when somebody looks.
type Share struct {
	ID         ShareID `gorm:"primaryKey"`
	Hash       string  // of the token
	UserID     UserID  // who made it
	NotebookID *NotebookID
	RunID      *RunID
	CreatedAt  time.Time
	ExpiresAt  time.Time // never later than the first of the files that it shows
	EndedAt    *time.Time

	Title  string    `gorm:"->;-:migration"` // the notebook's name, or the line that names the run, where the query asks
	Binned bool      `gorm:"->;-:migration"` // its notebook is in the bin
	ReadAt time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// MaxShares bounds the shares of one person that last, those of notebooks in the
// bin too.
const MaxShares = 100

// sharesRemember is how long a share that ended is known, so that its link says
// why it does not work.
const sharesRemember = "30 days"

// Works reports whether the link could be followed when the row was read.
func (s Share) Works() bool { return s.EndedAt == nil && !s.Binned && s.ExpiresAt.After(s.ReadAt) }

// Left is how long it works yet, never below zero.
func (s Share) Left() time.Duration {
	if s.EndedAt != nil {
		return 0
	}
	return max(0, s.ExpiresAt.Sub(s.ReadAt))
}

// LooksLikeShare reports whether text could be the token of a share's link: what
// could not is refused without asking the database.
func LooksLikeShare(text string) bool { return isToken(text) }

var (
	errShareOver = Gone("Whoever shared this has ended it, or its time was over. A shared page lives no longer than its files.")
	errNoShare   = NotFound("shared page")
)
