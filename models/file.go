package models

import (
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FileState is how far a file's life has come.
type FileState string

const (
	Pending FileState = "pending" // its bytes are being written; nobody sees it
	Ready   FileState = "ready"   // readable until it expires
	Dead    FileState = "dead"    // deleted or expired; bytes go at the next sweep
	Purged  FileState = "purged"  // a tombstone: the bytes are gone
	Missing FileState = "missing" // ready once, but its bytes are not there: our fault
)

// TombstoneLifetime is how long a file that is gone is remembered (SEC-18).
const TombstoneLifetime = 30 * 24 * time.Hour

// UndoTime is how long a deleted file's bytes are kept, so that the undo
// offered for 10 s always works (SEC-51).
const UndoTime = 60 * time.Second

// File has a lifetime, a version by name, and bytes in the vault while it
// lives.
type File struct {
	ID         FileID `gorm:"primaryKey"`
	UserID     UserID
	RunID      *RunID      // nil for uploads; of bytes that were made again, the newest
	NotebookID *NotebookID // that it was made in or uploaded to; nil when none
	Source     Source
	Name       string // with "/" when it was made in a folder
	Version    int
	Size       int64
	SHA256     string `gorm:"column:sha256"`
	MediaType  string
	Category   string
	State      FileState
	BlobKey    string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	DeletedAt  *time.Time
	ClaimedAt  *time.Time // by a sweep: nobody else tries for a while

	CellPlace int  `gorm:"->;-:migration"` // of the cell that made it, where the query asks; 0: of none that is there
	Given     bool `gorm:"->;-:migration"` // the run that is asked about was given it, and did not only load it

	MadeBy string    `gorm:"->;-:migration"` // the line of code that names the run that made it, where the query asks
	ReadAt time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// Left is the time until it expires by the database clock, never below zero.
func (f File) Left() time.Duration { return max(0, f.ExpiresAt.Sub(f.ReadAt)) }

// Live reports whether it could be read when the row was read.
func (f File) Live() bool { return f.State == Ready && f.ExpiresAt.After(f.ReadAt) }

// Deleted reports whether its owner deleted it: it did not run out.
func (f File) Deleted() bool { return f.DeletedAt != nil }

// GoneAt is when it became unreadable, or will.
func (f File) GoneAt() time.Time {
	if f.DeletedAt != nil {
		return *f.DeletedAt
	}
	return f.ExpiresAt
}

// KnownUntil is when its tombstone is forgotten too.
func (f File) KnownUntil() time.Time { return f.ExpiresAt.Add(TombstoneLifetime) }

// Type looks its name up in the table of extensions.
func (f File) Type() FileType { return TypeOf(f.Name) }

// NewFile is what the vault asks a row for.
type NewFile struct {
	Run      *RunID
	Notebook *NotebookID // nil when none
	Source   Source
	Name     string
	SizeHint int64  // 0 when unknown; the size that counts is KeepFile's
	By       *Token // that asks; nil: the owner themselves, or a run of theirs
}

// FileQuery narrows and orders somebody's live files.
type FileQuery struct {
	Search   string // part of the name, any case
	Category string
	Source   Source
	Within   time.Duration // goes within that time; 0: any
	Sort     string        // left, name, size, made; else the newest first; "-" before it turns it around
	Offset   int
	Limit    int // at most MaxPage; 0 means MaxPage
}

// MaxPage bounds one page of any list.
const MaxPage = 200

// FilePage is one page of a list, with what the whole list would hold.
type FilePage struct {
	Files []File
	Total int
	Bytes int64
	Usage Usage // of their owner, whatever the page is narrowed to
}

// maxNamePart bounds each part of a name, as file systems do (SEC-46).
const (
	maxNamePart  = 255
	maxNameParts = 16
)

// CleanName makes a name that guest code or a browser chose safe to show,
// store and put into headers: valid UTF-8 in NFC, no control or bidirectional
// characters, no empty or dot parts, bounded. It never returns "".
func CleanName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "_"))
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		part = strings.TrimSpace(strings.Map(visible, part))
		if blank(part) || part == "." || part == ".." {
			continue
		}
		parts = append(parts, shorten(part))
	}
	if len(parts) > maxNameParts {
		parts = parts[len(parts)-maxNameParts:]
	}
	if len(parts) == 0 {
		return "unnamed"
	}
	return strings.Join(parts, "/")
}

// visible drops what cannot be seen and would turn a name around, hide a part of
// it or make two names look alike. Joiners stay: words and emoji are made of them.
func visible(r rune) rune {
	if !joiner(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
		return -1
	}
	return r
}

func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// blank reports whether nothing of a text can be seen. Some letters are blank.
func blank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !joiner(r) && !unicode.IsSpace(r) && !strings.ContainsRune("\u115f\u1160\u2800\u3164\uffa0", r)
	})
}

// shorten keeps the extension of an over-long part.
func shorten(part string) string {
	if len(part) <= maxNamePart {
		return part
	}
	ext := path.Ext(part)
	if len(ext) > 16 {
		ext = ""
	}
	head := part[:maxNamePart-len(ext)]
	for !utf8.ValidString(head) {
		head = head[:len(head)-1]
	}
	return head + ext
}

// apart adds a number before the extension: "a.csv", 2 → "a (2).csv".
func apart(name string, n int) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + " (" + strconv.Itoa(n) + ")" + ext
}

// NamesApart cleans names of one run so that two that were different stay so.
type NamesApart struct{ taken map[string]bool }

// Clean is CleanName with a number added when the result was given before.
func (n *NamesApart) Clean(name string) string {
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	clean := CleanName(name)
	for i, base := 2, clean; n.taken[clean]; i++ {
		clean = apart(base, i)
	}
	n.taken[clean] = true
	return clean
}
