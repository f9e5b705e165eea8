package node

import (
	"context"
	"testing"

	"mayfly/events"
	"mayfly/models"
)

// Notebook makes one with code cells of these texts.
func (n *Node) Notebook(t testing.TB, owner models.UserID, texts ...string) *models.Notebook {
	t.Helper()
	var cells []models.NewCell
	for _, text := range texts {
		cells = append(cells, models.NewCell{Kind: models.CodeCell, Text: text})
	}
	book, err := n.Store.MakeNotebook(context.Background(), owner, models.NewNotebook{Name: "test", Cells: cells})
	must(t, err)
	return book
}

// Look reads a notebook again.
func (n *Node) Look(t testing.TB, book *models.Notebook) *models.Notebook {
	t.Helper()
	now, err := n.Store.Notebook(context.Background(), book.UserID, book.ID)
	must(t, err)
	return now
}

// QueueAll asks for runs of all cells.
func (n *Node) QueueAll(t testing.TB, book *models.Notebook) []models.Run {
	t.Helper()
	runs, err := n.Runner.SubmitCells(context.Background(), book.UserID, book.ID, models.CellRuns{Span: models.AllCells, Source: models.FromWeb})
	must(t, err)
	return runs
}

// QueueCell types a text into the notebook's first cell and asks for its run.
func (n *Node) QueueCell(t testing.TB, book *models.Notebook, text string) *models.Run {
	t.Helper()
	cell := n.Look(t, book).Cells[0]
	runs, err := n.Runner.SubmitCells(context.Background(), book.UserID, book.ID, models.CellRuns{
		Cell: cell.ID, Span: models.OneCell, Source: models.FromWeb, Edit: &models.CellEdit{Version: cell.Version, Text: text},
	})
	must(t, err)
	return &runs[0]
}

// DoCell is QueueCell, and waits for the run's end.
func (n *Node) DoCell(t testing.TB, book *models.Notebook, text string) *models.Run {
	t.Helper()
	return n.Await(t, n.QueueCell(t, book, text))
}

// UntilNotebook waits for something about a notebook: it looks again at every
// hint.
func (n *Node) UntilNotebook(t testing.TB, book *models.Notebook, what string, look func(*models.Notebook) bool) {
	t.Helper()
	n.until(t, what, func() bool { return look(n.Look(t, book)) }, events.OfNotebook(book.ID))
}
