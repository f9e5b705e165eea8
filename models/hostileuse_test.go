package models_test

import (
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// TestAFormKeyIsOfOneForm: one that was used elsewhere is refused, and runs nothing.
func TestAFormKeyIsOfOneForm(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n, other := notebook(t, s, owner, "a", "b"), notebook(t, s, owner, "c")
	ask := models.CellRuns{Span: models.AllCells, Source: models.FromWeb, FormKey: "k"}
	_, err := s.QueueCells(t.Context(), owner, n.ID, ask)
	mustDo(t, err)
	_, err = s.QueueCells(t.Context(), owner, other.ID, ask)
	wantCode(t, "the key of another notebook's form", err, models.InvalidInput)
	_, err = s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb, FormKey: "quick/1"})
	mustDo(t, err)
	ask.FormKey = "quick"
	_, err = s.QueueCells(t.Context(), owner, n.ID, ask)
	wantCode(t, "the key of a run without a notebook", err, models.InvalidInput)
	if runs := count(t, pool, "SELECT count(*) FROM runs"); runs != 3 {
		t.Errorf("%d runs", runs)
	}
}

// TestTheBinOfANotebookIsBoundedSEC50: whoever makes and deletes cells for ever
// does not fill the disk, and what can be brought back stays.
func TestTheBinOfANotebookIsBoundedSEC50(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "kept")
	big := models.NewCell{Kind: models.MarkdownCell, Text: strings.Repeat("x", models.MaxCellText)}
	var last *models.Cell
	var err error
	for range models.MaxNotebookText / models.MaxCellText {
		last, err = s.InsertCell(t.Context(), owner, n.ID, 0, big)
		mustDo(t, err)
		mustDo(t, s.DeleteCell(t.Context(), owner, last.ID))
	}
	_, err = s.InsertCell(t.Context(), owner, n.ID, 0, big)
	wantCode(t, "a new cell beside a full bin", err, models.OverLimit)
	_, err = s.EditCell(t.Context(), owner, n.Cells[0].ID, 1, big.Text)
	wantCode(t, "more text beside a full bin", err, models.OverLimit)
	_, err = s.DuplicateCell(t.Context(), owner, n.Cells[0].ID)
	wantCode(t, "a copy beside a full bin", err, models.OverLimit)
	_, err = s.EditCell(t.Context(), owner, n.Cells[0].ID, 1, "a few words more")
	mustDo(t, err)
	_, err = s.RestoreCell(t.Context(), owner, last.ID)
	mustDo(t, err)
	_, err = s.InsertCell(t.Context(), owner, n.ID, 0, big)
	mustDo(t, err)
	if there := count(t, pool, "SELECT count(*) FROM cells"); there != 7 {
		t.Errorf("%d cells are there", there)
	}
}
