package models_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// asked is a running run of 42's that asks its first question.
func asked(t *testing.T, s *models.Store) *models.Run {
	t.Helper()
	run := queue(t, s, testkit.Person(t, s, "42"), "input()")
	run, err := s.System().BeginRun(t.Context(), run.ID, "n")
	if err != nil {
		t.Fatal(err)
	}
	ask(t, s, run, models.Question{Number: 1, Prompt: "Who? "})
	return run
}

func ask(t *testing.T, s *models.Store, run *models.Run, q models.Question) {
	t.Helper()
	if err := s.System().Ask(t.Context(), run, q, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func answerIs(t *testing.T, s *models.Store, run *models.Run, number int, text string, want models.Code) {
	t.Helper()
	if err := s.Answer(t.Context(), run.UserID, run.ID, number, &text); models.CodeOf(err) != want {
		t.Errorf("%q to question %d: %v, not %q", text, number, err, want)
	}
}

func TestOnlyTheOwnerSeesAndAnswersAQuestion(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	run := asked(t, s)
	other := testkit.Person(t, s, "43")
	if q, err := s.Question(t.Context(), other, run.ID); q != nil || err != nil {
		t.Errorf("another sees %+v, %v", q, err)
	}
	text := "mine"
	for _, id := range []models.RunID{run.ID, "x", models.NewRunID()} {
		if err := s.Answer(t.Context(), other, id, 1, &text); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("another answers %s: %v", id, err)
		}
	}
	q, err := s.Question(t.Context(), run.UserID, run.ID)
	if err != nil || q == nil || q.Prompt != "Who? " || q.Number != 1 || q.Until.Sub(q.AskedAt) != time.Minute {
		t.Errorf("its owner sees %+v, %v", q, err)
	}
	if now, err := s.Run(t.Context(), run.UserID, run.ID); err != nil || now.AskedAt == nil {
		t.Errorf("the run does not say that it asks: %+v, %v", now, err)
	}
	answerIs(t, s, run, 1, text, "")
}

func TestAQuestionTakesOneAnswerAndAnOlderOneNone(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	run := asked(t, s)
	answerIs(t, s, run, 2, "too early", models.Conflict)
	answerIs(t, s, run, 1, "first", "")
	answerIs(t, s, run, 1, "second", models.Conflict)
	ask(t, s, run, models.Question{Number: 1, Prompt: "Who? "}) // the same again, after a lost reply
	q, err := s.System().Question(t.Context(), run.ID, 1)
	if err != nil || q == nil || q.Answer == nil || *q.Answer != "first" {
		t.Errorf("the answer is %+v, %v", q, err)
	}
	if q, err := s.Question(t.Context(), run.UserID, run.ID); q != nil || err != nil {
		t.Errorf("an answered question is open: %+v, %v", q, err)
	}
	ask(t, s, run, models.Question{Number: 2, Secret: true})
	answerIs(t, s, run, 1, "late", models.Conflict)
	q, err = s.Question(t.Context(), run.UserID, run.ID)
	if err != nil || q == nil || q.Number != 2 || !q.Secret || q.Answer != nil {
		t.Errorf("the next question is %+v, %v", q, err)
	}
}

func TestAnswersAreCheckedAndPromptsAreCut(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	run := asked(t, s)
	for _, text := range []string{"a\nb", "a\r", "a\x00b", "\xff", strings.Repeat("x", models.MaxAnswer+1)} {
		answerIs(t, s, run, 1, text, models.InvalidInput)
	}
	ask(t, s, run, models.Question{Number: 2, Prompt: strings.Repeat("é", models.MaxPrompt) + "\x00!"})
	if q, err := s.Question(t.Context(), run.UserID, run.ID); err != nil || q.Prompt != strings.Repeat("é", models.MaxPrompt) {
		t.Errorf("the prompt has %d bytes, %v", len(q.Prompt), err)
	}
	answerIs(t, s, run, 2, strings.Repeat("x", models.MaxAnswer), "")
}

func TestAClosedQuestionLeavesNothingButItsTime(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	run := asked(t, s)
	answerIs(t, s, run, 1, "a secret", "")
	if _, err := pool.Exec(t.Context(), "UPDATE questions SET asked_at = now() - interval '5 min'"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // closed is closed
		if err := s.System().CloseQuestion(t.Context(), run, 1); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, pool, "SELECT count(*) FROM questions"); n != 0 {
		t.Error("the answer is still there")
	}
	now, err := s.Run(t.Context(), run.UserID, run.ID)
	if err != nil || now.Paused < 5*time.Minute || now.Paused > 6*time.Minute || now.StoodStill() != now.Paused {
		t.Errorf("its clock stood still for %v, %v", now.Paused, err)
	}
	answerIs(t, s, run, 1, "late", models.Conflict)
}

func TestAQuestionGoesWithItsTimeAndItsRun(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	run := asked(t, s)
	if _, err := pool.Exec(t.Context(), "UPDATE questions SET until = now(), asked_at = now() - interval '5 min'"); err != nil {
		t.Fatal(err)
	}
	if now, err := s.Run(t.Context(), run.UserID, run.ID); err != nil || now.AskedAt != nil {
		t.Errorf("its time is over and the run asks: %v", err)
	}
	answerIs(t, s, run, 1, "late", models.Conflict)
	if _, err := s.System().LoseNode(t.Context(), "n"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "SELECT count(*) FROM questions"); n != 0 {
		t.Error("the question outlives its run")
	}
	if now, err := s.Run(t.Context(), run.UserID, run.ID); err != nil || now.Wall != 0 {
		t.Errorf("the wait counts as run time: %v, %v", now.Wall, err)
	}
	if err := s.System().Ask(t.Context(), run, models.Question{Number: 2}, time.Minute); models.CodeOf(err) != models.Conflict {
		t.Errorf("a run that is over asks: %v", err)
	}
}
