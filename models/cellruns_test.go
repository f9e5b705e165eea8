package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func queueCells(t *testing.T, s *models.Store, n *models.Notebook, span models.Span, cell models.CellID) []models.Run {
	t.Helper()
	runs, err := s.QueueCells(t.Context(), n.UserID, n.ID, models.CellRuns{Cell: cell, Span: span, Source: models.FromWeb})
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// finish begins and ends a run on a node, in the kernel that it has there.
func finish(t *testing.T, s *models.Store, id models.RunID, node string, v models.Verdict) *models.Run {
	t.Helper()
	run, err := s.System().BeginRun(t.Context(), id, node)
	if err != nil {
		t.Fatal(err)
	}
	if v.Kernel == nil {
		kernel := run.KernelID
		if kernel == nil {
			opened, _, err := s.System().OpenKernel(t.Context(), run, node)
			if err != nil {
				t.Fatal(err)
			}
			kernel = &opened.ID
		}
		v.Kernel = &models.KernelUse{ID: *kernel, Names: "x", Idle: time.Minute}
	}
	if err := s.System().FinishRun(t.Context(), run, v); err != nil {
		t.Fatal(err)
	}
	return run
}

func ok() models.Verdict { return models.Verdict{Ending: models.OK, Wall: time.Second} }

func TestOneRunOfANotebookIsInRiverAndTheirOrderHolds(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	var cells []string
	for i := range 100 {
		cells = append(cells, fmt.Sprint(i))
	}
	n := notebook(t, s, owner, cells...)
	runs := queueCells(t, s, n, models.AllCells, "")
	other := queue(t, s, owner, "'a one-shot'")
	if len(runs) != 100 {
		t.Fatalf("%d runs of 100 cells", len(runs))
	}
	const active = "SELECT count(*) FROM runs WHERE job_id IS NOT NULL AND state <> 'done'"
	if got := count(t, pool, active); got != 2 {
		t.Fatalf("%d runs are in River: one of the notebook and the one-shot were due", got)
	}
	if place, err := s.Position(t.Context(), owner, other.ID); err != nil || place != 2 {
		t.Errorf("the one-shot stands at %d (%v)", place, err)
	}
	for i, want := range runs {
		next := jobsOf(t, pool, n)
		if len(next) != 1 || next[0] != want.ID {
			t.Fatalf("run %d: River has %v, not %s", i, next, want.ID)
		}
		finish(t, s, want.ID, "n1", ok())
	}
	if got := count(t, pool, "SELECT count(*) FROM test_jobs WHERE node = 'n1'"); got != 99 {
		t.Errorf("%d runs waited for the node that holds the kernel, not 99", got)
	}
}

func jobsOf(t *testing.T, pool *pgxpool.Pool, n *models.Notebook) (ids []models.RunID) {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT id FROM runs WHERE notebook_id = $1 AND state <> 'done' AND job_id IS NOT NULL", n.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id models.RunID
		mustDo(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	return ids
}

func TestWhatWaitsBehindARunThatDidNotEndOkIsCancelled(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n, beside := notebook(t, s, owner, "a", "b", "c"), notebook(t, s, owner, "d", "e")
	runs, others := queueCells(t, s, n, models.AllCells, ""), queueCells(t, s, beside, models.AllCells, "")
	finish(t, s, runs[0].ID, "n1", ok())
	finish(t, s, runs[1].ID, "n1", models.Verdict{Ending: models.Raised})
	last, err := s.Run(t.Context(), owner, runs[2].ID)
	if err != nil || last.Ending != models.Cancelled {
		t.Errorf("the last run: %+v %v", last, err)
	}
	if got := jobsOf(t, pool, beside); len(got) != 1 || got[0] != others[0].ID {
		t.Errorf("the other notebook has %v in River", got)
	}
	if cell := look(t, s, n).Cells[2]; cell.Last != nil || cell.Validity != models.Fresh {
		t.Errorf("a cancelled run counts: %+v", cell)
	}
}

func TestSpansLeaveOutWhatIsNoCode(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "a", " \n", "b", "c", "d")
	_, err := s.SetCellKind(t.Context(), owner, n.Cells[3].ID, models.MarkdownCell)
	mustDo(t, err)
	for span, want := range map[models.Span]string{
		models.OneCell: "b", models.AllCells: "abd", models.CellsAbove: "a", models.CellsBelow: "bd",
	} {
		got := ""
		for _, r := range queueCells(t, s, n, span, n.Cells[2].ID) {
			got += r.Code
		}
		if got != want {
			t.Errorf("%s runs %q, not %q", span, got, want)
		}
	}
	for what, ask := range map[string]models.CellRuns{
		"no such span":   {Cell: n.Cells[0].ID, Span: "some", Source: models.FromWeb},
		"a bad form key": {Cell: n.Cells[0].ID, Span: models.OneCell, Source: models.FromWeb, FormKey: "\x00"},
	} {
		_, err := s.QueueCells(t.Context(), owner, n.ID, ask)
		wantCode(t, what, err, models.InvalidInput)
	}
	edit := &models.CellEdit{Version: n.Cells[1].Version, Text: " "}
	for what, ask := range map[string]models.CellRuns{
		"nothing above": {Cell: n.Cells[0].ID, Span: models.CellsAbove, Source: models.FromWeb},
		"an empty cell": {Cell: n.Cells[1].ID, Span: models.OneCell, Source: models.FromWeb, Edit: edit},
	} {
		if runs, err := s.QueueCells(t.Context(), owner, n.ID, ask); err != nil || len(runs) > 0 {
			t.Errorf("%s: %d runs, %v", what, len(runs), err)
		}
	}
	if c, err := s.Cell(t.Context(), owner, n.Cells[1].ID); err != nil || c.Text != edit.Text {
		t.Errorf("what was typed into the empty cell: %+v, %v", c, err)
	}
}

func TestANotebooksLineIsOnePlaceInItsOwnersQueue(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserQueue = 2
	s, _ := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "a", "b", "c", "d")
	queueCells(t, s, n, models.AllCells, "")
	queue(t, s, owner, "1")
	queueCells(t, s, n, models.AllCells, "") // its line grows
	_, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "2", Source: models.FromWeb})
	wantCode(t, "a second one-shot", err, models.OverLimit)
	other := notebook(t, s, owner, "e")
	_, err = s.QueueCells(t.Context(), owner, other.ID, models.CellRuns{Span: models.AllCells, Source: models.FromWeb})
	wantCode(t, "a second notebook", err, models.OverLimit)
	for line := 8; line+4 <= models.MaxCells; line += 4 {
		queueCells(t, s, n, models.AllCells, "")
	}
	_, err = s.QueueCells(t.Context(), owner, n.ID, models.CellRuns{Span: models.AllCells, Source: models.FromWeb})
	wantCode(t, "a line longer than a notebook", err, models.OverLimit)
}

func TestADoublePressRunsTheCellsOnce(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a", "b")
	ask := models.CellRuns{Span: models.AllCells, Source: models.FromWeb, FormKey: "k"}
	first, err := s.QueueCells(t.Context(), n.UserID, n.ID, ask)
	again, errAgain := s.QueueCells(t.Context(), n.UserID, n.ID, ask)
	mustDo(t, err, errAgain)
	same := slices.EqualFunc(first, again, func(a, b models.Run) bool { return a.ID == b.ID })
	if !same || count(t, pool, "SELECT count(*) FROM runs") != 2 {
		t.Errorf("the second press gave %v, not %v", again, first)
	}
}

func TestWhatWasTypedIsSavedAndRunInOneMoment(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "old")
	ask := models.CellRuns{Cell: n.Cells[0].ID, Span: models.OneCell, Source: models.FromWeb, Edit: &models.CellEdit{Version: 1, Text: "new"}}
	runs, err := s.QueueCells(t.Context(), n.UserID, n.ID, ask)
	if err != nil || runs[0].Code != "new" || texts(look(t, s, n)) != "new" {
		t.Fatalf("ran %+v (%v) of %q", runs, err, texts(look(t, s, n)))
	}
	ask.Edit = &models.CellEdit{Version: 1, Text: "late"}
	_, err = s.QueueCells(t.Context(), n.UserID, n.ID, ask)
	wantCode(t, "an edit that is too late", err, models.Conflict)
	if texts(look(t, s, n)) != "new" || count(t, pool, "SELECT count(*) FROM runs") != 1 {
		t.Error("it was run, or saved")
	}
}

func TestValidity(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	n := notebook(t, s, owner, "a", "b", "c")
	a, b, c := n.Cells[0].ID, n.Cells[1].ID, n.Cells[2].ID
	version := 1
	edit := func(text string) {
		t.Helper()
		cell, err := s.EditCell(t.Context(), owner, a, version, text)
		mustDo(t, err)
		version = cell.Version
	}
	run := func(cell models.CellID) {
		t.Helper()
		finish(t, s, queueCells(t, s, n, models.OneCell, cell)[0].ID, "n1", ok())
	}
	want := func(what string, validities ...models.Validity) {
		t.Helper()
		var got []models.Validity
		for _, cell := range look(t, s, n).Cells {
			if cell.Kind == models.CodeCell {
				got = append(got, cell.Validity)
			}
		}
		if !slices.Equal(got, validities) {
			t.Fatalf("%s: %v, not %v", what, got, validities)
		}
	}
	want("at first", "fresh", "fresh", "fresh")
	run(c)
	want("out of order", "fresh", "fresh", "current")
	run(a)
	run(b)
	want("all run", "current", "current", "current")
	edit("a2")
	want("the first was edited", "stale", "stale", "stale")
	edit("a")
	want("and back again", "current", "current", "current")
	edit("a2")
	run(b)
	want("the second was run on the old first", "stale", "stale", "stale")
	for _, cell := range []models.CellID{a, b, c} {
		run(cell)
	}
	want("all run again", "current", "current", "current")
	_, err := s.MoveCell(t.Context(), owner, a, 3)
	mustDo(t, err)
	want("the first was moved to the end", "stale", "stale", "stale")
	_, err = s.MoveCell(t.Context(), owner, a, 1)
	mustDo(t, err, s.DeleteCell(t.Context(), owner, b))
	want("the second was deleted", "current", "stale")
	_, err = s.RestoreCell(t.Context(), owner, b)
	mustDo(t, err)
	_, err = s.InsertCell(t.Context(), owner, n.ID, 1, models.NewCell{Kind: models.MarkdownCell, Text: "# Title"})
	mustDo(t, err)
	want("and came back, and a title came", "current", "current", "current")
	file := keep(t, s, owner, "in.csv", 1)
	mustDo(t, s.LoadFile(t.Context(), owner, look(t, s, n).Cells[2].Last.ID, *file))
	want("the second read a file", "current", "current", "current")
	testkit.Age(t, pool, "files", string(file.ID), 48*time.Hour)
	want("whose time is over", "current", "input_expired", "current")
}

func TestACellKnowsItsLastRunAndHowLongTheOneBeforeTook(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	n := notebook(t, s, testkit.Person(t, s, "42"), "a")
	again := func(wall time.Duration) models.RunID {
		id := queueCells(t, s, n, models.AllCells, "")[0].ID
		finish(t, s, id, "n1", models.Verdict{Ending: models.OK, Wall: wall})
		return id
	}
	again(time.Second)
	if cell := look(t, s, n).Cells[0]; cell.Previous != 0 || cell.Last.Wall != time.Second || cell.Last.Code != "" {
		t.Errorf("after one run: %+v", cell)
	}
	second := again(2 * time.Second)
	if cell := look(t, s, n).Cells[0]; cell.Previous != time.Second || cell.Last.ID != second {
		t.Errorf("after two: %+v", cell)
	}
	waits := queueCells(t, s, n, models.AllCells, "")[0]
	if cell := look(t, s, n).Cells[0]; cell.Previous != 2*time.Second || cell.Last.ID != waits.ID || cell.Last.State != models.Queued {
		t.Errorf("while the third waits: %+v", cell)
	}
	mustDo(t, s.Interrupt(t.Context(), n.UserID, waits.ID))
	if cell := look(t, s, n).Cells[0]; cell.Last.ID != second {
		t.Errorf("after it was cancelled: %+v", cell)
	}
}
