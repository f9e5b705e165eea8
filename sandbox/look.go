package sandbox

import (
	"encoding/json"
	"time"
)

// LookMax is how long a kernel may work at a Page or a Complete: longer than
// any honest one takes (a page of a frame of 10,000 columns is made in 50 ms),
// and as long as a person waits for a list of names.
const LookMax = 2 * time.Second

// SheetMax is how long a kernel may take to write a whole table as CSV.
const SheetMax = 20 * time.Second

// Bounds of a whole table as CSV: of all of it, and of one piece.
const (
	SheetBytesMax = 50_000_000
	sheetPieceMax = 1 << 20
)

// Sheet is a piece of a whole table as CSV, as its own library writes it; or why
// there is none.
type Sheet struct {
	Size int    `json:"size"` // of all of it, in bytes
	From int    `json:"from"` // where this piece begins
	Data []byte `json:"data"`
	Why  string `json:"why,omitempty"` // one of the reasons below; "" when there is a piece
}

// Why there is no Sheet of a table that is held.
const (
	SheetChanged = "changed" // it is not what was shown any more
	SheetLarge   = "large"   // it is over SheetBytesMax, or over the memory
	SheetFailed  = "failed"  // its library cannot write it as CSV
)

// ParseSheet reads what a kernel says is the piece from a place on. It is hostile:
// what does not fit, or does not go on, is an error.
func ParseSheet(text string, from int) (*Sheet, error) {
	var s Sheet
	if json.Unmarshal([]byte(text), &s) != nil {
		return nil, ErrNoAnswer
	}
	switch {
	case s.Why == SheetChanged, s.Why == SheetLarge, s.Why == SheetFailed:
		return &Sheet{Why: s.Why}, nil
	case s.Why != "", s.From != from, s.Size < 0, s.Size > SheetBytesMax, len(s.Data) > sheetPieceMax, len(s.Data) > s.Size-from,
		len(s.Data) == 0 && s.Size > from:
		return nil, ErrNoAnswer
	}
	return &s, nil
}

// PageOf says which part of a table is asked for. Rows and Columns beyond
// PageRowsMax and PageColumnsMax are cut to these.
type PageOf struct {
	Table         string // Table.ID
	From, Rows    int
	Column, Width int // the first column, and how many
}

// Completion is what could stand at a cursor, in place of the characters
// from From up to To.
type Completion struct {
	From, To int
	Names    []string
}

// Bounds of a Completion.
const (
	namesMax = 200
	nameMax  = 200 // bytes
)

// Fit checks an answer that a kernel gave for code with so many characters, and
// keeps as many names as are shown.
func (c *Completion) Fit(characters int) error {
	if c.From < 0 || c.To < c.From || c.To > characters {
		return ErrNoAnswer
	}
	kept := make([]string, 0, min(len(c.Names), namesMax))
	for _, name := range c.Names {
		if len(kept) < namesMax && len(name) <= nameMax && name != "" {
			kept = append(kept, name)
		}
	}
	c.Names = kept
	return nil
}
