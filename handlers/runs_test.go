package handlers_test

import (
	"io"
	"net/url"
	"slices"
	"sync"
	"testing"

	"mayfly/models"
)

func TestADoublePressIsOneRun(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	form := url.Values{"code": {"print(1)"}, "form_key": {"one-press"}}
	var mu sync.Mutex
	var all sync.WaitGroup
	places := map[string]bool{}
	for range 8 {
		all.Go(func() {
			req := ada.form("/runs", form)
			resp, err := ada.client.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			_, _ = io.Copy(io.Discard, resp.Body)
			mu.Lock()
			defer mu.Unlock()
			places[resp.Header.Get("Location")] = true
		})
	}
	all.Wait()
	if n := r.count("SELECT count(*) FROM runs"); n != 1 || len(places) != 1 || places[""] {
		t.Errorf("%d runs, at %v", n, places)
	}
	if n := r.count("SELECT count(*) FROM test_jobs"); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if at := bob.post("/runs", form).want(303).at(); places[at] {
		t.Error("somebody else's key gives the same run")
	}
}

func TestARunIsStoppedFromItsPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	waiting, running := r.queue(ada.id, "1"), r.begin(r.queue(ada.id, "2").ID)
	for _, id := range []models.RunID{waiting.ID, running.ID} {
		if at := ada.post("/runs/"+string(id)+"/interrupt", url.Values{}).want(303).at(); at != "/runs/"+string(id) {
			t.Errorf("it leads to %s", at)
		}
	}
	if n := r.count("SELECT count(*) FROM runs WHERE ending = 'cancelled' AND id = $1", waiting.ID); n != 1 {
		t.Error("a waiting run is not cancelled")
	}
	if n := r.count("SELECT count(*) FROM runs WHERE state = 'running' AND interrupt_at IS NOT NULL"); n != 1 {
		t.Error("a running run is not asked to stop")
	}
	again := ada.do(part(ada.form("/runs/"+string(waiting.ID)+"/interrupt", url.Values{}))).want(204)
	if again.body != "" {
		t.Errorf("stopping twice says %q", again.body)
	}
}

func TestALogIsAllTheTextThatIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.done(ada.id, "1", stdout(1, "a\n"), models.Output{Seq: 2, Stream: "stderr", Text: "b\r\n"},
		models.Output{Seq: 3, Stream: "display", Bundle: map[string]string{"text/plain": "shown"}}, stdout(4, "<c>\x1b[1m\n"))
	a := ada.get("/runs/" + string(run.ID) + "/log").want(200)
	if a.body != "a\nb\r\n<c>\x1b[1m\n" || !slices.Contains(a.Header.Values("Content-Disposition"), `attachment; filename="run-`+run.ID.Short()+`.log"`) {
		t.Errorf("%q %v", a.body, a.Header)
	}
}
