package web

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"mayfly/models"
)

const (
	appURL     = "http://localhost:8080"
	contentURL = "http://127.0.0.1:8081"
)

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// testPages are pages with every field of a Problem in plain sight.
func testPages() Pages {
	view := func(kind string) func(Problem) templ.Component {
		return func(p Problem) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := fmt.Fprintf(w, "<p id=%s>%d|%s|%s|%s|%s|signin=%s|return=%s</p>", kind, p.Status,
					html.EscapeString(p.Title), html.EscapeString(p.Message), html.EscapeString(p.Next), p.RequestID, p.SignIn, p.ReturnTo)
				return err
			})
		}
	}
	return Pages{Problem: view("page"), Toast: view("toast"), JSON: func(p Problem) []byte { return fmt.Appendf(nil, `{"code":%q}`, p.Code) }}
}

func testConfig(t *testing.T) Config {
	t.Helper()
	return Config{
		URL: mustURL(t, appURL), ContentURL: mustURL(t, contentURL), Secret: secretOf(7),
		Store: &models.Store{}, Pages: testPages(), Logger: slog.New(slog.DiscardHandler),
	}
}

func say(text string) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := io.WriteString(w, text)
		return err
	}
}

// testRoutes are rows of every kind that need no database.
func testRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/{$}", Audience: Public, Handle: say("home")},
		{Method: "GET", Pattern: "/static/{name...}", Audience: Asset, Handle: say("asset")},
		{Method: "GET", Pattern: "/healthz", Audience: Asset, AnyHost: true, Handle: say("")},
		{Method: "GET", Pattern: "/mine", Audience: Session, Handle: say("mine")},
		{Method: "POST", Pattern: "/change", Audience: Public, Handle: func(w http.ResponseWriter, r *http.Request) error {
			if _, err := Form(r); err != nil {
				return err
			}
			return SeeOther(w, r, "/")
		}},
		{Method: "GET", Pattern: "/panic", Audience: Public, Handle: func(http.ResponseWriter, *http.Request) error {
			panic("secret detail")
		}},
		{Method: "GET", Pattern: "/fail/{code}", Audience: Public, Handle: func(_ http.ResponseWriter, r *http.Request) error {
			return fmt.Errorf("SELECT secret: %w", &models.Error{Code: models.Code(r.PathValue("code")), Message: "the message"})
		}},
	}
}

func newTestServer(t *testing.T, c Config) *Server {
	t.Helper()
	s, err := NewServer(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.EndStreams)
	return s
}

func testApp(t *testing.T, c Config, routes []Route) http.Handler {
	t.Helper()
	handler, err := newTestServer(t, c).Handler(routes)
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// request makes a request as this machine's browser would send it to the app.
func request(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, appURL+path, body)
	r.RemoteAddr = "127.0.0.1:50000"
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func recorderEvents(w http.ResponseWriter) *Events {
	return &Events{w: w, control: http.NewResponseController(w)}
}

// A visitor who leaves while the problem page is drawn is nobody's fault.
func TestAProblemPageThatNobodyWaitsForIsNoFault(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := testConfig(t)
	c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	c.Pages.Problem = func(Problem) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, _ io.Writer) error { return ctx.Err() })
	}
	app := testApp(t, c, testRoutes())
	gone, leave := context.WithCancel(t.Context())
	leave()
	app.ServeHTTP(httptest.NewRecorder(), request("GET", "/nothing", nil).WithContext(gone))
	if strings.Contains(log.String(), "level=ERROR") {
		t.Error(log.String())
	}
}
