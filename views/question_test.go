package views_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/views"
)

func askingRun(q views.QuestionView) views.RunView {
	v := attackRun("asking", "text", "ours")
	v.Question = &q
	return v
}

func TestAQuestionIsAFormWithAPromptAsLabel(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 11, 21, 20, 24, 0, 0, time.UTC)
	box := drawn(t, views.RunQuestion(askingRun(views.QuestionView{Number: 3, Prompt: "\x1b[1mWho?\x1b[0m\a <b> ", Until: until})))
	form := box.Find("form")
	if form.AttrOr("method", "") != "post" || form.AttrOr("action", "") != "/runs/abcdefgh/answer" {
		t.Errorf("without script it goes nowhere: %s", outer(form))
	}
	field := form.Find("input[name=text]")
	if id := field.AttrOr("id", ""); form.Find("label[for='"+id+"']").Text() != "Who? <b>" {
		t.Errorf("the field's label: %s", outer(form))
	}
	if form.Find("input[name=question]").AttrOr("value", "") != "3" || field.AttrOr("type", "") != "text" {
		t.Errorf("the fields: %s", outer(form))
	}
	if !strings.Contains(form.Find(".question-note").Text(), "until Sat 20:24 UTC") || form.Find("button[name=end]").Length() != 1 {
		t.Errorf("it does not say until when, or cannot be ended: %s", outer(form))
	}
}

func TestWhatGetpassAsksIsNotShown(t *testing.T) {
	t.Parallel()
	box := drawn(t, views.RunQuestion(askingRun(views.QuestionView{Number: 1, Secret: true})))
	if box.Find("input[name=text]").AttrOr("type", "") != "password" || box.Find("label").Text() != "The run waits for a line of input." {
		t.Errorf("%s", outer(box.Find("form")))
	}
}

// What was typed for one question must not stand in the field of the next.
func TestEachQuestionHasAFieldOfItsOwn(t *testing.T) {
	t.Parallel()
	first := drawn(t, views.RunQuestion(askingRun(views.QuestionView{Number: 1})))
	next := drawn(t, views.RunQuestion(askingRun(views.QuestionView{Number: 2})))
	if a, b := first.Find("input[name=text]").AttrOr("id", ""), next.Find("input[name=text]").AttrOr("id", ""); a == b {
		t.Errorf("both are %s", a)
	}
	if drawn(t, views.RunQuestion(attackRun("running", "", ""))).Find("form").Length() != 0 {
		t.Error("a run that asks nothing has a box")
	}
}

func TestANewQuestionIsReadOutOnce(t *testing.T) {
	t.Parallel()
	q := views.QuestionView{Number: 1, Prompt: "Who?", New: true}
	update := func() string {
		return drawn(t, views.LiveUpdate(askingRun(q), views.PlaceQuick, views.LimitsView{})).Find("hx-partial[hx-target='#announcer']").Text()
	}
	if said := update(); !strings.Contains(said, "waits for input") || !strings.Contains(said, "Who?") {
		t.Errorf("it says %q", said)
	}
	if q.New = false; update() != "" {
		t.Error("it says so again")
	}
}

func TestTheClockOfARunThatAsksStandsStill(t *testing.T) {
	t.Parallel()
	v := askingRun(views.QuestionView{Number: 1})
	v.Now = time.Now()
	v.StartedAt, v.Paused = v.Now.Add(-5*time.Minute), 5*time.Minute-12400*time.Millisecond
	status := drawn(t, views.RunStatus(v, views.PlacePage))
	if words := status.Text(); !strings.Contains(words, "waiting for input") || !strings.Contains(words, "12.4 s") || !strings.Contains(words, "clock paused") {
		t.Errorf("it says %q", words)
	}
	if status.Find("run-timer").Length() != 0 {
		t.Error("its timer runs on")
	}
}
