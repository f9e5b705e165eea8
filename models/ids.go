package models

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

// UserID is a Discord account: a decimal number of 1 to 20 digits, not zero.
type UserID string

// RunID names a run: 26 lower-case base32 characters, 130 random bits.
type RunID string

// FileID names a file: "{discord id}_{unix seconds}_{26 base32 characters}".
// The id alone never grants access.
type FileID string

// NotebookID, CellID and KernelID are names like a run's.
type (
	NotebookID string
	CellID     string
	KernelID   string
)

const maxUserDigits = 20

// ParseUserID checks that text is a Discord id.
func ParseUserID(text string) (UserID, error) {
	if len(text) < 1 || len(text) > maxUserDigits || strings.Trim(text, "0123456789") != "" || text[0] == '0' {
		return "", Invalid("A Discord id is a number of 1 to 20 digits.")
	}
	return UserID(text), nil
}

// wellFormed reports whether the id could be one of ours; what could not is
// not found, whatever bytes it holds.
func (id RunID) wellFormed() bool { return isToken(string(id)) }

func (id NotebookID) wellFormed() bool { return isToken(string(id)) }

func (id CellID) wellFormed() bool { return isToken(string(id)) }

// wellFormed reports whether the id could be one of ours.
func (id FileID) wellFormed() bool {
	owner, rest, _ := strings.Cut(string(id), "_")
	seconds, secret, _ := strings.Cut(rest, "_")
	_, err := ParseUserID(owner)
	return err == nil && len(seconds) > 0 && len(seconds) <= maxUserDigits && onlyIn(seconds, "0123456789") &&
		len(secret) == tokenLength && onlyIn(secret, tokenLetters)
}

// wellFormed returns the ids that could be ours.
func wellFormed(ids []FileID) []FileID {
	return slices.DeleteFunc(slices.Clone(ids), func(id FileID) bool { return !id.wellFormed() })
}

func isToken(text string) bool { return len(text) == tokenLength && onlyIn(text, tokenLetters) }

func onlyIn(text, letters string) bool { return strings.Trim(text, letters) == "" }

// NewRunID returns a fresh random id.
func NewRunID() RunID { return RunID(token()) }

// Short is how a run is called among people; it is no key.
func (id RunID) Short() string { return string(id)[:min(6, len(id))] }

// NewFileID returns a fresh id for a file that owner makes at the time at.
func NewFileID(owner UserID, at time.Time) FileID {
	return FileID(fmt.Sprintf("%s_%d_%s", owner, at.Unix(), token()))
}

// Tail is the part of the id that is the file's alone. It says nothing of whose
// the file is.
func (id FileID) Tail() string { return string(id)[strings.LastIndexByte(string(id), '_')+1:] }

// blobKey is where the file's bytes lie: by the id alone, never by its name.
func (id FileID) blobKey(owner UserID) string {
	secret := id.Tail()
	return fmt.Sprintf("%s/%s/%s", owner, secret[:2], secret)
}

// tokenLetters is base32 in lower case, of which a token has tokenLength.
const (
	tokenLetters = "abcdefghijklmnopqrstuvwxyz234567"
	tokenLength  = 26
)

// token has 130 random bits in 26 characters that every file system, URL and
// eye keeps apart.
func token() string { return strings.ToLower(rand.Text()) }
