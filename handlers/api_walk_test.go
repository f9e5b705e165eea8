package handlers_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"mayfly/models"
	"mayfly/web"
)

// apiCall is how the walk calls one route for programs, with ids of Ada's,
// whoever asks.
type apiCall struct {
	path     string
	body     string // of a POST
	kind     string // its type: JSON when there is a body
	scope    models.Scope
	owner    int // status for Ada
	stranger int // status for Bob
}

const apiForm = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--x--\r\n"

// apiCalls makes, for every Token route of the table, a call with fresh ids.
func apiCalls(r *rig, ada models.UserID) map[string]apiCall {
	file := func() string { return string(r.keep(ada, "ada-alone.csv", "a,b\n1,2\n").ID) }
	run := string(r.done(ada, "ada_alone()", models.Output{Seq: 1, Stream: "stdout", Text: "ada-alone"}).ID)
	const read, write, runs = models.ScopeFilesRead, models.ScopeFilesWrite, models.ScopeRun
	given := `{"code":"1","user_files":["` + file() + `"]}`
	return map[string]apiCall{
		"POST /api/v1/execute":             {path: "/execute", body: `{"code":" "}`, scope: runs, owner: 400, stranger: 400}, // nobody works here
		"POST /api/v1/runs":                {path: "/runs", body: given, scope: runs, owner: 202, stranger: 404},
		"GET /api/v1/runs/{id}":            {path: "/runs/" + run, scope: runs, owner: 200, stranger: 404},
		"GET /api/v1/runs/{id}/events":     {path: "/runs/" + run + "/events", scope: runs, owner: 200, stranger: 404},
		"POST /api/v1/runs/{id}/interrupt": {path: "/runs/" + string(r.queue(ada, "1").ID) + "/interrupt", scope: runs, owner: 202, stranger: 404},
		"GET /api/v1/files":                {path: "/files", scope: read, owner: 200, stranger: 200},
		"POST /api/v1/files":               {path: "/files", body: apiForm, kind: "multipart/form-data; boundary=x", scope: write, owner: 201, stranger: 201},
		"GET /api/v1/files/{id}":           {path: "/files/" + file(), scope: read, owner: 200, stranger: 404},
		"GET /api/v1/files/{id}/content":   {path: "/files/" + file() + "/content", scope: read, owner: 200, stranger: 404},
		"DELETE /api/v1/files/{id}":        {path: "/files/" + file(), scope: write, owner: 204, stranger: 404},
		"POST /api/v1/files/{id}/extend":   {path: "/files/" + file() + "/extend", scope: write, owner: 200, stranger: 404},
		"POST /api/v1/cleanup":             {path: "/cleanup", scope: models.ScopeAdmin, owner: 200, stranger: 200},
		"GET /api/v1/status":               {path: "/status", owner: 200, stranger: 200},
	}
}

// by is the request with a token, "" for none; who is named as the subject, if
// anybody.
func (c apiCall) by(p *person, method, secret, who string) *http.Request {
	p.t.Helper()
	path, body := "/api/v1"+c.path, c.body
	switch {
	case who != "" && c.kind == "" && body != "":
		body = strings.Replace(body, "{", `{"user_id":"`+who+`",`, 1)
	case who != "":
		path += "?user_id=" + who
	}
	req := p.request(method, path, strings.NewReader(body))
	if body == "" {
		req = p.request(method, path, nil)
	}
	req.Header.Del("Sec-Fetch-Site")
	req.Header.Del("Origin")
	if c.kind == "" && body != "" {
		req.Header.Set("Content-Type", "application/json")
	} else if c.kind != "" {
		req.Header.Set("Content-Type", c.kind)
	}
	if secret != "" {
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	return req
}

func (r *rig) token(owner models.UserID, scopes ...models.Scope) string {
	r.t.Helper()
	secret, _, err := r.store.System().CreateTokenFor(r.t.Context(), owner, newToken(r.t, scopes))
	if err != nil {
		r.t.Fatal(err)
	}
	return secret
}

func (r *rig) bot(everyone bool, scopes ...models.Scope) (string, models.AppID) {
	r.t.Helper()
	secret, token, err := r.store.System().CreateApp(r.t.Context(), everyone, newToken(r.t, scopes))
	if err != nil {
		r.t.Fatal(err)
	}
	return secret, *token.AppID
}

func newToken(t *testing.T, scopes []models.Scope) models.NewToken {
	t.Helper()
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	parsed, err := models.ParseScopes(names)
	if err != nil {
		t.Fatal(err)
	}
	return models.NewToken{Name: "bot", Scopes: parsed, Life: time.Hour, Actor: "cli:test"}
}

// problem checks a refusal by the API: its kind, and nothing of our insides.
func (a *answer) problem(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status || (a.Header.Get("Content-Type") != "application/problem+json" && a.Request.Method != http.MethodHead) {
		a.t.Errorf("%s %s answered %d %s, not %d: %.500s", a.Request.Method, a.Request.URL, a.StatusCode, a.Header.Get("Content-Type"), status, a.body)
	}
	if strings.Contains(a.body, "ada-alone") || strings.Contains(a.body, "ada_alone") {
		a.t.Errorf("%s %s tells a secret: %.300s", a.Request.Method, a.Request.URL, a.body)
	}
	return a
}

// The walk over every route for programs: who may not call it is told so, and
// nothing else; then its owner may.
func TestEveryTokenRouteKnowsWhoMayCallSEC1SEC22SEC23(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(s *setup) { s.web.Rates.Tokens = 10_000 })
	ada, bob := r.person("42"), r.person("43")
	known := apiCalls(r, ada.id)
	all := models.AllScopes()
	mine, bobs := r.token(ada.id, all...), r.token(bob.id, all...)
	revoked := r.token(ada.id, all...)
	r.exec("UPDATE tokens SET revoked_at = now() WHERE id = (SELECT id FROM tokens ORDER BY created_at DESC, id LIMIT 1)")
	expired := r.token(ada.id, all...)
	r.exec("UPDATE tokens SET expires_at = now() WHERE revoked_at IS NULL AND created_at = (SELECT max(created_at) FROM tokens)")
	unlinked, _ := r.bot(false, all...)
	blocked, app := r.bot(true, all...)
	if err := r.store.BlockApp(t.Context(), ada.id, app); err != nil {
		t.Fatal(err)
	}
	nobody := r.nobody()
	steps := 0
	for _, rt := range r.routes {
		if rt.Audience != web.Token {
			continue
		}
		steps++
		c, found := known[rt.Method+" "+rt.Pattern]
		if !found {
			t.Errorf("the walk does not know %s %s", rt.Method, rt.Pattern)
			continue
		}
		for name, secret := range map[string]string{"none": "", "revoked": revoked, "expired": expired, "unknown": "mf_" + strings.Repeat("a", 40), "nonsense": "x"} {
			a := nobody.do(c.by(nobody, rt.Method, secret, ""))
			if a.problem(401).Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %s token: no WWW-Authenticate", rt.Pattern, name)
			}
		}
		ada.do(c.by(ada, rt.Method, "", "")).problem(401) // a cookie does nothing here
		if c.stranger >= 400 {
			nobody.do(c.by(nobody, rt.Method, bobs, "")).problem(c.stranger)
		} else if a := nobody.do(c.by(nobody, rt.Method, bobs, "")); a.StatusCode != c.stranger || strings.Contains(a.body, "ada-alone") {
			t.Errorf("%s %s answered Bob %d: %.300s", rt.Method, rt.Pattern, a.StatusCode, a.body)
		}
		nobody.do(c.by(nobody, rt.Method, bobs, "42")).problem(403)
		for _, secret := range []string{unlinked, blocked} {
			nobody.do(c.by(nobody, rt.Method, secret, "42")).problem(403)
		}
		if c.scope != models.ScopeAny {
			other := models.ScopeFilesRead
			if c.scope == other {
				other = models.ScopeRun
			}
			nobody.do(c.by(nobody, rt.Method, r.token(ada.id, other), "")).problem(403)
			narrow, _ := r.bot(true, other) // an app may name nobody where a call is for nobody
			nobody.do(c.by(nobody, rt.Method, narrow, "")).problem(403)
			nobody.do(c.by(nobody, rt.Method, narrow, "42")).problem(403)
		}
		req := c.by(nobody, rt.Method, mine, "")
		req.Host = "evil.example"
		nobody.do(req).problem(421)
	}
	if steps != len(known) {
		t.Errorf("the walk knows %d routes, the table has %d", len(known), steps)
	}
	for name, c := range known {
		method, _, _ := strings.Cut(name, " ")
		a := nobody.do(c.by(nobody, method, mine, "42"))
		step{method: method, audience: web.Session, call: call{path: c.path}}.checkHeaders(t, a)
		if a.StatusCode != c.owner {
			t.Errorf("%s answered Ada %d, not %d: %.500s", name, a.StatusCode, c.owner, a.body)
		}
	}
}

// A token opens nothing that is for people, wherever it stands.
func TestATokenDoesNothingOnThePagesSEC22(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	secret := r.token(ada.id, models.AllScopes()...)
	nobody := r.nobody()
	for _, path := range []string{"/runs", "/files", "/settings"} {
		req := nobody.request(http.MethodGet, path, nil)
		req.Header.Set("Authorization", "Bearer "+secret)
		nobody.do(req).want(401)
	}
	for name, req := range map[string]*http.Request{
		"the address": nobody.request(http.MethodGet, "/api/v1/files?token="+secret, nil),
		"a form":      nobody.request(http.MethodPost, "/api/v1/runs", strings.NewReader("token="+secret)),
		"a cookie":    nobody.request(http.MethodGet, "/api/v1/files", nil),
	} {
		want := 401
		switch name {
		case "the address":
			want = 400
		case "a cookie":
			req.Header.Set("Cookie", "mayfly="+secret+"; token="+secret)
		}
		nobody.do(req).problem(want)
	}
	if strings.Contains(r.log.String(), secret) {
		t.Error("a token stands in the log")
	}
}

// What is not there, and what does not work so, is a problem under /api too.
func TestTheAPISpeaksJSONAlsoWhereNothingIs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	nobody := r.nobody()
	for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/status", "/api/v1/files/a/b/c"} {
		a := nobody.get(path)
		if path == "/api" {
			a.want(404)
			continue
		}
		a.problem(404)
	}
	r.person("42") // a program is sent nowhere, with its token in hand
	secret := r.token("42", models.ScopeFilesRead)
	for _, path := range []string{"/api/v1//files", "/api/v1/./files", "/api/v1/x/../files", "/api/v1/files//a/content"} {
		req := nobody.request(http.MethodGet, path, nil)
		req.Header.Set("Authorization", "Bearer "+secret)
		nobody.do(req).problem(404)
	}
	a := nobody.do(nobody.request(http.MethodDelete, "/api/v1/status", nil)).problem(405)
	if a.Header.Get("Allow") == "" {
		t.Error("405 without Allow")
	}
	head := nobody.do(nobody.request(http.MethodHead, "/api/v1/nothing", nil)).want(404)
	if head.body != "" {
		t.Errorf("HEAD has a body: %q", head.body)
	}
	read, write := io.Pipe()
	defer write.Close()
	go func() { _, _ = io.WriteString(write, "{") }()
	nobody.do(nobody.request(http.MethodPost, "/api/v1/runs", read)).problem(401) // before the body is read
}
