package models_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestARunIsOpenedAsANotebookOnce(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	given, other := keep(t, s, owner, "given.csv", 1), keep(t, s, owner, "other.csv", 1)
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "print(1)", Source: models.FromDiscord, Files: []models.FileID{given.ID}})
	mustDo(t, err)
	seen := map[models.NotebookID]bool{}
	var mu sync.Mutex
	var presses sync.WaitGroup
	for range 4 {
		presses.Go(func() {
			id, err := s.NotebookFromRun(t.Context(), owner, run.ID)
			mu.Lock()
			defer mu.Unlock()
			if seen[id] = true; err != nil {
				t.Error(err)
			}
		})
	}
	presses.Wait()
	if len(seen) != 1 || count(t, pool, "SELECT count(*) FROM notebooks") != 1 {
		t.Fatalf("four presses made %v", seen)
	}
	first, err := s.NotebookFromRun(t.Context(), owner, run.ID)
	mustDo(t, err)
	n, err := s.Notebook(t.Context(), owner, first)
	if err != nil || texts(n) != "print(1)" || n.Name != "Run "+run.ID.Short() || *n.FromRun != run.ID {
		t.Fatalf("%+v %v", n, err)
	}
	files, err := s.System().NotebookFiles(t.Context(), first)
	if err != nil || len(files) != 1 || files[0].ID != given.ID {
		t.Errorf("its folder has %v, not %s (and not %s)", namesOf(files), given.Name, other.Name)
	}
	if full, err := s.RunInFull(t.Context(), owner, run.ID); err != nil || full.Opened == nil || *full.Opened != string(first) {
		t.Errorf("the run knows of it: %+v %v", full, err)
	}
	if _, err := s.NotebookFromRun(t.Context(), stranger, run.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger: %v", err)
	}
	mustDo(t, s.DeleteNotebook(t.Context(), owner, first))
	second, err := s.NotebookFromRun(t.Context(), owner, run.ID)
	if err != nil || second == first {
		t.Errorf("after it went to the bin: %v %v", second, err)
	}
	mustDo(t, s.RestoreNotebook(t.Context(), owner, first)) // both stay
	if third, err := s.NotebookFromRun(t.Context(), owner, run.ID); err != nil || third != second {
		t.Errorf("%v %v", third, err)
	}
}

func TestARunTooLongForACellIsToldSo(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	run := queue(t, s, owner, "x = 1\n"+strings.Repeat("# much\n", models.MaxCellText/6))
	if _, err := s.NotebookFromRun(t.Context(), owner, run.ID); models.CodeOf(err) != models.InvalidInput {
		t.Error(err)
	}
}

func TestARunAgainHasTheSameFilesOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	given := keep(t, s, owner, "given.csv", 1)
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "input()", Source: models.FromAPI, Stdin: "a\n", Wall: 2 * time.Minute, Files: []models.FileID{given.ID}})
	mustDo(t, err)
	again, err := s.RunAgain(t.Context(), owner, run.ID)
	if err != nil || again.Code != "input()" || again.Stdin != "a\n" || again.Wall != 2*time.Minute || len(again.Files) != 1 || again.Files[0] != given.ID {
		t.Errorf("%+v %v", again, err)
	}
	if _, err := s.RunAgain(t.Context(), stranger, run.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger: %v", err)
	}
	testkit.Age(t, pool, "files", string(given.ID), 49*time.Hour)
	if _, err := s.RunAgain(t.Context(), owner, run.ID); models.CodeOf(err) != models.GoneCode {
		t.Errorf("without its file: %v", err)
	}
}

func TestHistoryIsNarrowed(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserQueue = 50
	s, pool := testkit.Store(t, limits)
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	old := queue(t, s, owner, "old_100%_code()")
	testkit.Age(t, pool, "runs", string(old.ID), 72*time.Hour)
	bot, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "bot()", Source: models.FromDiscord})
	mustDo(t, err)
	n := notebook(t, s, owner, "a = 1", "b = 2")
	cells := queueCells(t, s, n, models.AllCells, "")
	finish(t, s, cells[0].ID, "n1", ok())
	queue(t, s, stranger, "foreign()")
	for name, c := range map[string]struct {
		q    models.RunQuery
		want string
	}{
		"all":          {models.RunQuery{}, "b = 2, a = 1, bot(), old_100%_code()"},
		"source":       {models.RunQuery{Source: models.FromDiscord}, "bot()"},
		"ending":       {models.RunQuery{Ending: models.OK}, "a = 1"},
		"state":        {models.RunQuery{State: models.Queued, Notebook: n.ID}, "b = 2"},
		"notebook":     {models.RunQuery{Notebook: n.ID}, "b = 2, a = 1"},
		"text":         {models.RunQuery{Search: "100%_C"}, "old_100%_code()"},
		"nothing wild": {models.RunQuery{Search: "1%c"}, ""},
		"day":          {models.RunQuery{Day: bot.QueuedAt.Add(-72 * time.Hour)}, "old_100%_code()"},
		"another's":    {models.RunQuery{Search: "foreign"}, ""},
		"no app":       {models.RunQuery{App: "x"}, ""},
		"no notebook":  {models.RunQuery{Notebook: "'; --"}, ""},
		"bytes":        {models.RunQuery{Search: "\x00"}, ""},
		"no such page": {models.RunQuery{Before: "x"}, ""},
	} {
		page, err := s.Runs(t.Context(), owner, c.q)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var codes []string
		for _, r := range page.Runs {
			codes = append(codes, r.Code)
		}
		if got := strings.Join(codes, ", "); got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
	page, err := s.Runs(t.Context(), owner, models.RunQuery{Notebook: n.ID, Ending: models.OK})
	if err != nil || page.Runs[0].NotebookName != n.Name || page.Runs[0].CellPlace != 1 || !page.Runs[0].OfCell() {
		t.Errorf("a cell's run is named %+v %v", page, err)
	}
	if _, books, err := s.RunSources(t.Context(), owner); err != nil || len(books) != 1 || books[0].Name != n.Name {
		t.Errorf("sources: %v %v", books, err)
	}
	mustDo(t, s.DeleteNotebook(t.Context(), owner, n.ID))
	if page, err := s.Runs(t.Context(), owner, models.RunQuery{Ending: models.OK}); err != nil || page.Runs[0].OfCell() {
		t.Errorf("of a notebook in the bin: %+v %v", page, err)
	}
}
