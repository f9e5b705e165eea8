package models_test

import (
	"fmt"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestOutputsComeInOrderAndOnlyToTheirOwner(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	run := queue(t, s, owner, "print(1)")
	if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
		t.Fatal(err)
	}
	err := s.System().AppendOutputs(t.Context(), run.ID, []models.Output{
		{RunID: run.ID, Seq: 1, Stream: "stdout", Text: "a"}, {RunID: run.ID, Seq: 2, Stream: "display", Bundle: map[string]string{"text/plain": "b"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Outputs(t.Context(), owner, run.ID, 1)
	if err != nil || len(got) != 1 || got[0].Bundle["text/plain"] != "b" {
		t.Fatalf("after 1: %+v %v", got, err)
	}
	if got, _ := s.Outputs(t.Context(), stranger, run.ID, 0); len(got) != 0 {
		t.Fatalf("a stranger reads %+v", got)
	}
}

// What may have been written already comes again without harm, and a run that
// was given up takes nothing more.
func TestTheVerdictTakesTheLastOutputsAlong(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	id := queue(t, s, owner, "print(1)").ID
	run, err := s.System().BeginRun(t.Context(), id, "n")
	if err != nil {
		t.Fatal(err)
	}
	first := models.Output{RunID: id, Seq: 1, Stream: "stdout", Text: "a"}
	if err := s.System().AppendOutputs(t.Context(), id, []models.Output{first}); err != nil {
		t.Fatal(err)
	}
	last := models.Verdict{Ending: models.OK, Outputs: []models.Output{first, {RunID: id, Seq: 2, Stream: "stdout", Text: "b"}}}
	if err := s.System().FinishRun(t.Context(), run, last); err != nil {
		t.Fatal(err)
	}
	last.Outputs = append(last.Outputs, models.Output{RunID: id, Seq: 3, Stream: "stdout", Text: "c"})
	if err := s.System().FinishRun(t.Context(), run, last); models.CodeOf(err) != models.Conflict {
		t.Errorf("a run that is over: %v", err)
	}
	got, err := s.Outputs(t.Context(), owner, id, 0)
	if err != nil || len(got) != 2 || got[0].Text+got[1].Text != "ab" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestHistoryPagesByKeyset(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserQueue = 50
	s, _ := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	for i := range 7 {
		queue(t, s, owner, fmt.Sprint(i))
	}
	var seen []string
	var ends []string
	q := models.RunQuery{Limit: 3}
	for {
		page, err := s.Runs(t.Context(), owner, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Runs {
			seen = append(seen, r.Code)
		}
		ends = append(ends, fmt.Sprint(page.Newer, page.Older))
		if !page.Older {
			break
		}
		q.Before = page.Runs[len(page.Runs)-1].ID
	}
	if got := strings.Join(ends, ", "); got != "false true, true true, true false" {
		t.Errorf("the pages say that there are others: %s", got)
	}
	if back, err := s.Runs(t.Context(), owner, models.RunQuery{Limit: 3, After: q.Before}); err != nil || len(back.Runs) != 3 || back.Runs[0].Code != "4" || !back.Newer || !back.Older {
		t.Errorf("the page before: %+v %v", back, err)
	}
	if got := strings.Join(seen, ""); got != "6543210" {
		t.Fatalf("pages read %s", got)
	}
}

// TestOutputsThatReplaceAndTakeBack: what a page reads in the end is one row for
// each display and its newest content; the same batch twice changes nothing.
func TestOutputsThatReplaceAndTakeBack(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	run := queue(t, s, owner, "1")
	if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
		t.Fatal(err)
	}
	display := func(seq, replaces int, text string) models.Output {
		return models.Output{Seq: seq, Stream: "display", Replaces: replaces, Bundle: map[string]string{"text/plain": text}}
	}
	read := func() (all string) {
		outputs, err := s.Outputs(t.Context(), owner, run.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outputs {
			all += fmt.Sprintf("%d:%s%s<%d ", o.Seq, o.Text, o.Bundle["text/plain"], o.Replaces)
		}
		return all
	}
	for _, step := range []struct {
		batch []models.Output
		want  string
	}{
		{[]models.Output{{Seq: 1, Stream: "note", Text: "n"}, display(2, 0, "a"), display(3, 0, "b")}, "1:n<0 2:a<0 3:b<0 "},
		{[]models.Output{display(4, 2, "a2")}, "1:n<0 2:<0 3:b<0 4:a2<2 "},
		{[]models.Output{display(5, 2, "a3"), display(6, 3, "b2"), display(7, 2, "a4")}, "1:n<0 2:<0 3:<0 6:b2<3 7:a4<2 "},
		{[]models.Output{{Seq: 8, Stream: "stdout", Text: "x"}, {Seq: 9, Stream: "clear"}, {Seq: 10, Stream: "stdout", Text: "y"}}, "1:n<0 9:<0 10:y<0 "},
		{[]models.Output{{Seq: 11, Stream: "clear"}}, "1:n<0 11:<0 "},
	} {
		for range 2 {
			if err := s.System().AppendOutputs(t.Context(), run.ID, step.batch); err != nil {
				t.Fatal(err)
			}
			if got := read(); got != step.want {
				t.Errorf("%q, want %q", got, step.want)
			}
		}
	}
	if err := s.System().AppendOutputs(t.Context(), run.ID, []models.Output{display(12, 12, "itself")}); err == nil {
		t.Error("an output replaces itself")
	}
}

// TestALaterRunChangesADisplay: in its place, with its bytes counted where it
// stands, and only of a run that is over in the same notebook and lives.
func TestALaterRunChangesADisplay(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	begun := func(owner models.UserID) (first, later *models.Run) {
		n := notebook(t, s, owner, "one", "two")
		runs := queueCells(t, s, n, models.AllCells, "")
		shown := ok()
		shown.Outputs, shown.LogBytes = []models.Output{{Seq: 1, Stream: "stdout", Text: "a"}, {Seq: 2, Stream: "display", Value: true, Bundle: map[string]string{"k": "22"}}}, 4
		first = finish(t, s, runs[0].ID, "n", shown)
		later, err := s.System().BeginRun(t.Context(), runs[1].ID, "n")
		if err != nil {
			t.Fatal(err)
		}
		return first, later
	}
	first, later := begun(owner)
	others, _ := begun(stranger)
	update := func(run models.RunID, seq int, text string) models.Code {
		t.Helper()
		refused, err := s.System().UpdateDisplays(t.Context(), later, []models.DisplayUpdate{{Run: run, Seq: seq, Bundle: map[string]string{"k": text}}}, 100)
		if err != nil {
			t.Fatal(err)
		}
		return models.CodeOf(refused[0])
	}
	for _, c := range []struct {
		run  models.RunID
		seq  int
		text string
		want models.Code
	}{
		{first.ID, 2, "333", ""}, {first.ID, 2, "4444\x00", ""}, {first.ID, 2, fmt.Sprintf("%0100d", 1), models.OverLimit}, {first.ID, 1, "text", models.GoneCode},
		{first.ID, 9, "none", models.GoneCode}, {others.ID, 2, "another's", models.GoneCode}, {later.ID, 1, "not over", models.GoneCode}, {"no run", 2, "", models.GoneCode},
	} {
		if got := update(c.run, c.seq, c.text); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	outputs, err := s.Outputs(t.Context(), owner, first.ID, 2)
	if err != nil || len(outputs) != 1 || outputs[0].Seq != 4 || outputs[0].Replaces != 2 || outputs[0].Bundle["k"] != "4444␀" && outputs[0].Bundle["k"] != "4444" {
		t.Errorf("it shows %+v %v", outputs, err)
	}
	now, err := s.Run(t.Context(), owner, first.ID)
	if err != nil || now.Changes != 2 || now.Count != 1 || now.LogBytes != 4-3+int64(outputs[0].Weight()) {
		t.Errorf("the run: %+v %v", now, err)
	}
	exec(t, pool, "UPDATE runs SET expires_at = now() WHERE id = '"+string(first.ID)+"'")
	if got := update(first.ID, 2, "late"); got != models.GoneCode {
		t.Errorf("when its time is over: %q", got)
	}
	if err := s.System().FinishRun(t.Context(), later, ok()); err != nil {
		t.Fatal(err)
	}
	_, err = s.System().UpdateDisplays(t.Context(), later, []models.DisplayUpdate{{Run: first.ID, Seq: 2}}, 100)
	if models.CodeOf(err) != models.Conflict {
		t.Errorf("by a run that is over: %v", err)
	}
}
