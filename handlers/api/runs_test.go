package api_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"mayfly/models"
	"mayfly/web"
)

func TestAKeyGivesTheFirstResultAgainSEC25(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	bot := r.bot(true)
	body := `{"user_id": 42, "code": "import random; print(random.random())", "timeout": 20}`
	first := bot.post("/execute", body, "Idempotency-Key", "k").want(200).object()
	again := bot.post("/execute", ` {"timeout":2e1,"code":"import random; print(random.random())","user_id":"42"}`, "Idempotency-Key", "k").want(200).object()
	if first["success"] != true || first["output"] != again["output"] || first["run_id"] != again["run_id"] {
		t.Errorf("%v, then %v", first, again)
	}
	if run := bot.post("/runs", body, "Idempotency-Key", "k").want(202).object(); run["run_id"] != first["run_id"] || run["state"] != "done" {
		t.Errorf("without waiting: %v", run)
	}
	bot.post("/execute", strings.Replace(body, "20", "21", 1), "Idempotency-Key", "k").refuses(422, "key_reused")
	if other := bot.post("/execute", strings.Replace(body, "42", "43", 1), "Idempotency-Key", "k").want(200).object(); other["run_id"] == first["run_id"] {
		t.Error("somebody else's result")
	}
	if n := r.count("SELECT count(*) FROM runs"); n != 2 {
		t.Errorf("%d runs", n)
	}
}

func TestWhatTheCodeDoesWrongIsAResult(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	ada, _ := r.person("42")
	p := r.personal(ada)
	for code, want := range map[string]string{
		"print('a')\n1/0":             "raised 1 a\n",
		"import sys; sys.exit(7)":     "raised 7 ",
		"import time; time.sleep(60)": "timed_out 124 ",
		"import os; os._exit(3)":      "killed 137 ",
		"print(input()); input()":     "raised 1 one\n",
		"from IPython.display import display\nh = display(1, display_id=True)\nh.update(2)\nprint('x')\n3": "ok 0 2\nx\n3\n",
	} {
		got := p.post("/execute", map[string]any{"code": code, "timeout": 3, "stdin": "one\n"}).want(200).object()
		if is := fmt.Sprint(got["ending"], " ", got["return_code"], " ", got["output"]); is != want {
			t.Errorf("%s: %q, not %q (%v)", code, is, want, got["error"])
		}
		if said := got["error"].(string); (got["success"] == true) != (said == "") || strings.Contains(said, "\x1b") {
			t.Errorf("%s: the error is %q", code, said)
		}
	}
}

func TestDataComesAlongAsFarAsItFits(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	ada, _ := r.person("42")
	p := r.personal(ada)
	code := "for n, size in [('a', 5), ('b', 3), ('c', 1)]:\n    open(n + '.bin', 'wb').write(b'x' * size * 1000 * 1000)\nopen('d', 'wb').write(b'y')\nopen('big', 'wb').truncate(60*1000*1000)"
	got := p.post("/execute", map[string]any{"code": code, "include_data": true}).want(200).object()
	var sent []string
	for _, f := range got["generated_files"].([]any) {
		made := f.(map[string]any)
		sent = append(sent, fmt.Sprint(made["filename"], made["data"] != nil))
	}
	if is := strings.Join(sent, " "); is != "a.bintrue b.bintrue c.binfalse dfalse" {
		t.Errorf("%s", is)
	}
	refused := got["files_not_kept"].([]any)
	if len(refused) != 1 || refused[0].(map[string]any)["name"] != "big" || refused[0].(map[string]any)["reason"] == "" {
		t.Errorf("not kept: %v", refused)
	}
	id := got["run_id"].(string)
	without := p.get("/runs/" + id).want(200).object()["result"].(map[string]any)
	for _, f := range without["generated_files"].([]any) {
		if f.(map[string]any)["data"] != nil {
			t.Error("data that nobody asked for")
		}
	}
}

// events reads a run's stream to its end.
func (p *program) events(path, last string) (names []string, lastID string) {
	p.t.Helper()
	req := p.request(http.MethodGet, path, nil)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		p.t.Fatalf("%s answered %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	name := ""
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			lastID = value
		case "event":
			name = value
		case "data":
			names = append(names, name+" "+value)
		}
	}
	return names, lastID
}

func TestARunIsFollowedAndFollowedAgainREL21(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	ada, _ := r.person("42")
	p := r.personal(ada)
	run := p.post("/runs", `{"code":"import time\nprint('one')\ntime.sleep(0.3)\nprint('two')"}`).want(202)
	id := run.object()["run_id"].(string)
	if run.Header.Get("Location") != "/api/v1/runs/"+id {
		t.Errorf("Location: %q", run.Header.Get("Location"))
	}
	got, last := p.events("/runs/"+id+"/events", "")
	all := strings.Join(got, "\n")
	end := got[len(got)-1]
	if !strings.Contains(all, `"text":"one\n"`) || !strings.Contains(all, `state {"state":"done"`) || !strings.HasPrefix(end, "done {") ||
		!strings.Contains(end, `"output":"one\ntwo\n"`) || strings.Count(all, "\ndone {") != 1 {
		t.Errorf("the stream:\n%s", all)
	}
	if again, _ := p.events("/runs/"+id+"/events", last); len(again) != 0 {
		t.Errorf("after its end it tells %q", again)
	}
	if half, _ := p.events("/runs/"+id+"/events", "1"); strings.Contains(strings.Join(half, ""), `"text":"one\n"`) {
		t.Errorf("what had arrived comes again: %q", half)
	}
	for _, cursor := range []string{"nonsense", "-1", strings.Repeat("9", 60), "1e9"} {
		if whole, _ := p.events("/runs/"+id+"/events", cursor); len(whole) < 3 {
			t.Errorf("a cursor of nobody's, %s: %q", cursor, whole)
		}
	}
	for _, cursor := range []string{"2147483647", "2147483648", "9223372036854775807"} { // beyond its last
		if end, _ := p.events("/runs/"+id+"/events", cursor); len(end) != 2 || !strings.HasPrefix(end[1], "done {") {
			t.Errorf("the cursor %s: %q", cursor, end)
		}
	}
}

func TestARunIsInterruptedThroughTheAPI(t *testing.T) {
	t.Parallel()
	r := newRig(t, working)
	bot := r.bot(true)
	id := bot.post("/runs", `{"user_id":"42","code":"print('up')\nwhile True: pass"}`).want(202).object()["run_id"].(string)
	run := &models.Run{ID: models.RunID(id), UserID: "42"}
	r.Until(t, run, "its first words", func() bool { return r.Said(t, run, "stdout") == "up\n" })
	bot.do(bot.request(http.MethodPost, "/runs/"+id+"/interrupt", nil)).refuses(400, "invalid")
	bot.do(bot.request(http.MethodPost, "/runs/"+id+"/interrupt?user_id=43", nil)).refuses(404, "not_found")
	bot.do(bot.request(http.MethodPost, "/runs/"+id+"/interrupt?user_id=42", nil)).want(202)
	if done := r.Await(t, run); done.Ending != models.Interrupted {
		t.Errorf("it ended %s", done.Ending)
	}
	bot.do(bot.request(http.MethodPost, "/runs/"+id+"/interrupt?user_id=42", nil)).refuses(409, "conflict")
	result := bot.get("/runs/" + id + "?user_id=42").want(200).object()["result"].(map[string]any)
	if result["ending"] != "interrupted" || result["return_code"] != 130.0 || result["output"] != "up\n" {
		t.Errorf("%v", result)
	}
}

// A token that is revoked, and an app that is blocked, are stopped at once: also
// where they listen already, and where they wait for a result.
func TestWhatIsTakenBackEndsAtOnceSEC21SEC24(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(*rig, *program) error{
		"revoked": func(r *rig, p *program) error {
			return r.Store.System().RevokeAnyToken(r.t.Context(), "cli:test", p.token.ID)
		},
		"blocked": func(r *rig, p *program) error { return r.Store.BlockApp(r.t.Context(), "42", *p.token.AppID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, working)
			bot := r.bot(true)
			id := bot.post("/runs", `{"user_id":"42","code":"print('up')\nwhile True: pass"}`).want(202).object()["run_id"].(string)
			run := &models.Run{ID: models.RunID(id), UserID: "42"}
			r.Until(t, run, "its first words", func() bool { return r.Said(t, run, "stdout") == "up\n" })
			ended, answered := make(chan []string, 1), make(chan *answer, 1)
			go func() { got, _ := bot.events("/runs/"+id+"/events?user_id=42", ""); ended <- got }()
			go func() {
				answered <- bot.post("/execute", `{"user_id":"42","code":"print('never')\nwhile True: pass"}`)
			}()
			r.Until(t, run, "both run", func() bool { return r.count("SELECT count(*) FROM runs WHERE state = 'running'") == 2 })
			waits := models.RunID(bot.post("/runs", `{"user_id":"42","code":"1"}`).want(202).object()["run_id"].(string))
			if err := take(r, bot); err != nil {
				t.Fatal(err)
			}
			if run, err := r.Store.Run(t.Context(), "42", waits); err != nil || run.Ending != models.Cancelled {
				t.Errorf("what waits: %+v, %v", run, err)
			}
			late := time.After(time.Second)
			select {
			case got := <-ended:
				if strings.Contains(strings.Join(got, " "), "done {") {
					t.Errorf("the stream told the end: %q", got)
				}
			case <-late:
				t.Error("it still listens a second later")
			}
			runs, err := r.Store.ActiveRuns(t.Context(), "42")
			if err != nil || len(runs) != 2 || runs[0].State != models.Running {
				t.Errorf("what runs goes on: %+v, %v", runs, err)
			}
			for _, run := range runs {
				if err := r.Runner.Interrupt(t.Context(), "42", run.ID); err != nil {
					t.Error(err)
				}
			}
			a := <-answered
			if a.StatusCode != 401 && a.StatusCode != 403 || strings.Contains(a.body, "never") {
				t.Errorf("the result was handed out: %d %s", a.StatusCode, a.body)
			}
			if a := bot.get("/runs/" + id + "?user_id=42"); a.StatusCode != 401 && a.StatusCode != 403 {
				t.Errorf("and again: %d", a.StatusCode)
			}
		})
	}
}

func TestLimitsAreToldAndKeptByPersonAndAppSEC17(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *setup) { s.rates = web.Rates{Runs: 2, Files: 3, Tokens: 4, PerApp: 2} })
	bot := r.bot(true)
	ask := func(who string) *answer { return bot.post("/runs", `{"user_id":"`+who+`","code":"1"}`) }
	a := ask("42").want(202)
	if got := fmt.Sprint(a.Header.Get("RateLimit-Limit"), a.Header.Get("RateLimit-Remaining"), a.Header.Get("RateLimit-Reset")); got != "2130" {
		t.Errorf("limit, remaining, reset: %s", got)
	}
	ask("42").want(202)
	a = ask("42").refuses(429, "too_often")
	if a.Header.Get("Retry-After") == "" || a.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("%v", a.Header)
	}
	ask("43").want(202) // others have budgets of their own
	ask("44").want(202) // and the app has twice that of one
	ask("45").refuses(429, "too_often")
	other := r.bot(true)
	other.post("/runs", `{"user_id":"45","code":"1"}`).want(202)
	for range 3 {
		bot.upload("/files?user_id=42", "a", "x").want(201)
	}
	bot.upload("/files?user_id=42", "a", "x").refuses(429, "too_often")
	nobody := &program{rig: r, secret: "mf_" + strings.Repeat("a", 40)}
	for range 4 {
		nobody.get("/status").refuses(401, "unauthenticated")
	}
	nobody.get("/status").refuses(429, "too_often")
	bot.get("/status").want(200) // a token that works is let in whoever else failed from there
}

func TestTheStatusAndTheSweep(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, f := r.person("42")
	p := r.personal(ada, "run", "admin")
	got := p.get("/status").want(200).object()
	totals, limits := got["totals"].(map[string]any), got["limits"].(map[string]any)
	if got["ready"] != true || got["version"] != "test" || totals["files"] != 1.0 || totals["bytes"] != 8.0 || limits["timeout"] != 60.0 ||
		limits["timeout_max"] != 300.0 || limits["file_max"] != 5e7 || limits["file_lifetime"] != 172800.0 || limits["extend_max"] != 604800.0 {
		t.Errorf("%v", got)
	}
	if got := r.bot(true).get("/status").want(200).object(); got["totals"] != nil {
		t.Errorf("totals of nobody: %v", got)
	}
	r.exec("UPDATE files SET expires_at = now() WHERE id = $1", f.ID)
	if n := p.post("/cleanup", "").want(200).object()["deleted"]; n != 1.0 {
		t.Errorf("%v were swept", n)
	}
	if n := p.post("/cleanup", "").want(200).object()["deleted"]; n != 0.0 {
		t.Errorf("%v were swept again", n)
	}
	r.app.Refusing = func() string { return "Runs are refused here for now." }
	p.post("/runs", `{"code":"1"}`).refuses(503, "unavailable")
}
