package runner

import (
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/sandbox"
)

func show(t *testing.T, rec *recorder, o sandbox.Output, text string) {
	t.Helper()
	o.Stream, o.Bundle = sandbox.Display, map[string]string{"text/plain": text}
	if err := rec.Emit(o); err != nil {
		t.Fatal(err)
	}
}

// stored is every row as one word: number, what it replaces, what it holds.
func stored(t *testing.T, s *models.Store, run *models.Run) []models.Output {
	t.Helper()
	outputs, err := s.Outputs(t.Context(), run.UserID, run.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// TestManyUpdatesAreFewRows: a display that changes 10,000 times is two rows and
// one bundle, whenever the log is written in between.
func TestManyUpdatesAreFewRows(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := &recorder{store: s, run: run, wake: make(chan struct{}, 1), named: map[string][]*named{}}
	show(t, rec, sandbox.Output{ID: "bar"}, "first")
	show(t, rec, sandbox.Output{ID: "other"}, "stays")
	for i := range 10_000 {
		show(t, rec, sandbox.Output{ID: "bar", Update: true}, strings.Repeat("x", i%3000))
		if i%1000 == 0 {
			if err := rec.flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	show(t, rec, sandbox.Output{ID: "bar", Update: true}, "last")
	if err := rec.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := rec.kept
	rows := stored(t, s, run)
	if len(rows) != 3 || rows[2].Replaces != 1 || rows[2].Bundle["text/plain"] != "last" || rows[0].Bundle != nil || rows[1].Bundle["text/plain"] != "stays" {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
	if want := int64(2*len("text/plain") + len("last") + len("stays")); kept != want {
		t.Errorf("%d bytes are said to be kept, want %d", kept, want)
	}
}

// TestUpdatesThatWereNotWrittenYet change the row that waits.
func TestUpdatesThatWereNotWrittenYet(t *testing.T) {
	t.Parallel()
	rec := &recorder{run: &models.Run{ID: "r"}, named: map[string][]*named{}}
	rec.take(sandbox.Output{Stream: sandbox.Display, ID: "a", Bundle: map[string]string{"k": "1"}})
	rec.take(sandbox.Output{Stream: sandbox.Display, ID: "a", Update: true, Bundle: map[string]string{"k": "2"}})
	rec.take(sandbox.Output{Stream: sandbox.Display, ID: "of an earlier cell", Update: true, Bundle: map[string]string{"k": "3"}})
	if len(rec.pending) != 2 || rec.pending[0].Bundle["k"] != "2" || rec.pending[1].Bundle["k"] != "3" || rec.pending[1].Replaces != 0 {
		t.Errorf("%+v", rec.pending)
	}
	rec.tried = 2
	rec.take(sandbox.Output{Stream: sandbox.Display, ID: "a", Update: true, Bundle: map[string]string{"k": "4"}})
	if len(rec.pending) != 3 || rec.pending[0].Bundle["k"] != "2" || rec.pending[2].Replaces != 1 {
		t.Errorf("what may be written already changed: %+v", rec.pending)
	}
}

// TestClearedOutputIsGone: notes stay, there is room again, and a display that
// was taken back does not come back.
func TestClearedOutputIsGone(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := &recorder{store: s, run: run, wake: make(chan struct{}, 1), named: map[string][]*named{}}
	say(t, rec, sandbox.Note, "a note\n")
	for round := range 300 {
		show(t, rec, sandbox.Output{ID: "fig"}, strings.Repeat("x", 100_000))
		say(t, rec, sandbox.Stdout, "round\n")
		if round%100 == 50 {
			if err := rec.flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := rec.Emit(sandbox.Output{Stream: sandbox.Clear}); err != nil {
			t.Fatal(err)
		}
	}
	show(t, rec, sandbox.Output{ID: "fig", Update: true}, "taken back")
	say(t, rec, sandbox.Stdout, "the end\n")
	if err := rec.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	kept := rec.kept
	rows := stored(t, s, run)
	if text := textOf(rows); text != "a note\nthe end\n" || len(rows) != 3 || kept != int64(len(text)) {
		t.Errorf("%d rows, %d bytes: %+v", len(rows), kept, rows)
	}
}
