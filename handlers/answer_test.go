package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/models"
)

func reply(number, text string) url.Values {
	return url.Values{"question": {number}, "text": {text}}
}

func (r *rig) answerOf(run *models.Run, number int) *models.Question {
	r.t.Helper()
	q, err := r.store.System().Question(r.t.Context(), run.ID, number)
	if err != nil || q == nil {
		r.t.Fatalf("no question %d: %v", number, err)
	}
	return q
}

func TestAnAnswerReachesTheQuestionOfItsNumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.ask(r.begin(r.queue(ada.id, "input()").ID), 2, "Who? ")
	path := "/runs/" + string(run.ID)
	page := ada.get(path).want(200)
	if page.words(".question label") != "Who?" || page.words(".run-status .tag") != "waiting for input" {
		t.Errorf("the page does not ask: %.1500s", page.body)
	}
	if strings.Contains(page.body, `http-equiv="refresh"`) {
		t.Error("the page reloads while somebody types")
	}
	polite(t, "an older question", ada.post(path+"/answer", reply("1", "late")).want(http.StatusConflict))
	if at := ada.post(path+"/answer", reply("2", " Ada ")).want(http.StatusSeeOther).at(); at != path {
		t.Errorf("then to %s", at)
	}
	if q := r.answerOf(run, 2); q.Answer == nil || *q.Answer != " Ada " {
		t.Errorf("the answer is %+v", q)
	}
	polite(t, "a second answer", ada.post(path+"/answer", reply("2", "Bob")).want(http.StatusConflict))
	if after := ada.get(path).want(200); after.page().Find(".question").Length() != 0 || strings.Contains(after.body, " Ada ") {
		t.Error("the box is still there, or tells the answer")
	}
	if strings.Contains(r.log.String(), "Ada ") {
		t.Error("the log tells the answer")
	}
}

func TestTheBoxGoesByItselfAndTheInputCanBeEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.ask(r.begin(r.queue(ada.id, "input()").ID), 1, "Who? ")
	a := ada.do(part(ada.form("/runs/"+string(run.ID)+"/answer", url.Values{"question": {"1"}, "text": {"half a wo"}, "end": {"1"}}))).want(200)
	slot := a.page().Find("hx-partial")
	if slot.Length() != 1 || slot.AttrOr("hx-target", "") != "#run-"+string(run.ID)+"-question" || slot.Find("form").Length() != 0 {
		t.Errorf("the box stays: %s", a.body)
	}
	if q := r.answerOf(run, 1); q.Answer != nil || q.AnsweredAt == nil {
		t.Errorf("the end of the input is %+v", q)
	}
}

func TestAnswersThatCannotBe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.ask(r.begin(r.queue(ada.id, "input()").ID), 1, "Who? ")
	path := "/runs/" + string(run.ID) + "/answer"
	for name, form := range map[string]url.Values{
		"nothing": {}, "no number": {"text": {"x"}}, "no text": {"question": {"1"}}, "a word": reply("one", "x"),
		"a huge number": reply("99999999999", "x"), "two lines": reply("1", "a\nb"), "NUL": reply("1", "a\x00b"),
		"invalid UTF-8": reply("1", "\xff"), "too much": reply("1", strings.Repeat("x", models.MaxAnswer+1)),
	} {
		polite(t, name, ada.post(path, form).want(400))
	}
	polite(t, "far too much", ada.post(path, reply("1", strings.Repeat("x", 300_000))).want(http.StatusRequestEntityTooLarge))
	for _, number := range []string{"0", "-1", "2"} {
		polite(t, "question "+number, ada.post(path, reply(number, "x")).want(http.StatusConflict))
	}
	if q := r.answerOf(run, 1); q.AnsweredAt != nil {
		t.Errorf("one was taken: %+v", q)
	}
	ada.post(path, reply("1", strings.Repeat("é", models.MaxAnswer/2))).want(http.StatusSeeOther)
}

func TestAStreamTellsOfQuestions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "input()").ID)
	s := ada.follow(run.ID, "", "")
	s.next()
	r.ask(run, 1, "Who? ")
	if e := s.next(); e.id != "asking-0-0-0-1" || !strings.Contains(e.data, "Who?") || !strings.Contains(e.data, "#announcer") {
		t.Errorf("asked: %s %.900s", e.id, e.data)
	}
	r.say(run.ID, stdout(1, "meanwhile\n"))
	if e := s.next(); e.id != "asking-0-1-0-1" || strings.Contains(e.data, "#announcer") {
		t.Errorf("a question is read out twice: %s", e.id)
	}
	ada.post("/runs/"+string(run.ID)+"/answer", reply("1", "Ada")).want(http.StatusSeeOther)
	if e := s.next(); e.id != "running-0-1-0" || strings.Contains(e.data, "Who?") {
		t.Errorf("answered: %s %.900s", e.id, e.data)
	}
	for _, path := range []string{"/", "/runs"} {
		if strings.Contains(ada.get(path).body, "waiting for input") {
			t.Errorf("%s says that it waits", path)
		}
	}
	r.ask(run, 2, "And? ")
	for _, path := range []string{"/", "/runs"} {
		if !strings.Contains(ada.get(path).body, "waiting for input") {
			t.Errorf("%s does not say that it waits", path)
		}
	}
	r.finish(run, models.Verdict{Ending: models.Interrupted})
	for e := s.next(); e.name != "done"; e = s.next() {
		if strings.HasPrefix(e.id, "done") && strings.Contains(e.data, "And?") {
			t.Error("the box outlives the run")
		}
	}
}
