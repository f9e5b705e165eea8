package models_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// made keeps a file that a run made.
func made(t *testing.T, s *models.Store, run *models.Run, name string) *models.File {
	t.Helper()
	f, err := s.System().BeginFile(t.Context(), run.UserID, models.NewFile{Run: &run.ID, Source: models.FromWeb, Name: name})
	if err == nil {
		f, err = s.System().KeepFile(t.Context(), f, 1, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// liveOf are the names of those of the files that the owner can read.
func liveOf(t *testing.T, s *models.Store, owner models.UserID, ids []models.FileID) (names []string) {
	t.Helper()
	files, err := s.KnownFiles(t.Context(), owner, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Live() {
			names = append(names, f.Name)
		}
	}
	return names
}

func namesOf(files []models.File) (names []string) {
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

func TestAListNamesTheRunThatMadeAFile(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	made(t, s, queue(t, s, owner, "# a comment\nimport pandas as pd\n\ndf = pd.DataFrame()\ndf.to_csv('a.csv')\n"), "a.csv")
	keep(t, s, owner, "b.csv", 1)
	page, err := s.Files(t.Context(), owner, models.FileQuery{Sort: "name"})
	if err != nil || len(page.Files) != 2 {
		t.Fatalf("%+v %v", page, err)
	}
	if page.Files[0].MadeBy != "df = pd.DataFrame()" || page.Files[1].MadeBy != "" {
		t.Errorf("made by %q and %q", page.Files[0].MadeBy, page.Files[1].MadeBy)
	}
}

func TestARunTellsItsFilesToItsOwner(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	run := queue(t, s, owner, "1")
	made(t, s, run, "a.csv")
	if files, err := s.RunFiles(t.Context(), owner, run.ID); err != nil || len(files) != 1 {
		t.Errorf("the owner: %v %v", namesOf(files), err)
	}
	if files, err := s.RunFiles(t.Context(), stranger, run.ID); err != nil || len(files) != 0 {
		t.Errorf("a stranger: %v %v", namesOf(files), err)
	}
}

func TestOneOutputIsItsOwnersForItsTime(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	run := queue(t, s, owner, "1")
	if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
		t.Fatal(err)
	}
	err := s.System().AppendOutputs(t.Context(), run.ID, []models.Output{
		{Seq: 1, Stream: "stdout", Text: "a"}, {Seq: 2, Stream: "display", Bundle: map[string]string{"text/plain": "b"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Output(t.Context(), owner, run.ID, 2); err != nil || got.Bundle["text/plain"] != "b" {
		t.Fatalf("%+v %v", got, err)
	}
	for name, ask := range map[string]func() (*models.Output, error){
		"a stranger":  func() (*models.Output, error) { return s.Output(t.Context(), stranger, run.ID, 2) },
		"a bad id":    func() (*models.Output, error) { return s.Output(t.Context(), owner, "x\x00", 2) },
		"number zero": func() (*models.Output, error) { return s.Output(t.Context(), owner, run.ID, 0) },
		"a huge one":  func() (*models.Output, error) { return s.Output(t.Context(), owner, run.ID, 1<<40) },
		"no such one": func() (*models.Output, error) { return s.Output(t.Context(), owner, run.ID, 3) },
	} {
		if _, err := ask(); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%s: %v", name, err)
		}
	}
	testkit.Age(t, pool, "runs", string(run.ID), 48*time.Hour)
	if _, err := s.Output(t.Context(), owner, run.ID, 2); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a display after its time: %v", err)
	}
	if _, err := s.Output(t.Context(), owner, run.ID, 1); err != nil {
		t.Errorf("text after its time: %v", err)
	}
}

func TestWhatARunLoadedIsRememberedForItsOwner(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	given, loaded := keep(t, s, owner, "given.csv", 1), keep(t, s, owner, "loaded.csv", 1)
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb, Files: []models.FileID{given.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LoadFile(t.Context(), owner, run.ID, *loaded); err != nil {
		t.Fatal(err)
	}
	if err := s.LoadFile(t.Context(), stranger, run.ID, *keep(t, s, stranger, "theirs.csv", 1)); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "SELECT count(*) FROM run_inputs"); n != 2 {
		t.Errorf("%d files are noted: a stranger notes some for another's run", n)
	}
	testkit.Age(t, pool, "files", string(loaded.ID), 48*time.Hour)
	got, err := s.LoadedFiles(t.Context(), owner, run.ID)
	if err != nil || !slices.Equal(namesOf(got), []string{"given.csv", "loaded.csv"}) {
		t.Fatalf("%v %v", namesOf(got), err)
	}
	if !got[0].Live() || got[1].Live() {
		t.Error("what has expired is not told from what lives")
	}
	for _, ask := range []struct {
		owner models.UserID
		run   models.RunID
	}{{stranger, run.ID}, {owner, "nothing"}} {
		if got, err := s.LoadedFiles(t.Context(), ask.owner, ask.run); err != nil || len(got) != 0 {
			t.Errorf("%v: %v %v", ask, namesOf(got), err)
		}
	}
}

func TestVersionsAreTheLiveOnesNewestFirst(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	first := keep(t, s, owner, "a.csv", 1)
	keep(t, s, owner, "a.csv", 2)
	keep(t, s, owner, "a.csv", 3)
	keep(t, s, owner, "b.csv", 4)
	testkit.Age(t, pool, "files", string(first.ID), 48*time.Hour)
	for _, c := range []struct {
		owner models.UserID
		name  string
		after int
		want  []int
	}{
		{owner, "a.csv", 0, []int{3, 2}}, {owner, "a.csv", 2, []int{3}}, {owner, "a.csv", 3, nil},
		{stranger, "a.csv", 0, nil}, {owner, "a\x00", 0, nil},
	} {
		files, err := s.Versions(t.Context(), c.owner, c.name, c.after)
		var got []int
		for _, f := range files {
			got = append(got, f.Version)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v %v", c, got, err)
		}
	}
}

func TestManyAreDeletedInOneMomentAndComeBackTogether(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	a, b, other := keep(t, s, owner, "a.csv", 1), keep(t, s, owner, "b.csv", 1), keep(t, s, owner, "c.csv", 1)
	foreign := keep(t, s, stranger, "d.csv", 1)
	ids := []models.FileID{a.ID, b.ID, foreign.ID, "nonsense", "x\x00"}

	deleted, err := s.DeleteFiles(t.Context(), owner, ids)
	if err != nil || len(deleted) != 2 {
		t.Fatalf("deleted %v %v", namesOf(deleted), err)
	}
	if live := liveOf(t, s, owner, append(ids, other.ID)); !slices.Equal(live, []string{"c.csv"}) {
		t.Errorf("still live: %v", live)
	}
	if err := s.DeleteFile(t.Context(), owner, other.ID, nil); err != nil { // at another moment
		t.Fatal(err)
	}
	batch, err := s.DeletedWith(t.Context(), owner, b.ID)
	if err != nil || !slices.Equal(namesOf(batch), []string{"a.csv", "b.csv"}) {
		t.Errorf("deleted together: %v %v", namesOf(batch), err)
	}
	if batch, _ := s.DeletedWith(t.Context(), stranger, b.ID); len(batch) != 0 {
		t.Errorf("a stranger sees %v", namesOf(batch))
	}
	if _, err := s.RestoreFiles(t.Context(), stranger, ids); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger restores: %v", err)
	}
	restored, err := s.RestoreFiles(t.Context(), owner, ids)
	if err != nil || len(restored) != 2 {
		t.Fatalf("restored %v %v", namesOf(restored), err)
	}
	if live := liveOf(t, s, owner, ids); len(live) != 2 {
		t.Errorf("live after the undo: %v", live)
	}
	if foreign, err := s.File(t.Context(), stranger, foreign.ID); err != nil || !foreign.Live() {
		t.Errorf("somebody else's file: %v", err)
	}
	exec(t, pool, "UPDATE files SET deleted_at = deleted_at - interval '60 s'")
	if late, _ := s.DeletedWith(t.Context(), owner, other.ID); len(late) != 0 {
		t.Errorf("an undo is offered too late: %v", namesOf(late))
	}
}

func TestARunIsGivenWhatStillLives(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	a, b, loaded := keep(t, s, owner, "a.csv", 1), keep(t, s, owner, "b.csv", 1), keep(t, s, owner, "c.csv", 1)
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb, Files: []models.FileID{a.ID, b.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LoadFile(t.Context(), owner, run.ID, *loaded); err != nil {
		t.Fatal(err)
	}
	testkit.Age(t, pool, "files", string(b.ID), 48*time.Hour)
	given, err := s.System().GivenFiles(t.Context(), run.ID)
	if err != nil || !slices.Equal(namesOf(given), []string{"a.csv"}) {
		t.Errorf("given %v %v", namesOf(given), err)
	}
	late := models.NewRun{Code: "1", Source: models.FromWeb, Files: []models.FileID{a.ID, b.ID}}
	if run, err := s.QueueRun(t.Context(), owner, late); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a run is given a file whose time is over: %v %v", run, err)
	}
}

// TestOnlyTheFirstTextOutlivesItsTime: at the very second, and not when Forget
// comes along; Forget removes exactly what cannot be read any more.
func TestOnlyTheFirstTextOutlivesItsTime(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	run := queue(t, s, owner, "1")
	if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
		t.Fatal(err)
	}
	half := strings.Repeat("x", 32<<10)
	err := s.System().AppendOutputs(t.Context(), run.ID, []models.Output{
		{Seq: 1, Stream: "stdout", Text: half}, {Seq: 2, Stream: "display", Bundle: map[string]string{"text/plain": "b"}},
		{Seq: 3, Stream: "stderr", Text: half}, {Seq: 4, Stream: "stdout", Text: "over"}, {Seq: 5, Stream: "display"},
	})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, pool, "UPDATE runs SET state = 'done', ending = 'ok', finished_at = now()")
	told := func(when string, want ...int) {
		t.Helper()
		outputs, err := s.Outputs(t.Context(), owner, run.ID, 0)
		var got []int
		for _, o := range outputs {
			got = append(got, o.Seq)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v", when, got, err)
		}
	}
	told("in its time", 1, 2, 3, 4, 5)
	testkit.Age(t, pool, "runs", string(run.ID), 48*time.Hour)
	told("after its time", 1, 3)
	if _, err := s.Output(t.Context(), owner, run.ID, 4); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("text over the bound, after its time: %v", err)
	}
	if _, err := s.System().Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	told("after Forget", 1, 3)
	if n := count(t, pool, "SELECT count(*) FROM outputs"); n != 2 {
		t.Errorf("Forget leaves %d outputs", n)
	}
}
