package models_test

import (
	"reflect"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// imported makes a notebook with one cell that brought outputs along.
func imported(t *testing.T, s *models.Store, owner models.UserID) *models.Notebook {
	t.Helper()
	n, err := s.MakeNotebook(t.Context(), owner, models.NewNotebook{Name: "n", Facts: `{"metadata":{"title":"\u0000"}}`, Cells: []models.NewCell{
		{Kind: models.CodeCell, Text: "1", Facts: `{"id":"a"}`, Outputs: []models.Output{
			{Stream: "stdout", Text: "said\x00\n"}, {Stream: "display", Bundle: map[string]string{"text/html": "<script>1</script>"}},
		}},
		{Kind: models.MarkdownCell, Text: "plain"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWhatAFileBroughtIsThereUntilTheCellRuns: also after a run that was
// cancelled, and not after one that began.
func TestWhatAFileBroughtIsThereUntilTheCellRuns(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := imported(t, s, testkit.Person(t, s, "42"))
	owner, cell := n.UserID, n.Cells[0].ID
	said := func() []models.Output {
		all, err := s.Imports(t.Context(), owner, n.ID)
		if err != nil || len(all) != 1 || all[cell].Facts != `{"id":"a"}` {
			t.Fatalf("%+v %v", all, err)
		}
		outputs, err := all[cell].Said()
		if err != nil {
			t.Fatal(err)
		}
		return outputs
	}
	want := []models.Output{{Seq: 1, Stream: "stdout", Text: "said\u2400\n"}, {Seq: 2, Stream: "display", Bundle: map[string]string{"text/html": "<script>1</script>"}}}
	if got := said(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, not %+v", got, want)
	}
	if o, err := s.ImportedOutput(t.Context(), owner, cell, 2); err != nil || o.Bundle["text/html"] == "" {
		t.Errorf("%+v %v", o, err)
	}
	queue := func() models.RunID {
		runs, err := s.QueueCells(t.Context(), owner, n.ID, models.CellRuns{Cell: cell, Span: models.OneCell, Source: models.FromWeb})
		if err != nil {
			t.Fatal(err)
		}
		return runs[0].ID
	}
	mustDo(t, s.Interrupt(t.Context(), owner, queue()))
	if len(said()) != 2 {
		t.Error("a cancelled run took it away")
	}
	run, err := s.System().BeginRun(t.Context(), queue(), "node")
	mustDo(t, err, s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.OK, Kernel: &models.KernelUse{}}))
	if len(said()) != 0 {
		t.Error("a run left it there")
	}
	_, err = s.ImportedOutput(t.Context(), owner, cell, 2)
	wantCode(t, "its output after the run", err, models.NotFoundCode)
	mustDo(t, s.DeleteNotebook(t.Context(), owner, n.ID))
	exec(t, pool, "DELETE FROM notebooks")
	if left := count(t, pool, "SELECT count(*) FROM imports"); left != 0 {
		t.Errorf("%d rows outlive their notebook", left)
	}
}

func TestACopyOfACellHasItsFactsAndNotItsOutputs(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	n := imported(t, s, testkit.Person(t, s, "42"))
	twin, err := s.DuplicateCell(t.Context(), n.UserID, n.Cells[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Imports(t.Context(), n.UserID, n.ID)
	if err != nil || len(all) != 2 || all[twin.ID].Facts != `{"id":"a"}` || all[twin.ID].Outputs != "" {
		t.Errorf("%+v %v", all, err)
	}
}

func TestWhatAFileBringsIsBounded(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	make := func(n models.NewNotebook) error { _, err := s.MakeNotebook(t.Context(), owner, n); return err }
	big := strings.Repeat("\x1b", models.MaxImports-1)
	cell := func(text string) models.NewCell {
		return models.NewCell{Kind: models.CodeCell, Outputs: []models.Output{{Stream: "stdout", Text: text}}}
	}
	mustDo(t, make(models.NewNotebook{Cells: []models.NewCell{cell(big), cell("x")}}))
	wantCode(t, "too many outputs", make(models.NewNotebook{Cells: []models.NewCell{cell(big), cell("xx")}}), models.OverLimit)
	wantCode(t, "too many facts", make(models.NewNotebook{Facts: strings.Repeat("x", models.MaxFacts+1)}), models.OverLimit)
}
