package runner

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/sandbox"
)

// running is a run that this test works.
func running(t *testing.T, pool *pgxpool.Pool) (*models.Store, *models.Run) {
	t.Helper()
	exec(t, pool, "CREATE TABLE test_jobs (id bigserial, run text, node text, cancelled bool DEFAULT false)")
	s, err := models.NewStore(pool, testkit.Queue{}, models.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.QueueRun(t.Context(), testkit.Person(t, s, "42"), models.NewRun{Code: "1", Source: models.FromWeb})
	if err == nil {
		run, err = s.System().BeginRun(t.Context(), run.ID, "n")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, run
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

func say(t *testing.T, rec *recorder, stream sandbox.Stream, text string) {
	t.Helper()
	if err := rec.Emit(sandbox.Output{Stream: stream, Text: text}); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t *testing.T, rec *recorder) (kept int64) {
	t.Helper()
	kept, err := rec.close()
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// written returns the rows, and checks that their numbers have no gap.
func written(t *testing.T, s *models.Store, run *models.Run) []models.Output {
	t.Helper()
	outputs, err := s.Outputs(t.Context(), run.UserID, run.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outputs {
		if o.Seq != i+1 {
			t.Fatalf("row %d has number %d", i+1, o.Seq)
		}
	}
	return outputs
}

func textOf(outputs []models.Output) string {
	var text strings.Builder
	for _, o := range outputs {
		text.WriteString(o.Text)
	}
	return text.String()
}

func TestALoopOfPrintsIsFewRows(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := newRecorder(s, run, nil)
	var want strings.Builder
	for i := range 50_000 {
		line := fmt.Sprintln("line", i)
		say(t, rec, sandbox.Stdout, line)
		want.WriteString(line)
	}
	kept := mustClose(t, rec)
	rows := written(t, s, run)
	if text := textOf(rows); text != want.String() || kept != int64(want.Len()) {
		t.Errorf("%d bytes were written, %d are said to be kept, of %d", len(text), kept, want.Len())
	}
	if len(rows) > 500 {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		if len(row.Text) > pieceMax {
			t.Errorf("a row of %d bytes", len(row.Text))
		}
	}
}

func TestAFullLogKeepsItsHeadAndItsEnd(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := newRecorder(s, run, nil)
	const pieces = 200
	for i := range pieces {
		say(t, rec, sandbox.Stdout, fmt.Sprintf("%03d%s\n", i, strings.Repeat("x", 64_000)))
	}
	say(t, rec, sandbox.Stdout, "small enough to fit, but late\n")
	if err := rec.Emit(sandbox.Output{Stream: sandbox.Display, Bundle: map[string]string{"text/plain": "late"}}); err != nil {
		t.Fatal(err)
	}
	say(t, rec, sandbox.Failure, "ValueError: the end\n")
	kept := mustClose(t, rec)
	rows := written(t, s, run)
	text := textOf(rows)
	head, end, told := strings.Cut(text, "Mayfly: ")
	if !told || !strings.HasPrefix(end, "2.8 MB of output are not kept here; a run's log holds 10 MB. The end follows.\n") {
		t.Fatalf("it is not told what is missing: %.200q", end)
	}
	if len(head) < logMax-64_100 || len(head) > logMax || !strings.HasPrefix(head, "000x") {
		t.Errorf("the head has %d bytes", len(head))
	}
	if !strings.HasSuffix(end, "199"+strings.Repeat("x", 64_000)+"\nsmall enough to fit, but late\nValueError: the end\n") {
		t.Errorf("the end is %.100q … %q", end, end[len(end)-100:])
	}
	if kept != int64(len(text)) || kept > logMax+tailMax+200 {
		t.Errorf("%d bytes are said to be kept, %d are", kept, len(text))
	}
}

// REL-18: a million small frames. Two streams in turn cannot be merged.
func TestREL18TheRowsOfARunAreBounded(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := newRecorder(s, run, nil)
	for range 500_000 {
		say(t, rec, sandbox.Stdout, "o")
		say(t, rec, sandbox.Stderr, "e")
	}
	mustClose(t, rec)
	rows := written(t, s, run)
	if n := len(rows); n < rowsMax || n > rowsMax+tailMost+1 {
		t.Errorf("%d rows", n)
	}
	if last := rows[len(rows)-1]; last.Text != "e" || last.Stream != "stderr" {
		t.Errorf("the last row is %+v", last)
	}
}

func TestALongRunIsWrittenWhileItGoesOn(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rec := newRecorder(s, run, nil)
	for i := range 3 {
		say(t, rec, sandbox.Stdout, fmt.Sprintln(i))
		for len(written(t, s, run)) <= i { // until the test's own deadline
		}
	}
	mustClose(t, rec)
	if rows := written(t, s, run); len(rows) != 3 || textOf(rows) != "0\n1\n2\n" {
		t.Errorf("%+v", rows)
	}
}

func TestARunThatWasGivenUpTakesNoMoreOutput(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	s, run := running(t, pool)
	rec := newRecorder(s, run, nil)
	if _, err := s.System().LoseNode(t.Context(), "n"); err != nil {
		t.Fatal(err)
	}
	said := 0
	for rec.Emit(sandbox.Output{Stream: sandbox.Stdout, Text: "late"}) == nil && t.Context().Err() == nil {
		said++
	}
	if _, err := rec.close(); models.CodeOf(err) != models.Conflict {
		t.Errorf("after %d pieces: %v", said, err)
	}
	if rows := written(t, s, run); len(rows) != 0 {
		t.Errorf("%d rows were added to a run that is over", len(rows))
	}
}

func TestREL4OutputOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	outage := testkit.Restartable(t)
	s, run := running(t, outage.Pool)
	rec := newRecorder(s, run, nil)
	var want strings.Builder
	part := func(name string) {
		for i := range 3000 {
			text := fmt.Sprintln(name, i)
			say(t, rec, []sandbox.Stream{sandbox.Stdout, sandbox.Stderr}[i%2], text)
			want.WriteString(text)
		}
	}
	part("before")
	outage.Begin(t)
	part("while")
	for s.Ping(t.Context()) == nil {
	}
	outage.End(t)
	part("after")
	mustClose(t, rec)
	if got := textOf(written(t, s, run)); got != want.String() {
		t.Errorf("%d bytes came back of %d", len(got), want.Len())
	}
}

// The answer to a write may be lost; the same rows are written again then.
func TestOutputThatIsWrittenTwiceIsThereOnce(t *testing.T) {
	t.Parallel()
	s, run := running(t, testkit.Postgres(t))
	rows := []models.Output{{Seq: 1, Stream: "stdout", Text: "a"}, {Seq: 2, Stream: "stdout", Text: "b"}}
	for range 2 {
		if err := s.System().AppendOutputs(t.Context(), run.ID, rows); err != nil {
			t.Fatal(err)
		}
	}
	if got := textOf(written(t, s, run)); got != "ab" {
		t.Errorf("it says %q", got)
	}
}
