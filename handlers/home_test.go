package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mayfly/handlers"
	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestTheFirstVisitOffersASample(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	code := ada.get("/").want(200).page().Find("textarea[name=code]").Text()
	if !strings.Contains(code, "to_csv") {
		t.Errorf("the editor holds %q", code)
	}
	run := r.done(ada.id, "x = 1\nprint(x)")
	if code := strings.TrimSpace(ada.get("/").page().Find("textarea[name=code]").Text()); code != "" {
		t.Errorf("the next time it holds %q", code)
	}
	if code := ada.get("/?from=" + string(run.ID)).page().Find("textarea[name=code]").Text(); strings.TrimSpace(code) != "x = 1\nprint(x)" {
		t.Errorf("an old run's code comes back as %q", code)
	}
	r.person("43").get("/?from=" + string(run.ID)).want(404)
}

func TestHomeShowsWhatRunsWhatGoesAndWhatRan(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	old := r.done(ada.id, "old_code()")
	r.begin(r.queue(ada.id, "running_code()").ID)
	r.queue(ada.id, "waiting_code()")
	soon, later := r.keep(ada.id, "soon.csv", strings.Repeat("x", 1000), old.ID), r.keep(ada.id, "later.csv", "x")
	testkit.Age(t, r.pool, "files", string(soon.ID), 43*time.Hour)
	other := r.person("43")
	r.done(other.id, "foreign_code()")
	a := ada.get("/").want(200)
	for selector, want := range map[string]string{"#running": "running_code()", "#recent": "old_code()", "#expiring": "soon .csv", "#space": "1.0 KB"} {
		if got := a.words(selector); !strings.Contains(got, want) {
			t.Errorf("%s holds %q, not %q", selector, got, want)
		}
	}
	if strings.Contains(a.words("#expiring"), later.Name) || strings.Contains(a.body, "foreign") || !strings.Contains(a.words("#running"), "waiting_code()") {
		t.Errorf("Home shows what it should not, or too little: %q", a.words("main"))
	}
	if a.page().Find("meta[http-equiv=refresh]").Length() != 0 {
		t.Error("Home reloads over what is being typed")
	}
}

func TestARunsPageReloadsWithoutScriptWhileItRuns(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.begin(r.queue(ada.id, "1").ID)
	path := "/runs/" + string(run.ID)
	if a := ada.get(path); !strings.Contains(a.body, `<noscript><meta http-equiv="refresh" content="3"`) {
		t.Error("a running run's page stands still without script")
	}
	r.finish(run, models.Verdict{Ending: models.OK})
	if a := ada.get(path); strings.Contains(a.body, `http-equiv="refresh"`) {
		t.Error("a page that is done reloads for ever")
	}
}

func TestARunBySubmitIsAnsweredInPlace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	a := ada.do(part(ada.form("/runs", url.Values{"code": {"print(1)"}}))).want(200)
	if got := a.page().Find("hx-partial").Length(); got != 3 || !strings.Contains(a.body, "/events?place=quick") || strings.Contains(a.body, "<html") {
		t.Errorf("%d parts: %.400s", got, a.body)
	}
}

func TestHistoryHasPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.exec(`INSERT INTO runs (id, user_id, source, code, state, ending, wall_limit, memory_limit, finished_at, expires_at, queued_at)
		SELECT lpad(translate(n::text, '0189', 'abcd'), 26, 'a'), '42', 'web', 'run_' || lpad(n::text, 3, '0'), 'done', 'ok', 1, 1, now(), now(), now() - n * interval '1 minute'
		FROM generate_series(1, 60) AS n`)
	first := ada.get("/runs").want(200)
	if rows := first.page().Find(".run-row"); rows.Length() != 50 || !strings.Contains(rows.First().Text(), "run_001") {
		t.Errorf("%d rows", rows.Length())
	}
	older, _ := first.page().Find(".pager a").Attr("href")
	if rows := ada.get(older).want(200).page().Find(".run-row"); rows.Length() != 10 || !strings.Contains(rows.Last().Text(), "run_060") {
		t.Errorf("%d older rows at %s", rows.Length(), older)
	}
}

func TestAMachineThatRefusesRunsSaysSoAndQueuesNothing(t *testing.T) {
	t.Parallel()
	const why = "Runs are refused on this machine: bubblewrap is not installed."
	r := newRig(t, func(s *setup) {
		s.alter = func(a *handlers.App) { a.Refusing = func() string { return why } }
	})
	ada := r.person("42")
	if got := ada.get("/").want(200).words("main"); !strings.Contains(got, why) {
		t.Errorf("Home says %q", got)
	}
	a := ada.post("/runs", url.Values{"code": {"1"}}).want(http.StatusServiceUnavailable)
	if !strings.Contains(a.words("main"), why) || a.Header.Get("Retry-After") == "" {
		t.Errorf("the refusal says %q", a.words("main"))
	}
	if n := r.count("SELECT count(*) FROM runs"); n != 0 {
		t.Errorf("%d runs wait for nothing", n)
	}
	ada.get("/files").want(200)
	ada.get("/readyz").want(200)
}

func TestHomeSaysThatPythonWarmsUp(t *testing.T) {
	t.Parallel()
	var words atomic.Value
	words.Store("Python is still warming up: four seconds.")
	r := newRig(t, func(s *setup) {
		s.alter = func(a *handlers.App) { a.Warming = func() string { return words.Load().(string) } }
	})
	ada := r.person("42")
	home := ada.get("/").want(200)
	if got := home.words(".quick #warming:not([hidden])"); !strings.Contains(got, "four seconds") {
		t.Errorf("Home says %q", got)
	}
	panels := home.page().Find("live-panels[data-busy]")
	if fetched, _ := panels.Attr("hx-select-oob"); !strings.Contains(fetched, "#warming") {
		t.Errorf("the words stay when Python is warm: the page fetches %q anew", fetched)
	}
	ada.post("/runs", url.Values{"code": {"1"}}).want(303) // it waits, and runs
	words.Store("")
	if n := ada.get("/").page().Find("#warming[hidden]").Length(); n != 1 {
		t.Error("Python is warm, and the words stand there")
	}
}

func TestHelpNamesPythonPackagesAndLimits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, p := range map[string]*person{"nobody": r.nobody(), "somebody": r.person("42")} {
		got := p.get("/docs").want(200).words("main")
		for _, want := range []string{"3.11.2", "pandas 3.0.1", "512 MiB", "50 MB", "load_file"} {
			if !strings.Contains(got, want) {
				t.Errorf("to %s Help does not say %q: %.300s", name, want, got)
			}
		}
	}
}

func TestTheFrontPageOffersTheWayInThatThereIs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	page := r.nobody().get("/?return=/files%3Fq=a").want(200).page()
	form := page.Find("form.local")
	if form.AttrOr("action", "") != "/login/local" || form.Find("[name=return]").AttrOr("value", "") != "/files?q=a" {
		t.Errorf("the local form: %q", form.Text())
	}
	for _, path := range []string{"//evil.example", "https://evil.example"} {
		if got := r.nobody().get("/?return="+url.QueryEscape(path)).page().Find("[name=return]").AttrOr("value", ""); got != "/" {
			t.Errorf("return=%s is kept as %q", path, got)
		}
	}
}

func TestWhoeverIsNotSignedInIsToldWhereAndComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.nobody()
	page := p.get("/files?q=a").want(http.StatusUnauthorized).page()
	back := page.Find("form.local [name=return]").AttrOr("value", "")
	if back != "/files?q=a" {
		t.Fatalf("it comes back to %q", back)
	}
	if at := p.post("/login/local", url.Values{"return": {back}}).want(303).at(); at != back {
		t.Errorf("it came back to %q", at)
	}
}

func TestHealthAndReadiness(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		for _, host := range []string{"", "10.0.0.1:8080"} {
			p := r.nobody()
			req := p.request(http.MethodGet, path, nil)
			if host != "" {
				req.Host = host
			}
			if a := p.do(req).want(200); a.body != "" || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s says %q", path, a.body)
			}
		}
	}
	r.cut()
	r.nobody().get("/healthz").want(200)
	r.nobody().get("/readyz").want(503)
}

func TestADatabaseThatIsAwayIsABusyPageREL4(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.cut()
	a := ada.get("/files").want(http.StatusServiceUnavailable)
	if a.Header.Get("Retry-After") == "" || a.words("h1") == "" || !strings.Contains(a.body, a.Header.Get("X-Request-Id")) {
		t.Errorf("the page: %.400s", a.body)
	}
	r.nobody().get("/static/none").want(404)
}

func TestTheGalleryIsThereInDevelopmentOnly(t *testing.T) {
	t.Parallel()
	dev := newRig(t)
	dev.nobody().get("/gallery").want(200)
	if a := dev.nobody().get("/gallery?page=help").want(200); a.words("h1") != "Help" {
		t.Errorf("a named page: %q", a.words("h1"))
	}
	polite(t, "a page that is not", dev.nobody().get("/gallery?page=%00").want(404))
	prod := newRig(t, func(s *setup) { s.alter = func(a *handlers.App) { a.Development = false } })
	prod.nobody().get("/gallery").want(404)
}

func TestAnUnknownAddressKeepsTheFrameOfWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for who, rails := range map[*person]int{r.person("42"): 1, r.nobody(): 0} {
		if n := who.get("/nowhere").want(404).page().Find(".rail").Length(); n != rails {
			t.Errorf("%d rails on the 404, not %d", n, rails)
		}
	}
}
