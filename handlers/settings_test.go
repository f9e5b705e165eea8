package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/models"
)

// What an app did for a Discord id is there when that id signs in on the web.
func TestWhatAnAppDidForSomebodyIsThereWhenTheySignIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	secret, _ := r.bot(true, models.ScopeRun, models.ScopeFilesWrite)
	program := r.nobody()
	call := func(c apiCall, method string) *answer { return program.do(c.by(program, method, secret, "42")) }
	id := models.RunID(between(call(apiCall{path: "/runs", body: `{"code":"from_a_bot()"}`}, http.MethodPost).want(202).body, `"run_id":"`, `"`))
	call(apiCall{path: "/files", body: apiForm, kind: "multipart/form-data; boundary=x"}, http.MethodPost).want(201)
	run := r.begin(id)
	r.keep("42", "made.csv", "a,b\n", id)
	r.finish(run, models.Verdict{Ending: models.OK})

	ada := r.person("42")
	if page := ada.get("/runs").want(200); !strings.Contains(page.words(".rows"), "from_a_bot()") {
		t.Errorf("her runs: %s", page.words("main"))
	}
	if page := ada.get("/runs/" + string(id)).want(200); !strings.Contains(page.body, "made.csv") {
		t.Error("the run's page lacks its file")
	}
	files := ada.get("/files").want(200)
	for _, name := range []string{"made.csv", "a.txt"} {
		if !strings.Contains(files.body, name) {
			t.Errorf("her files lack %s: %s", name, files.words("tbody"))
		}
	}
	if apps := ada.get("/settings").want(200).words("#apps .rows"); !strings.Contains(apps, "bot") || !strings.Contains(apps, "last acted for you") {
		t.Errorf("her apps: %s", apps)
	}
	bob := r.person("43")
	if page := bob.get("/files").want(200); strings.Contains(page.body, "made.csv") {
		t.Error("Bob sees her file")
	}
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	inside, _, _ := strings.Cut(rest, after)
	return inside
}

func TestATokenIsMadeShownOnceAndRevokedSEC21(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	page := ada.post("/settings/tokens", url.Values{"name": {"my <script>"}, "scope": {"run", "files:read"}, "life": {"30"}}).want(201)
	secret := page.words("[data-token]")
	if !models.LooksLikeToken(secret) || strings.Contains(page.body, "my <script>") {
		t.Fatalf("the page shows %q", secret)
	}
	token, err := r.store.Token(t.Context(), secret)
	if err != nil || token.Scopes != "run files:read" || *token.UserID != "42" || token.Name != "my <script>" {
		t.Fatalf("%+v, %v", token, err)
	}
	again := ada.get("/settings").want(200)
	if strings.Contains(again.body, secret[3:]) || !strings.Contains(again.words("#tokens"), "my <script>") {
		t.Error("the token is shown again, or not listed")
	}
	if strings.Contains(r.log.String(), secret[3:]) {
		t.Error("the token stands in the log")
	}
	revoke := "/settings/tokens/" + string(token.ID) + "/revoke"
	bob.post(revoke, url.Values{}).want(404)
	if got := ada.post(revoke, url.Values{}).want(303).at(); got != "/settings" {
		t.Errorf("back to %s", got)
	}
	if _, err := r.store.Token(t.Context(), secret); models.CodeOf(err) != models.Unauthenticated {
		t.Errorf("it still works: %v", err)
	}
	if words := ada.get("/settings").words("#tokens"); !strings.Contains(words, "Revoked") {
		t.Errorf("the list says %s", words)
	}
}

func TestATokenThatMakesNoSenseIsNotMade(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for name, form := range map[string]url.Values{
		"no name":     {"scope": {"run"}, "life": {"7"}},
		"blank":       {"name": {" \u200d"}, "scope": {"run"}, "life": {"7"}},
		"no scope":    {"name": {"x"}, "life": {"7"}},
		"admin":       {"name": {"x"}, "scope": {"run", "admin"}, "life": {"7"}},
		"a scope x":   {"name": {"x"}, "scope": {"x"}, "life": {"7"}},
		"no life":     {"name": {"x"}, "scope": {"run"}},
		"a long life": {"name": {"x"}, "scope": {"run"}, "life": {"366"}},
		"no number":   {"name": {"x"}, "scope": {"run"}, "life": {"-1"}},
	} {
		a := ada.post("/settings/tokens", form).want(400)
		if a.words("#token-fault") == "" || strings.Contains(a.body, "mf_") {
			t.Errorf("%s: %s", name, a.words("main"))
		}
	}
	if n := r.count("SELECT count(*) FROM tokens"); n != 0 {
		t.Errorf("%d tokens", n)
	}
}

func TestAPersonDecidesAboutAnAppSEC24(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	secret, app := r.bot(false, models.ScopeRun)
	path := "/apps/" + string(app)
	list := apiCall{path: "/runs", body: `{"code":"1"}`}
	try := func(who string) int { return ada.do(list.by(r.nobody(), http.MethodPost, secret, who)).StatusCode }
	page := ada.get(path).want(200)
	if !strings.Contains(page.words("main"), "May this app act for you") || !strings.Contains(page.words(".app-may"), "run code for you") || try("42") != 403 {
		t.Errorf("it says %s", page.words("main"))
	}
	for _, step := range []struct {
		what, words string
		status      int
	}{
		{"link", "You have linked this app", 202}, {"block", "You have blocked this app", 403}, {"unblock", "You have linked this app", 202},
		{"unlink", "May this app act for you", 403}, {"block", "You have blocked this app", 403}, {"link", "You have linked this app", 202},
	} {
		if at := ada.post(path+"/"+step.what, url.Values{}).want(303).at(); at != path {
			t.Errorf("%s leads to %s", step.what, at)
		}
		if words := ada.get(path).words("main"); !strings.Contains(words, step.words) {
			t.Errorf("after %s it says %s", step.what, words)
		}
		if got := try("42"); got != step.status {
			t.Errorf("after %s the app gets %d", step.what, got)
		}
		if got := try("43"); got != 403 {
			t.Errorf("after Ada's %s it acts for Bob: %d", step.what, got)
		}
	}
	if at := ada.post(path+"/block", url.Values{"return": {"//evil.example"}}).want(303).at(); at != "/" {
		t.Errorf("it leads to %s", at)
	}
	if words := bob.get("/settings").words("#apps"); strings.Contains(words, "bot") && !strings.Contains(words, "bots that act") {
		t.Errorf("Bob's apps: %s", words)
	}
	for _, id := range hostile() {
		ada.get("/apps/" + id).want(404)
		ada.post("/apps/"+id+"/link", url.Values{}).want(404)
		ada.post("/settings/tokens/"+id+"/revoke", url.Values{}).want(404)
	}
}

func TestTheReferenceNamesEveryOperationAndCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	page := r.nobody().get("/docs/api").want(200)
	for _, rt := range r.routes {
		if path, ours := strings.CutPrefix(rt.Pattern, "/api/v1"); ours && path != "/openapi.json" && !strings.Contains(page.words(".operation h3"), rt.Method+" "+path) {
			t.Errorf("it lacks %s %s", rt.Method, path)
		}
	}
	ids := map[string]bool{}
	for _, id := range page.page().Find("[id]").EachIter() {
		ids["#"+id.AttrOr("id", "")] = true
	}
	for _, link := range page.page().Find("a[href^='#']").EachIter() {
		if to := link.AttrOr("href", ""); !ids[to] {
			t.Errorf("a link to %s leads nowhere", to)
		}
	}
	for _, code := range []string{"not_found", "gone", "too_often", "app_blocked", "key_reused", "unsupported_media_type"} {
		if !ids["#code-"+code] {
			t.Errorf("the code %s has no place", code)
		}
	}
}
