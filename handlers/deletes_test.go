package handlers_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// undo are the ids that the page's or fragment's Undo brings back.
func (a *answer) undo() url.Values {
	a.t.Helper()
	form := url.Values{}
	fields := a.page().Find(`toast-note form[action="/files/restore"] input`)
	for i := range fields.Nodes {
		form.Add(fields.Eq(i).AttrOr("name", ""), fields.Eq(i).AttrOr("value", ""))
	}
	return form
}

func TestADeletionIsOfferedBackWithoutScript(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	a, b, c := r.keep(ada.id, "a.csv", "1"), r.keep(ada.id, "b.csv", "2"), r.keep(ada.id, "c.csv", "3")
	both := url.Values{"id": {string(a.ID), string(b.ID)}}
	page := ada.get(ada.post("/files/delete", both).want(303).at()).want(200)
	if got := page.listed(); !slices.Equal(got, []string{"c.csv"}) {
		t.Errorf("after the deletion the list holds %q", got)
	}
	if got := page.toasts(); !slices.Equal(got, []string{"2 files deleted"}) {
		t.Errorf("told: %q", got)
	}
	back := page.undo()
	bob.post("/files/restore", back).want(404)
	if a := bob.get("/files?deleted=" + string(a.ID)); len(a.toasts()) != 0 {
		t.Errorf("a stranger is offered the undo: %q", a.toasts())
	}
	if at := ada.post("/files/restore", back).want(303).at(); at != "/files" {
		t.Errorf("the undo leads to %s", at)
	}
	if got := ada.get("/files?sort=name").listed(); !slices.Equal(got, []string{"a.csv", "b.csv", "c.csv"}) {
		t.Errorf("after the undo the list holds %q", got)
	}
	ada.post("/files/restore", back).want(404) // twice
	page = ada.get(ada.post("/files/"+string(c.ID)+"/delete", url.Values{}).want(303).at())
	if got := page.toasts(); !slices.Equal(got, []string{"c.csv deleted"}) {
		t.Errorf("told: %q", got)
	}
}

func TestADeletionByHtmxIsAnsweredWithAToast(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	a, b := r.keep(ada.id, "a.csv", "1"), r.keep(ada.id, "b.csv", "2")
	one := ada.do(part(ada.form("/files/"+string(a.ID)+"/delete", url.Values{}))).want(200)
	if got := one.toasts(); !slices.Equal(got, []string{"a.csv deleted"}) || strings.Contains(one.body, "<html") {
		t.Errorf("told: %q", got)
	}
	back := ada.do(part(ada.form("/files/restore", one.undo()))).want(200)
	if got := back.toasts(); !slices.Equal(got, []string{"a.csv is back"}) {
		t.Errorf("told: %q", got)
	}
	both := ada.do(part(ada.form("/files/delete", url.Values{"id": {string(a.ID), string(b.ID)}}))).want(200)
	back = ada.do(part(ada.form("/files/restore", both.undo()))).want(200)
	if got := back.toasts(); !slices.Equal(got, []string{"2 files are back"}) {
		t.Errorf("told: %q", got)
	}
}

func TestADeletionTakesOnlyWhatIsOnesOwnAndThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	mine, foreign := r.keep(ada.id, "a.csv", "1"), r.keep(bob.id, "b.csv", "2")
	expired := r.keep(ada.id, "c.csv", "3")
	testkit.Age(t, r.pool, "files", string(expired.ID), 48*time.Hour)
	all := url.Values{"id": {string(mine.ID), string(foreign.ID), string(expired.ID), "nonsense"}}
	a := ada.do(part(ada.form("/files/delete", all))).want(200)
	if got := a.toasts(); !slices.Equal(got, []string{"a.csv deleted"}) {
		t.Errorf("told: %q", got)
	}
	bob.get("/files/" + string(foreign.ID)).want(200)
	polite(t, "nothing chosen", ada.post("/files/delete", url.Values{}).want(404))
	polite(t, "nothing of one's own", ada.post("/files/delete", url.Values{"id": {string(foreign.ID)}}).want(404))
}

func TestAnUndoHasItsMinuteAndItsFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	late, over := r.keep(ada.id, "late.csv", "1"), r.keep(ada.id, "over.csv", "2")
	for _, f := range []*models.File{late, over} {
		ada.post("/files/"+string(f.ID)+"/delete", url.Values{}).want(303)
	}
	r.exec("UPDATE files SET deleted_at = deleted_at - interval '61 s' WHERE id = $1", late.ID)
	testkit.Age(t, r.pool, "files", string(over.ID), 48*time.Hour)
	for _, f := range []*models.File{late, over} {
		ada.post("/files/restore", url.Values{"id": {string(f.ID)}}).want(404)
		if a := ada.get("/files?deleted=" + string(f.ID)); len(a.toasts()) != 0 {
			t.Errorf("%s is offered back: %q", f.Name, a.toasts())
		}
	}
}

func TestTheWayBackFromAnUndoStaysHereSEC9(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for path, want := range map[string]string{"//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "/files?q=a": "/files?q=a", "": "/"} {
		f := r.keep(ada.id, "a.csv", "1")
		ada.post("/files/"+string(f.ID)+"/delete", url.Values{}).want(303)
		if at := ada.post("/files/restore", url.Values{"id": {string(f.ID)}, "return": {path}}).want(303).at(); at != want {
			t.Errorf("return=%q leads to %q", path, at)
		}
	}
}
