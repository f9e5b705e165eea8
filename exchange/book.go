package exchange

import (
	"slices"

	"mayfly/models"
)

// Book is a notebook that is to be written, with what is needed for that.
type Book struct {
	Notebook *models.Notebook // with its cells
	Imports  map[models.CellID]*models.Import
	Python   string // its version, for programs that ask; "" when unknown

	// Outputs returns what the last run of a cell said. It is asked for one
	// cell after the other, so that not all of them are held at once.
	Outputs func(models.Run) ([]models.Output, error)
}

// FileName is what the notebook is called as a file, without an extension.
func (b Book) FileName() string { return FileName(b.Notebook.Name) }

// FileName makes a notebook's name one that file systems take.
func FileName(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if slices.Contains([]rune(`/\:*?"<>|`), r) {
			runes[i] = '-'
		}
	}
	return models.CleanName(string(runes[:min(len(runes), 80)]))
}

// cellIDs gives each cell the id that it had in its file, or else its own here.
// None is given twice: copies of a cell have the same facts.
func (b Book) cellIDs() map[models.CellID]string {
	ids, taken := make(map[models.CellID]string, len(b.Notebook.Cells)), map[string]bool{}
	for _, c := range b.Notebook.Cells {
		id := factsOf(b.Imports[c.ID]).ID
		if id == "" || taken[id] {
			id = string(c.ID)
		}
		ids[c.ID], taken[id] = id, true
	}
	return ids
}
