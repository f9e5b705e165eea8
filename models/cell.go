package models

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"
)

// CellKind says what a cell holds.
type CellKind string

// The kinds.
const (
	CodeCell     CellKind = "code"
	MarkdownCell CellKind = "markdown"
)

// Validity says whether what a cell shows fits what it holds.
type Validity string

// The validities. A cell that holds no code has none.
const (
	Fresh        Validity = "fresh"         // not run yet
	Current      Validity = "current"       // its output fits its text
	Stale        Validity = "stale"         // its text, or an earlier cell, is not what was run; or the variables that it made are gone
	InputExpired Validity = "input_expired" // a file that it read is gone
)

// Cell is one piece of a notebook.
type Cell struct {
	ID         CellID `gorm:"primaryKey"`
	NotebookID NotebookID
	Place      int // from 1
	Kind       CellKind
	Text       string
	Digest     string // of the text; "" when running it would do nothing
	Version    int    // counts the changes of the text: who edits says which one they saw
	CreatedAt  time.Time
	ChangedAt  time.Time
	DeletedAt  *time.Time

	Last     *Run          `gorm:"-:all"` // its newest run that was not cancelled, without the code
	Previous time.Duration `gorm:"-:all"` // how long the run before that took; 0 when there was none
	Validity Validity      `gorm:"-:all"`
	Brought  bool          `gorm:"-:all"` // it shows what a file said that it was imported from, where the query asks
}

// NewCell is what a cell begins with.
type NewCell struct {
	Kind    CellKind
	Text    string
	Facts   string   // of an imported cell, as Import.Facts
	Outputs []Output // of an imported cell: their streams, texts and bundles count
}

func (c NewCell) check() error {
	if c.Kind != CodeCell && c.Kind != MarkdownCell {
		return Invalid("A cell is code or markdown.")
	}
	return checkCellText(c.Text)
}

func checkCellText(text string) error {
	switch {
	case len(text) > MaxCellText:
		return Invalid("A cell holds 1 MB at most. Put data into a file and load it with load_file.")
	case strings.ContainsRune(text, 0):
		return Invalid("The cell holds a NUL character, which Python cannot read. Remove it.")
	case !utf8.ValidString(text):
		return Invalid("The cell is not valid UTF-8 text.")
	}
	return nil
}

// digestOf names the text of a cell that does something when it is run.
func digestOf(kind CellKind, text string) string {
	if kind != CodeCell || strings.TrimSpace(text) == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// chainOf names the code from the notebook's beginning to a cell, as digests in
// their order. Two cells of the same chain would be given the same state by a run
// from the top.
func chainOf(digests []string) string {
	sum := sha256.Sum256([]byte(strings.Join(digests, "")))
	return hex.EncodeToString(sum[:])
}

// judge finds the validity of each cell, in order. k is the kernel of their
// notebook, or nil; gone names the runs that read a file which is not there any
// more.
func judge(cells []Cell, k *Kernel, gone map[RunID]bool) {
	above := sha256.New() // one for all: 500 cells have 500 chains
	for i := range cells {
		c := &cells[i]
		if c.Kind != CodeCell {
			continue
		}
		if c.Digest != "" {
			above.Write([]byte(c.Digest))
		}
		switch {
		case c.Last == nil:
			c.Validity = Fresh
		case c.Last.Digest != c.Digest || c.Last.Chain != hex.EncodeToString(above.Sum(nil)) || k.LeftBehind(c.Last):
			c.Validity = Stale
		case gone[c.Last.ID]:
			c.Validity = InputExpired
		default:
			c.Validity = Current
		}
	}
}
