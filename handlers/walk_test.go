package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"mayfly/models"
	"mayfly/web"
)

// call is how the walk calls one route: with ids of Ada's, whoever asks.
type call struct {
	path     string
	form     url.Values // of a POST
	file     bool       // the POST is an upload
	owner    int        // status for Ada
	stranger int        // status for Bob
	nobody   int        // status without a session
}

// pixel is a PNG of one pixel.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// calls makes, for every route of the table, a call with fresh ids: some of
// them change what they name.
func calls(r *rig, ada models.UserID) map[string]call {
	file := func() string { return string(r.keep(ada, "ada-alone.csv", "a,b\n1,2\n").ID) }
	gone := func() string {
		f := r.keep(ada, "ada-alone.csv", "x")
		if err := r.store.DeleteFile(r.t.Context(), ada, f.ID, nil); err != nil {
			r.t.Fatal(err)
		}
		return string(f.ID)
	}
	picture := models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"image/png": pixel}}
	run := func() string { return string(r.done(ada, "ada_alone()", picture).ID) }
	asking := func() string { return string(r.ask(r.begin(r.queue(ada, "ada_alone()").ID), 1, "ada-alone? ").ID) }
	ids := func(id string) url.Values { return url.Values{"id": {id}} }
	_, bot := r.bot(false, models.ScopeRun)
	app := func(what string) call {
		return call{path: "/apps/" + string(bot) + what, form: url.Values{}, owner: 303, stranger: 303, nobody: 401}
	}
	token := func() string {
		_, t, err := r.store.CreateToken(r.t.Context(), ada, newToken(r.t, []models.Scope{models.ScopeRun}))
		if err != nil {
			r.t.Fatal(err)
		}
		return string(t.ID)
	}
	all := map[string]call{
		"GET /{$}":                          {path: "/", owner: 200, stranger: 200, nobody: 200},
		"GET /docs":                         {path: "/docs", owner: 200, stranger: 200, nobody: 200},
		"GET /docs/api":                     {path: "/docs/api", owner: 200, stranger: 200, nobody: 200},
		"GET /find":                         {path: "/find?q=ada", owner: 303, stranger: 303, nobody: 401},
		"GET /settings":                     {path: "/settings", owner: 200, stranger: 200, nobody: 401},
		"POST /settings/tokens":             {path: "/settings/tokens", form: url.Values{"name": {"x"}, "scope": {"run"}, "life": {"7"}}, owner: 201, stranger: 201, nobody: 401},
		"POST /settings/tokens/{id}/revoke": {path: "/settings/tokens/" + token() + "/revoke", form: url.Values{}, owner: 303, stranger: 404, nobody: 401},
		"GET /apps/{id}":                    {path: "/apps/" + string(bot), owner: 200, stranger: 200, nobody: 401},
		"POST /apps/{id}/link":              app("/link"),
		"POST /apps/{id}/unlink":            app("/unlink"),
		"POST /apps/{id}/block":             app("/block"),
		"POST /apps/{id}/unblock":           app("/unblock"),
		"GET /login/discord":                {path: "/login/discord", owner: 404, stranger: 404, nobody: 404}, // not set up here
		"GET /auth/discord/callback":        {path: "/auth/discord/callback", owner: 404, stranger: 404, nobody: 404},
		"POST /login/local":                 {path: "/login/local", form: url.Values{"discord_id": {"900"}}, owner: 303, stranger: 303, nobody: 303},
		"POST /logout":                      {path: "/logout", form: url.Values{}, owner: 303, stranger: 303, nobody: 303},
		"GET /runs":                         {path: "/runs", owner: 200, stranger: 200, nobody: 401},
		"POST /runs":                        {path: "/runs", form: url.Values{"code": {"1"}, "file": {file()}}, owner: 303, stranger: 404, nobody: 401},
		"GET /runs/{id}":                    {path: "/runs/" + run(), owner: 200, stranger: 404, nobody: 401},
		"GET /runs/{id}/events":             {path: "/runs/" + run() + "/events", owner: 200, stranger: 404, nobody: 401},
		"GET /runs/{id}/log":                {path: "/runs/" + run() + "/log", owner: 200, stranger: 404, nobody: 401},
		"GET /runs/{id}/outputs/{seq}":      {path: "/runs/" + run() + "/outputs/1?type=image/png", owner: 200, stranger: 404, nobody: 401},
		"POST /runs/{id}/interrupt":         {path: "/runs/" + string(r.queue(ada, "1").ID) + "/interrupt", form: url.Values{}, owner: 303, stranger: 404, nobody: 401},
		"POST /runs/{id}/answer":            {path: "/runs/" + asking() + "/answer", form: url.Values{"question": {"1"}, "text": {"yes"}}, owner: 303, stranger: 404, nobody: 401},
		"GET /files":                        {path: "/files", owner: 200, stranger: 200, nobody: 401},
		"POST /files":                       {path: "/files", file: true, owner: 303, stranger: 303, nobody: 401},
		"POST /files/delete":                {path: "/files/delete", form: ids(file()), owner: 303, stranger: 404, nobody: 401},
		"POST /files/restore":               {path: "/files/restore", form: ids(gone()), owner: 303, stranger: 404, nobody: 401},
		"GET /files.zip":                    {path: "/files.zip?id=" + file(), owner: 200, stranger: 404, nobody: 401},
		"GET /files/{id}":                   {path: "/files/" + file(), owner: 200, stranger: 404, nobody: 401},
		"GET /files/{id}/content":           {path: "/files/" + file() + "/content", owner: 303, stranger: 404, nobody: 401},
		"POST /files/{id}/delete":           {path: "/files/" + file() + "/delete", form: url.Values{}, owner: 303, stranger: 404, nobody: 401},
		"GET /api/v1/openapi.json":          {path: "/api/v1/openapi.json", owner: 200, stranger: 200, nobody: 200},
		"GET /static/":                      {path: "/static/nothing.css", owner: 404, stranger: 404, nobody: 404},
		"GET /healthz":                      {path: "/healthz", owner: 200, stranger: 200, nobody: 200},
		"GET /readyz":                       {path: "/readyz", owner: 200, stranger: 200, nobody: 200},
		"GET /gallery":                      {path: "/gallery", owner: 200, stranger: 200, nobody: 200},
	}
	maps.Copy(all, accountCalls(r, ada))
	maps.Copy(all, notebookCalls(r, ada))
	maps.Copy(all, shareCalls(r, ada))
	return all
}

// step is one route of the walk.
type step struct {
	method   string
	audience web.Audience
	anyHost  bool
	call
}

// walk gives a step for each route of the table. A route that it does not know
// fails the test: a new one is either walked or not there.
func walk(t *testing.T, r *rig, ada models.UserID) (steps []step) {
	t.Helper()
	known := calls(r, ada)
	tokens := 0
	for _, rt := range r.routes {
		if rt.Audience == web.Token {
			tokens++ // programs walk those
			continue
		}
		c, found := known[rt.Method+" "+rt.Pattern]
		if !found {
			t.Errorf("the walk does not know %s %s", rt.Method, rt.Pattern)
			continue
		}
		steps = append(steps, step{rt.Method, rt.Audience, rt.AnyHost, c})
	}
	if len(steps) != len(known) {
		t.Errorf("the walk knows %d routes, the table has %d", len(known), len(r.routes)-tokens)
	}
	return steps
}

func (s step) by(p *person) *http.Request {
	p.t.Helper()
	switch {
	case s.file:
		return p.uploadTo(s.path, "a.py", "x")
	case s.method == http.MethodPost:
		return p.form(s.path, s.form)
	}
	return p.request(s.method, s.path, nil)
}
