package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"mayfly/handlers/api"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/web"
)

// rig is the surface for programs on a listener of loopback, with everything
// real beneath it.
type rig struct {
	*node.Node
	t   *testing.T
	app *api.API
	url string
}

// setup is what a test may change before the rig is built.
type setup struct {
	node  node.Config
	rates web.Rates
	work  bool // runs are worked; else they wait
}

// working lets runs be worked.
func working(c *setup) { c.work = true }

func newRig(t *testing.T, change ...func(*setup)) *rig {
	t.Helper()
	c := setup{rates: web.Rates{Runs: 10_000, Files: 10_000, Tokens: 10_000}}
	for _, alter := range change {
		alter(&c)
	}
	r := &rig{t: t, Node: node.New(t, c.node)}
	if c.work {
		r.Begin(t)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	r.url = "http://localhost:" + port
	r.app = &api.API{
		Store: r.Store, Vault: r.Vault, Runner: r.Runner, Hub: r.Hub, URL: r.url, Version: "test", Python: "3.11.2", Run: r.Run,
		Packages: func() []api.Package { return []api.Package{{Name: "pandas", Version: "3.0.1"}} },
		Warming:  func() string { return "" }, Refusing: func() string { return "" },
	}
	r.serve(l, c.rates)
	return r
}

func (r *rig) serve(l net.Listener, rates web.Rates) {
	r.t.Helper()
	app, _ := url.Parse(r.url)
	content := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	none := func(web.Problem) templ.Component { return templ.Raw("page") }
	site, err := web.NewServer(web.Config{
		URL: app, ContentURL: content, Secret: []byte(strings.Repeat("k", 32)), Store: r.Store, Rates: rates,
		Pages: web.Pages{Problem: none, Toast: none, JSON: api.ProblemJSON}, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	handler, err := site.Handler(api.Routes(r.app))
	if err != nil {
		r.t.Fatal(err)
	}
	server := web.NewHTTPServer(handler, slog.New(slog.DiscardHandler))
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	r.t.Cleanup(func() {
		site.EndStreams()
		if err := server.Shutdown(context.WithoutCancel(r.t.Context())); err != nil {
			r.t.Error(err)
		}
		serving.Wait()
	})
}

// program is a client with one token.
type program struct {
	*rig
	secret string
	token  *models.Token
}

func scopes(t *testing.T, names ...string) models.Scopes {
	t.Helper()
	if len(names) == 0 {
		names = []string{"run", "files:read", "files:write"}
	}
	s, err := models.ParseScopes(names)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// personal makes a token of somebody's own.
func (r *rig) personal(owner models.UserID, names ...string) *program {
	r.t.Helper()
	secret, token, err := r.Store.System().CreateTokenFor(r.t.Context(), owner,
		models.NewToken{Name: "script", Scopes: scopes(r.t, names...), Life: time.Hour, Actor: "cli:test"})
	if err != nil {
		r.t.Fatal(err)
	}
	return &program{r, secret, token}
}

// bot makes an app with a token.
func (r *rig) bot(everyone bool, names ...string) *program {
	r.t.Helper()
	secret, token, err := r.Store.System().CreateApp(r.t.Context(), everyone,
		models.NewToken{Name: "bot", Scopes: scopes(r.t, names...), Life: time.Hour, Actor: "cli:test"})
	if err != nil {
		r.t.Fatal(err)
	}
	return &program{r, secret, token}
}

// answer is a response read to its end.
type answer struct {
	*http.Response
	t    *testing.T
	body string
}

func (p *program) request(method, path string, body io.Reader) *http.Request {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+api.Base+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.secret != "" {
		req.Header.Set("Authorization", "Bearer "+p.secret)
	}
	return req
}

func (p *program) do(req *http.Request) *answer {
	p.t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return &answer{resp, p.t, string(text)}
}

func (p *program) get(path string) *answer {
	p.t.Helper()
	return p.do(p.request(http.MethodGet, path, nil))
}

// post sends JSON: text as it stands, anything else encoded. More are header
// names and values.
func (p *program) post(path string, body any, headers ...string) *answer {
	p.t.Helper()
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		text = string(encoded)
	}
	req := p.request(http.MethodPost, path, strings.NewReader(text))
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return p.do(req)
}

// upload sends one file.
func (p *program) upload(path, name, content string, headers ...string) *answer {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	w, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	req := p.request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return p.do(req)
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s answered %d, not %d: %.1000s", a.Request.Method, a.Request.URL, a.StatusCode, status, a.body)
	}
	return a
}

// refuses checks a failure: problem+json with this status and code.
func (a *answer) refuses(status int, code string) *answer {
	a.t.Helper()
	p := a.object()
	if a.StatusCode != status || p["code"] != code || p["status"] != float64(status) || a.Header.Get("Content-Type") != "application/problem+json" ||
		p["request_id"] != a.Header.Get("X-Request-Id") {
		a.t.Errorf("%s %s answered %d %s, not %d %s: %.1000s", a.Request.Method, a.Request.URL, a.StatusCode, a.Header.Get("Content-Type"), status, code, a.body)
	}
	return a
}

// object reads the answer as a JSON object.
func (a *answer) object() map[string]any {
	a.t.Helper()
	if strings.Contains(a.body, elsewhere+`"`) {
		a.t.Errorf("%s %s tells times that are not UTC: %.1000s", a.Request.Method, a.Request.URL, a.body)
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.t.Fatalf("%s %s answered %d, no JSON object: %.500q", a.Request.Method, a.Request.URL, a.StatusCode, a.body)
	}
	return v
}

func (r *rig) count(sql string, args ...any) (n int) {
	r.t.Helper()
	if err := r.Pool.QueryRow(r.t.Context(), sql, args...).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *rig) exec(sql string, args ...any) {
	r.t.Helper()
	if _, err := r.Pool.Exec(r.t.Context(), sql, args...); err != nil {
		r.t.Fatal(err)
	}
}
