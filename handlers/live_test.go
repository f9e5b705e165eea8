package handlers_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mayfly/models"
	"mayfly/web"
)

// stream is an open event stream as a browser reads it.
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	leave func()
}

type event struct{ id, name, data string }

// patience bounds every wait of these tests; none of them takes it.
const patience = 20 * time.Second

// follow opens a run's stream; last is the id that a browser brings back.
func (p *person) follow(run models.RunID, query, last string) *stream {
	p.t.Helper()
	req := p.request(http.MethodGet, "/runs/"+string(run)+"/events"+query, nil)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	return p.streamOf(req)
}

// streamOf sends a request that a stream answers.
func (p *person) streamOf(req *http.Request) *stream {
	p.t.Helper()
	ctx, leave := context.WithTimeout(p.t.Context(), patience)
	p.t.Cleanup(leave)
	resp, err := p.client.Do(req.WithContext(ctx))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		p.t.Fatalf("the stream answered %d as %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	s := &stream{t: p.t, lines: bufio.NewScanner(resp.Body), leave: leave}
	s.lines.Buffer(nil, 4<<20)
	return s
}

// next is the next event, comments and retries left out.
func (s *stream) next() event {
	s.t.Helper()
	e, ok := s.read()
	if !ok {
		s.t.Fatal("the stream ended")
	}
	return e
}

func (s *stream) read() (e event, ok bool) {
	var data []string
	for s.lines.Scan() {
		line := s.lines.Text()
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && (data != nil || e.name != ""):
			e.data = strings.Join(data, "\n")
			return e, true
		case name == "id":
			e.id = value
		case name == "event":
			e.name = value
		case name == "data":
			data = append(data, value)
		}
	}
	return e, false
}

// ended checks that nothing more comes and the stream is over.
func (s *stream) ended() {
	s.t.Helper()
	if e, ok := s.read(); ok {
		s.t.Errorf("after its end the stream says %+v", e)
	}
}

func stdout(seq int, text string) models.Output {
	return models.Output{Seq: seq, Stream: "stdout", Text: text}
}

func TestAStreamTellsARunFromTheQueueToItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	id := r.queue(ada.id, "work()").ID
	s := ada.follow(id, "", "")
	if e := s.next(); e.id != "queued-1-0-0" || !strings.Contains(e.data, "queued 1st") {
		t.Errorf("first: %s %.300s", e.id, e.data)
	}
	run := r.begin(id)
	if e := s.next(); e.id != "running-0-0-0" {
		t.Errorf("begun: %+v", e.id)
	}
	r.say(id, stdout(1, "one <b>\n"))
	if e := s.next(); e.id != "running-0-1-0" || !strings.Contains(e.data, "one &lt;b&gt;") {
		t.Errorf("spoken: %s %.300s", e.id, e.data)
	}
	r.keep(ada.id, "a.csv", "x", id)
	r.say(id, stdout(2, "two\n"))
	if e := s.next(); e.id != "running-0-2-1" || !strings.Contains(e.data, "one &lt;b&gt;") || !strings.Contains(e.data, "two") {
		t.Errorf("a message is not complete in itself: %s %.300s", e.id, e.data)
	}
	r.finish(run, models.Verdict{Ending: models.Raised, Exception: "ValueError: no", ReturnCode: 1})
	if e := s.next(); e.id != "done-0-2-1" || e.name != "" || !strings.Contains(e.data, "ValueError: no") || !strings.Contains(e.data, "a.csv") {
		t.Errorf("the end: %s %.600s", e.id, e.data)
	}
	if e := s.next(); e.name != "done" || e.data != "raised" {
		t.Errorf("then %+v", e)
	}
	s.ended()
}

func TestREL21AStreamGoesOnWhereTheBrowserWas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "work()").ID)
	r.say(run.ID, stdout(1, "one\n"))
	first := ada.follow(run.ID, "", "")
	at := first.next().id
	first.leave()

	// Nothing happened meanwhile, so nothing is sent until something does.
	idle := ada.follow(run.ID, "", at)
	r.say(run.ID, stdout(2, "two\n"))
	if e := idle.next(); !strings.Contains(e.data, "one") || !strings.Contains(e.data, "two") {
		t.Errorf("after a pause: %s %.300s", e.id, e.data)
	}
	idle.leave()

	r.say(run.ID, stdout(3, "three\n"))
	missed := ada.follow(run.ID, "?after="+at, "")
	if e := missed.next(); !strings.Contains(e.data, "three") {
		t.Errorf("what was missed: %.300s", e.data)
	}
	missed.leave()

	r.finish(run, models.Verdict{Ending: models.OK})
	for range 2 { // a browser that lost the end asks again and gets it again
		over := ada.follow(run.ID, "", at)
		if e := over.next(); !strings.Contains(e.data, "three") || !strings.HasPrefix(e.id, "done-") {
			t.Errorf("after the end: %s %.300s", e.id, e.data)
		}
		if e := over.next(); e.name != "done" || e.data != "ok" {
			t.Errorf("then %+v", e)
		}
		over.ended()
	}
}

func TestTwoTabsSeeTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "work()").ID)
	tabs := []*stream{ada.follow(run.ID, "", ""), ada.follow(run.ID, "", "")}
	for _, s := range tabs {
		s.next()
	}
	r.say(run.ID, stdout(1, "both\n"))
	a, b := tabs[0].next(), tabs[1].next()
	if a.id != b.id || !strings.Contains(a.data, "both") || !strings.Contains(b.data, "both") {
		t.Errorf("%s and %s", a.id, b.id)
	}
}

// The quick box is another place: its bar turns from Stop to Run.
func TestTheQuickBoxGetsItsBar(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "work()").ID)
	s := ada.follow(run.ID, "?place=quick", "")
	if e := s.next(); !strings.Contains(e.data, `id="run-bar"`) || !strings.Contains(e.data, "/runs/"+string(run.ID)+"/interrupt") {
		t.Errorf("while it runs: %.300s", e.data)
	}
	r.finish(run, models.Verdict{Ending: models.OK})
	if e := s.next(); !strings.Contains(e.data, "data-run") || strings.Contains(e.data, "/interrupt") {
		t.Errorf("when it is done: %.300s", e.data)
	}
	page := ada.follow(run.ID, "?place=nonsense", "")
	if e := page.next(); strings.Contains(e.data, `id="run-bar"`) {
		t.Error("the page got the quick box's bar")
	}
}

func TestSEC20StreamsAreForTheirOwnerAndThisSite(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	run := r.begin(r.queue(ada.id, "work()").ID)
	path := "/runs/" + string(run.ID) + "/events"
	bob.get(path).want(404)
	r.nobody().get(path).want(401)
	for _, site := range []string{"cross-site", "same-site"} {
		req := ada.request(http.MethodGet, path, nil)
		req.Header.Set("Sec-Fetch-Site", site)
		ada.do(req).want(403)
	}
	for range 5 {
		ada.follow(run.ID, "", "").next()
	}
	if a := ada.get(path).want(429); a.Header.Get("Retry-After") == "" {
		t.Error("a sixth stream is refused without Retry-After")
	}
}

func TestSEC4ALogoutEndsItsStreams(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, phone := r.person("42"), r.person("42")
	run := r.begin(r.queue(ada.id, "work()").ID)
	here, there := ada.follow(run.ID, "", ""), phone.follow(run.ID, "", "")
	here.next()
	there.next()
	start := time.Now()
	ada.post("/logout", url.Values{}).want(303)
	here.ended()
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the stream ended after %s", took)
	}
	r.say(run.ID, stdout(1, "goes on\n"))
	if e := there.next(); !strings.Contains(e.data, "goes on") {
		t.Errorf("the other session's stream: %+v", e)
	}
}

// A session that ends elsewhere, on another node or by an admin, is noticed.
func TestSEC20ASessionThatEndsElsewhereEndsItsStreams(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *setup) { s.web.Streams = web.StreamLimits{Recheck: 20 * time.Millisecond} })
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "work()").ID)
	s := ada.follow(run.ID, "", "")
	s.next()
	r.exec("DELETE FROM sessions")
	s.ended()
}
