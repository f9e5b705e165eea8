package models_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// notebook makes one with code cells of these texts.
func notebook(t *testing.T, s *models.Store, owner models.UserID, texts ...string) *models.Notebook {
	t.Helper()
	var cells []models.NewCell
	for _, text := range texts {
		cells = append(cells, models.NewCell{Kind: models.CodeCell, Text: text})
	}
	n, err := s.MakeNotebook(t.Context(), owner, models.NewNotebook{Name: "n", Cells: cells})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// look reads the notebook again.
func look(t *testing.T, s *models.Store, n *models.Notebook) *models.Notebook {
	t.Helper()
	now, err := s.Notebook(t.Context(), n.UserID, n.ID)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func texts(n *models.Notebook) string {
	var all []string
	for i, c := range n.Cells {
		if c.Place != i+1 {
			all = append(all, "(a gap)")
		}
		all = append(all, c.Text)
	}
	return strings.Join(all, " ")
}

func mustDo(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, what string, err error, code models.Code) {
	t.Helper()
	if models.CodeOf(err) != code {
		t.Errorf("%s: %q (%v), want %q", what, models.CodeOf(err), err, code)
	}
}

func TestCellsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b", "c")
	owner, a, b, c := n.UserID, n.Cells[0].ID, n.Cells[1].ID, n.Cells[2].ID
	var d *models.Cell
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{func() (err error) {
			d, err = s.InsertCell(t.Context(), owner, n.ID, 2, models.NewCell{Kind: models.MarkdownCell, Text: "d"})
			return err
		}, "a d b c"},
		{func() error { _, err := s.MoveCell(t.Context(), owner, a, 3); return err }, "d b a c"},
		{func() error { _, err := s.MoveCell(t.Context(), owner, c, 1); return err }, "c d b a"},
		{func() error { _, err := s.MoveCell(t.Context(), owner, c, 99); return err }, "d b a c"},
		{func() error { return s.DeleteCell(t.Context(), owner, b) }, "d a c"},
		{func() error { _, err := s.DuplicateCell(t.Context(), owner, a); return err }, "d a a c"},
		{func() error { _, err := s.RestoreCell(t.Context(), owner, b); return err }, "d b a a c"},
		{func() error { _, err := s.SetCellKind(t.Context(), owner, d.ID, models.CodeCell); return err }, "d b a a c"},
		{func() error {
			_, err := s.InsertCell(t.Context(), owner, n.ID, 0, models.NewCell{Kind: models.CodeCell, Text: "e"})
			return err
		}, "d b a a c e"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got := texts(look(t, s, n)); got != step.want {
			t.Fatalf("the cells are %q, not %q", got, step.want)
		}
	}
	if now := look(t, s, n); now.Cells[0].Kind != models.CodeCell || now.CellCount != 6 || !now.ChangedAt.After(n.ChangedAt) {
		t.Errorf("the notebook: %+v", now)
	}
}

func TestALaterEditIsToldAndNeitherTextIsLost(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "old")
	cell := n.Cells[0]
	var won, late int
	var mu sync.Mutex
	var tabs sync.WaitGroup
	for _, text := range []string{"one", "two", "three", "four"} {
		tabs.Go(func() {
			now, err := s.EditCell(t.Context(), n.UserID, cell.ID, cell.Version, text)
			mu.Lock()
			defer mu.Unlock()
			switch models.CodeOf(err) {
			case "":
				won++
			case models.Conflict:
				if late++; now == nil || now.Text == text || now.Text == "old" || now.Version != 2 {
					t.Errorf("%q came too late and was shown %+v", text, now)
				}
			default:
				t.Error(err)
			}
		})
	}
	tabs.Wait()
	if won != 1 || late != 3 {
		t.Fatalf("%d edits won, %d were told", won, late)
	}
	now := look(t, s, n).Cells[0]
	if again, err := s.EditCell(t.Context(), n.UserID, cell.ID, 1, now.Text); err != nil || again.Version != 2 {
		t.Errorf("the same text again: %+v %v", again, err)
	}
	if next, err := s.EditCell(t.Context(), n.UserID, cell.ID, 2, "next"); err != nil || next.Version != 3 || next.Text != "next" {
		t.Errorf("the next edit: %+v %v", next, err)
	}
}

func TestNotebooksAreBoundedWithWords(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	make := func(n models.NewNotebook) error { _, err := s.MakeNotebook(t.Context(), owner, n); return err }
	code := func(text string) models.NewCell { return models.NewCell{Kind: models.CodeCell, Text: text} }
	mega := strings.Repeat("#", models.MaxCellText)
	wantCode(t, "a long name", make(models.NewNotebook{Name: strings.Repeat("é", 201)}), models.InvalidInput)
	wantCode(t, "a cell of another kind", make(models.NewNotebook{Cells: []models.NewCell{{Kind: "raw"}}}), models.InvalidInput)
	wantCode(t, "NUL", make(models.NewNotebook{Cells: []models.NewCell{code("\x00")}}), models.InvalidInput)
	wantCode(t, "not UTF-8", make(models.NewNotebook{Cells: []models.NewCell{code("\xff")}}), models.InvalidInput)
	wantCode(t, "a large cell", make(models.NewNotebook{Cells: []models.NewCell{code(mega + "#")}}), models.InvalidInput)
	wantCode(t, "501 cells", make(models.NewNotebook{Cells: make501()}), models.InvalidInput)
	full, err := s.MakeNotebook(t.Context(), owner, models.NewNotebook{Name: " \u202e\x00 ", Cells: make501()[1:]})
	if err != nil || full.Name != "Untitled" {
		t.Fatalf("a full notebook: %v %v", full, err)
	}
	_, err = s.InsertCell(t.Context(), owner, full.ID, 1, code("one more"))
	wantCode(t, "one more cell", err, models.OverLimit)
	_, err = s.DuplicateCell(t.Context(), owner, full.Cells[0].ID)
	wantCode(t, "a copy", err, models.OverLimit)
	large := notebook(t, s, owner, mega, mega, mega, mega, mega, "")
	_, err = s.EditCell(t.Context(), owner, large.Cells[5].ID, 1, "#")
	wantCode(t, "more text than a notebook holds", err, models.OverLimit)
	if _, err := s.EditCell(t.Context(), owner, large.Cells[4].ID, 1, "less"); err != nil {
		t.Error(err)
	}
	exec(t, pool, "INSERT INTO notebooks (id, user_id, name) SELECT 'filler' || n, '42', 'n' FROM generate_series(1, 198) n")
	wantCode(t, "more notebooks than one may have", make(models.NewNotebook{}), models.OverLimit)
}

func make501() []models.NewCell {
	cells := make([]models.NewCell, models.MaxCells+1)
	for i := range cells {
		cells[i] = models.NewCell{Kind: models.CodeCell, Text: "1"}
	}
	return cells
}

func TestADeletedNotebookComesBackFor48Hours(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
	owner := n.UserID
	mustDo(t, s.DeleteCell(t.Context(), owner, n.Cells[1].ID), s.DeleteNotebook(t.Context(), owner, n.ID))
	_, err := s.Notebook(t.Context(), owner, n.ID)
	wantCode(t, "a notebook in the bin", err, models.NotFoundCode)
	_, err = s.RestoreCell(t.Context(), owner, n.Cells[1].ID)
	wantCode(t, "a cell of a notebook in the bin", err, models.NotFoundCode)
	bin, err := s.Bin(t.Context(), owner)
	if err != nil || len(bin) != 1 || bin[0].BinnedUntil().Sub(bin[0].ReadAt) < 47*time.Hour {
		t.Fatalf("the bin: %+v %v", bin, err)
	}
	mustDo(t, s.RestoreNotebook(t.Context(), owner, n.ID))
	if all, err := s.Notebooks(t.Context(), owner); err != nil || len(all) != 1 || all[0].CellCount != 1 {
		t.Errorf("after the restore: %+v %v", all, err)
	}
	mustDo(t, s.DeleteNotebook(t.Context(), owner, n.ID))
	exec(t, pool, "UPDATE notebooks SET deleted_at = deleted_at - interval '48 h'")
	wantCode(t, "after 48 hours", s.RestoreNotebook(t.Context(), owner, n.ID), models.NotFoundCode)
	if bin, _ := s.Bin(t.Context(), owner); len(bin) != 0 {
		t.Errorf("the bin still shows %+v", bin)
	}
	exec(t, pool, "UPDATE cells SET deleted_at = deleted_at - interval '48 h' WHERE deleted_at IS NOT NULL")
	gone, err := s.System().Forget(t.Context())
	if err != nil || gone.Notebooks != 1 || count(t, pool, "SELECT count(*) FROM cells") != 0 {
		t.Errorf("forgot %+v %v", gone, err)
	}
}

func TestAStrangersNotebookIsNotFound(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
	stranger, cell := testkit.Person(t, s, "43"), n.Cells[0].ID
	theirs := notebook(t, s, stranger, "theirs")
	mustDo(t, s.DeleteCell(t.Context(), n.UserID, n.Cells[1].ID))
	binned := notebook(t, s, n.UserID, "c")
	mustDo(t, s.DeleteNotebook(t.Context(), n.UserID, binned.ID))
	ctx := context.Background()
	last := func(_ any, err error) error { return err }
	for what, err := range map[string]error{
		"Notebook":          last(s.Notebook(ctx, stranger, n.ID)),
		"RenameNotebook":    s.RenameNotebook(ctx, stranger, n.ID, "x"),
		"DeleteNotebook":    s.DeleteNotebook(ctx, stranger, n.ID),
		"RestoreNotebook":   s.RestoreNotebook(ctx, stranger, binned.ID),
		"InsertCell":        last(s.InsertCell(ctx, stranger, n.ID, 1, models.NewCell{Kind: models.CodeCell})),
		"EditCell":          last(s.EditCell(ctx, stranger, cell, 1, "x")),
		"SetCellKind":       last(s.SetCellKind(ctx, stranger, cell, models.MarkdownCell)),
		"MoveCell":          last(s.MoveCell(ctx, stranger, cell, 1)),
		"DuplicateCell":     last(s.DuplicateCell(ctx, stranger, cell)),
		"DeleteCell":        s.DeleteCell(ctx, stranger, cell),
		"RestoreCell":       last(s.RestoreCell(ctx, stranger, n.Cells[1].ID)),
		"Kernel":            last(s.Kernel(ctx, stranger, n.ID)),
		"RestartKernel":     s.RestartKernel(ctx, stranger, n.ID),
		"InterruptNotebook": s.InterruptNotebook(ctx, stranger, n.ID),
		"QueueCells":        last(s.QueueCells(ctx, stranger, n.ID, models.CellRuns{Cell: cell, Span: models.OneCell, Source: models.FromWeb})),
		"QueueCells of a cell elsewhere": last(s.QueueCells(ctx, stranger, theirs.ID,
			models.CellRuns{Cell: cell, Span: models.OneCell, Source: models.FromWeb, Edit: &models.CellEdit{Version: 1, Text: "x"}})),
		"BeginFile":           last(s.System().BeginFile(ctx, stranger, models.NewFile{Notebook: &n.ID, Source: models.FromUpload, Name: "x"})),
		"a malformed id":      last(s.Notebook(ctx, stranger, "\xff\x00'")),
		"a malformed cell id": last(s.EditCell(ctx, stranger, "\xff\x00'", 1, "x")),
	} {
		wantCode(t, what, err, models.NotFoundCode)
	}
	if all, err := s.Notebooks(ctx, stranger); err != nil || len(all) != 1 || all[0].ID != theirs.ID {
		t.Errorf("a stranger's list: %+v %v", all, err)
	}
	if bin, err := s.Bin(ctx, stranger); err != nil || len(bin) != 0 {
		t.Errorf("a stranger's bin: %+v %v", bin, err)
	}
	if now := look(t, s, n); texts(now) != "a" || now.Name != "n" || count(t, pool, "SELECT count(*) FROM runs") != 0 {
		t.Errorf("a stranger changed something: %+v", now)
	}
}
