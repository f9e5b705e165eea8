package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// TestANotebookIsFollowed: its stream sends what another tab did, goes on after a
// reconnect where it was, and ends when nothing moves any more.
func TestANotebookIsFollowed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "a", "b")
	here := ada.open(n.ID)
	run := r.begin(r.queueCell(n, 0).ID)
	s := ada.followNotebook(here)
	first := s.next()
	if first.id == "" || !strings.Contains(first.data, `data-state="running"`) || strings.Contains(first.data, string(n.Cells[1].ID)+`"`) {
		t.Fatalf("the first message is %s %.2000s", first.id, first.data)
	}
	r.say(run.ID, models.Output{Seq: 1, Stream: "stdout", Text: "tick 1\n"})
	if e := s.next(); !strings.Contains(e.data, "tick 1") || strings.Contains(e.data, "<textarea") {
		t.Errorf("what it printed: %.2000s", e.data)
	}
	ada.post("/cells/"+string(n.Cells[1].ID)+"/text", url.Values{"version": {"1"}, "text": {"from elsewhere"}}).want(303)
	edited := s.next()
	if !strings.Contains(edited.data, "from elsewhere") || !strings.Contains(edited.data, `data-version="2"`) {
		t.Errorf("the edit: %.2000s", edited.data)
	}
	s.leave()
	r.ask(run, 1, "Who? ")
	here.seen = edited.id
	s = ada.followNotebook(here)
	asks := s.next()
	if !strings.Contains(asks.data, "Who?") || !strings.Contains(asks.data, "waiting for you") || strings.Contains(asks.data, "from elsewhere") {
		t.Errorf("after the reconnect: %.2000s", asks.data)
	}
	r.finish(run, models.Verdict{Ending: models.Raised, Exception: "KeyError: 1", Line: 1})
	ends := map[string]bool{}
	for {
		e := s.next()
		ends[e.name] = true
		if e.name == "done" {
			break
		}
	}
	if s.ended(); len(ends) != 2 {
		t.Errorf("it ended with %v", slices.Collect(maps.Keys(ends)))
	}
}

func (p *person) followNotebook(b *tab) *stream {
	p.t.Helper()
	req := p.request(http.MethodGet, "/notebooks/"+string(b.id)+"/events", nil)
	req.Header.Set("Last-Event-ID", b.seen)
	return p.streamOf(req)
}

// TestADisplayOfAnEarlierRunChangesInEveryTab: what a later run does to it is sent
// alone, however large the rest is, and is there after a reload.
func TestADisplayOfAnEarlierRunChangesInEveryTab(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "a", "b")
	first := r.begin(r.queueCell(n, 0).ID)
	r.say(first.ID, models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"text/plain": "shown first"}})
	r.finish(first, models.Verdict{Ending: models.OK, LogBytes: 300 << 10})
	later := r.begin(r.queueCell(n, 1).ID)
	here := ada.open(n.ID)
	s := ada.followNotebook(here)
	for _, words := range []string{"then this", "and then that"} {
		refused, err := r.store.System().UpdateDisplays(t.Context(), later, []models.DisplayUpdate{{Run: first.ID, Seq: 1, Bundle: map[string]string{"text/plain": words}}}, 1<<20)
		if err != nil || refused[0] != nil {
			t.Fatal(refused, err)
		}
		if e := s.next(); !strings.Contains(e.data, words) || strings.Contains(e.data, string(n.Cells[1].ID)) || strings.Contains(e.data, "cell-late") {
			t.Errorf("%s: %.2000s", words, e.data)
		}
	}
	r.exec("UPDATE runs SET log_bytes = 100")
	if page := ada.get("/notebooks/" + string(n.ID)).want(200); !strings.Contains(page.body, "and then that") || strings.Contains(page.body, "then this") {
		t.Error("the page does not show it")
	}
}

// TestStreamsOfOneNotebookShareItsReading: what is new is read and drawn once, and
// goes to each of them in the same bytes; one that comes back late is told what it
// missed.
func TestStreamsOfOneNotebookShareItsReading(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "a", "b")
	here := ada.open(n.ID)
	run := r.begin(r.queueCell(n, 0).ID)
	counted, asked := testkit.Counted(t, r.pool, models.DefaultLimits())
	r.app.Store = counted
	late := *here
	var all []*stream
	for range 4 {
		all = append(all, ada.followNotebook(here))
		all[len(all)-1].next() // it has joined
	}
	asked.Since()
	r.say(run.ID, models.Output{Seq: 1, Stream: "stdout", Text: "tick 1\n"})
	first := all[0].next()
	for _, s := range all[1:] {
		if e := s.next(); e != first || !strings.Contains(e.data, "tick 1") {
			t.Errorf("another message: %s %.500s", e.id, e.data)
		}
	}
	if trips, _ := asked.Since(); trips > 4 { // the notebook, and what was said; again where it was not watched yet
		t.Errorf("it was read in %d round trips", trips)
	}
	if e := ada.followNotebook(&late).next(); e.id != first.id || !strings.Contains(e.data, "tick 1") {
		t.Errorf("the late one: %s %.500s", e.id, e.data)
	}
	all[0].leave()
	r.finish(run, models.Verdict{Ending: models.OK})
	for _, s := range all[1:] {
		for s.next().name != "done" {
		}
		s.ended()
	}
}
