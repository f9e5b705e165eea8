package sandbox

import "time"

// LookMax is how long a kernel may work at a Page or a Complete: longer than
// any honest one takes (a page of a frame of 10,000 columns is made in 50 ms),
// and as long as a person waits for a list of names.
const LookMax = 2 * time.Second

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
