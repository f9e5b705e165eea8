package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// visitor is a browser on the app's handler: it keeps the cookies that it is
// given and sends what a browser sends from a page of ours.
type visitor struct {
	t       *testing.T
	app     http.Handler
	url     string
	cookies map[string]*http.Cookie
}

// visited is an app on a database of its own, with the routes of a sign-in and
// one that only somebody may see.
func visited(t *testing.T, change func(*Config)) (http.Handler, *Server, *pgxpool.Pool) {
	t.Helper()
	c := testConfig(t)
	limits := models.DefaultLimits()
	store, pool := testkit.Store(t, limits)
	c.Store, c.Rates = store, Rates{Login: 1000}
	change(&c)
	s := newTestServer(t, c)
	app, err := s.Handler([]Route{
		{Method: "GET", Pattern: "/{$}", Audience: Public, Handle: say("home")},
		{Method: "GET", Pattern: "/mine", Audience: Session, Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := io.WriteString(w, "mine:"+string(Owner(r)))
			return err
		}},
		{Method: "GET", Pattern: "/login/discord", Audience: Public, Handle: s.BeginDiscord, Limit: LoginRate},
		{Method: "GET", Pattern: "/auth/discord/callback", Audience: Public, Handle: s.FinishDiscord, Limit: LoginRate},
		{Method: "POST", Pattern: "/login/local", Audience: Public, Handle: s.SignInLocal, Limit: LoginRate},
		{Method: "POST", Pattern: "/logout", Audience: Public, Handle: s.Logout},
	})
	if err != nil {
		t.Fatal(err)
	}
	return app, s, pool
}

func newVisitor(t *testing.T, app http.Handler) *visitor {
	return &visitor{t: t, app: app, url: appURL, cookies: map[string]*http.Cookie{}}
}

func (v *visitor) request(method, path string, form url.Values) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, v.url+path, body)
	r.RemoteAddr = "127.0.0.1:50000"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", v.url)
	}
	return r
}

// do sends the request with the visitor's cookies and keeps the answer's.
func (v *visitor) do(r *http.Request) *httptest.ResponseRecorder {
	v.t.Helper()
	for _, c := range v.cookies {
		r.AddCookie(c)
	}
	w := do(v.app, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
			continue
		}
		v.cookies[c.Name] = c
	}
	return w
}

func (v *visitor) get(path string) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.do(v.request(http.MethodGet, path, nil))
}

func (v *visitor) post(path string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.do(v.request(http.MethodPost, path, form))
}

// is checks who the visitor is to the app; "" is nobody.
func (v *visitor) is(id string) {
	v.t.Helper()
	w := v.get("/mine")
	switch {
	case id == "" && w.Code != http.StatusUnauthorized:
		v.t.Errorf("nobody gets %d %s", w.Code, w.Body)
	case id != "" && w.Body.String() != "mine:"+id:
		v.t.Errorf("%s gets %d %s", id, w.Code, w.Body)
	}
}

func countRows(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func execute(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}
