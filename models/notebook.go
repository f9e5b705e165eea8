package models

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Notebook is a list of cells that share one kernel. Its text stays until its
// owner deletes it.
type Notebook struct {
	ID        NotebookID `gorm:"primaryKey"`
	UserID    UserID
	Name      string
	Facts     string // JSON that came with an imported file and that Mayfly has no place for
	CreatedAt time.Time
	ChangedAt time.Time  // of its name or of any cell
	DeletedAt *time.Time // in the bin since
	FromRun   *RunID     // the run that it was opened from; nil when none, or when that is forgotten

	CellCount int       `gorm:"->;-:migration"` // where the query counts them
	Cells     []Cell    `gorm:"-:all"`          // in order, where the query asks
	Kernel    *Kernel   `gorm:"-:all"`          // the one it has, or had last; nil when there never was one
	ReadAt    time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// NewNotebook is what a surface asks for.
type NewNotebook struct {
	Name  string // "" becomes Untitled
	Facts string // of an imported file, as Notebook.Facts
	Cells []NewCell
}

// Bounds of notebooks. One person's text is never more than MaxNotebooks ×
// MaxNotebookText, which is as much as their files may be; what they deleted from
// their notebooks in BinTime is at most twice that.
const (
	MaxNotebooks    = 200       // of one person, those in the bin too
	MaxCells        = 500       // of one notebook
	MaxCellText     = 1_000_000 // bytes
	MaxNotebookText = 5_000_000 // bytes of all its cells together
	maxNotebookName = 200       // characters
	maxBinned       = 4 * MaxCells
	binnedGrowth    = 1000 // bytes of one edit from which on the bin is looked at
)

// BinTime is how long a deleted notebook or cell can be brought back.
const BinTime = 48 * time.Hour

// untitled is the name of a notebook that was given none.
const untitled = "Untitled"

// BinnedUntil is when a deleted notebook is forgotten for good.
func (n Notebook) BinnedUntil() time.Time {
	if n.DeletedAt == nil {
		return time.Time{}
	}
	return n.DeletedAt.Add(BinTime)
}

// notebookName is the name as it is kept.
func notebookName(name string) (string, error) {
	name = strings.TrimSpace(strings.Map(visible, strings.ToValidUTF8(name, "")))
	if blank(name) {
		return untitled, nil
	}
	if utf8.RuneCountInString(name) > maxNotebookName {
		return "", Invalid("A notebook's name has %d characters at most.", maxNotebookName)
	}
	return name, nil
}

func (n NewNotebook) check() error {
	if len(n.Cells) > MaxCells {
		return Invalid("A notebook has %d cells at most; this has %d. Split it.", MaxCells, len(n.Cells))
	}
	if len(n.Facts) > MaxFacts {
		return errImportsFull
	}
	sum, brought := 0, 0
	for i, c := range n.Cells {
		if err := c.check(); err != nil {
			return Invalid("Cell %d: %v", i+1, err)
		}
		if sum += len(c.Text); sum > MaxNotebookText {
			return errNotebookFull
		}
		if brought += c.Weight(); brought > MaxImports {
			return errImportsFull
		}
	}
	return nil
}

var (
	errNotebookFull = overLimit("A notebook holds 5 MB of text at most. Put data into files, or split the notebook.")
	errImportsFull  = overLimit("What the file holds beside its text is over 5 MB. Take the largest outputs or attachments out, and import it again.")
	errBinFull      = overLimit("This notebook's deleted cells take as much room as a notebook may. They go for good after 48 hours; until then duplicate the notebook, and go on in the copy.")
	errCellsFull    = overLimit("A notebook has %d cells at most. Delete some, or split it.", MaxCells)
)
