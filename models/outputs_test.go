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
	var before models.RunID
	for {
		runs, err := s.Runs(t.Context(), owner, models.RunQuery{Before: before, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(runs) == 0 {
			break
		}
		for _, r := range runs {
			seen = append(seen, r.Code)
		}
		before = runs[len(runs)-1].ID
	}
	if got := strings.Join(seen, ""); got != "6543210" {
		t.Fatalf("pages read %s", got)
	}
}
