package handlers_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/events"
	"mayfly/handlers"
	"mayfly/handlers/api"
	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/sandbox"
	"mayfly/storage"
	"mayfly/views"
	"mayfly/web"
)

// rig is the whole of the pages on two listeners of loopback, over a database
// and a vault of its own. Runs are queued and not worked: a test that needs
// progress makes it with the Store's own verbs, which is what workers do.
type rig struct {
	t       *testing.T
	app     *handlers.App
	routes  []web.Route
	store   *models.Store
	pool    *pgxpool.Pool
	vault   *storage.Vault
	url     *url.URL
	content *url.URL
	log     *logBook
}

// setup is what a test may change before the rig is built.
type setup struct {
	limits models.Limits
	web    web.Config
	files  storage.Config
	alter  func(*handlers.App)
}

func newRig(t *testing.T, change ...func(*setup)) *rig {
	t.Helper()
	app, content := listener(t), listener(t)
	r := &rig{t: t, url: address(t, "localhost", app), content: address(t, "127.0.0.1", content), log: &logBook{}}
	logger := slog.New(slog.NewTextHandler(r.log, nil))
	c := setup{
		limits: models.DefaultLimits(),
		files:  storage.Config{URL: "file://" + t.TempDir(), FileMax: 50_000_000, OrphanGrace: time.Minute, Logger: logger},
		web: web.Config{
			URL: r.url, ContentURL: r.content, Secret: []byte(strings.Repeat("k", 32)), LocalSignIn: true, Logger: logger,
			Pages: handlers.ProblemPages(pageLimits(models.DefaultLimits())), Rates: web.Rates{Login: 1000, Runs: 1000, Files: 10_000},
		},
		alter: func(*handlers.App) {},
	}
	for _, alter := range change {
		alter(&c)
	}
	r.store, r.pool = testkit.Store(t, c.limits)
	r.build(c, logger)
	r.serve(app, content, c, logger)
	return r
}

func (r *rig) build(c setup, logger *slog.Logger) {
	r.t.Helper()
	var err error
	if r.vault, err = storage.Open(r.store, c.files); err != nil {
		r.t.Fatal(err)
	}
	hub, err := events.Listen(r.t.Context(), r.pool, logger)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(hub.Close)
	c.web.Store = r.store
	site, err := web.NewServer(c.web)
	if err != nil {
		r.t.Fatal(err)
	}
	work := runner.New(runner.Config{Store: r.store, Vault: r.vault, Hub: hub, Node: "test", Logger: logger})
	r.app = &handlers.App{
		API: &api.API{
			Store: r.store, Vault: r.vault, Runner: work, Hub: hub, URL: r.url.String(), Version: "test", Python: "3.11.2",
			Run: sandbox.DefaultLimits(), Packages: func() []api.Package { return []api.Package{{Name: "pandas", Version: "3.0.1"}} },
			Warming: func() string { return "" }, Refusing: func() string { return "" },
		},
		Site: site, Store: r.store, Vault: r.vault, Hub: hub, Limits: pageLimits(c.limits), Development: true, Python: "3.11.2",
		Runner:   work,
		Packages: func() []views.Package { return []views.Package{{Name: "pandas", Version: "3.0.1"}} },
		Warming:  func() string { return "" }, Refusing: func() string { return "" },
		DiscordSignIn: c.web.Discord != nil,
	}
	c.alter(r.app)
	r.routes = handlers.Routes(r.app)
}

func (r *rig) serve(app, content net.Listener, c setup, logger *slog.Logger) {
	r.t.Helper()
	pages, err := r.app.Site.Handler(r.routes)
	if err != nil {
		r.t.Fatal(err)
	}
	bytes, err := web.NewContent(web.ContentConfig{URL: r.content, AppURL: r.url, Links: r.app.Site.Links(), Open: r.vault.Open, Output: web.FindOutput(r.store), OpenShared: r.vault.OpenShared, Rates: c.web.Rates, Logger: logger})
	if err != nil {
		r.t.Fatal(err)
	}
	for l, handler := range map[net.Listener]http.Handler{app: pages, content: bytes.Handler()} {
		server := web.NewHTTPServer(handler, logger)
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(l) })
		r.t.Cleanup(func() {
			r.app.Site.EndStreams()
			if err := server.Shutdown(context.WithoutCancel(r.t.Context())); err != nil {
				r.t.Error(err)
			}
			serving.Wait()
		})
	}
}

func pageLimits(l models.Limits) views.LimitsView {
	return views.LimitsView{Wall: l.Wall, Memory: l.Memory, FileMax: 50_000_000, Quota: l.UserBytes, Lifetime: l.FileLifetime}
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func address(t *testing.T, host string, l net.Listener) *url.URL {
	t.Helper()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}

// keep puts a file into the vault, as an upload or as made by a run.
func (r *rig) keep(owner models.UserID, name, content string, by ...models.RunID) *models.File {
	r.t.Helper()
	up := storage.Upload{Source: models.FromUpload, Name: name}
	if len(by) > 0 {
		up.Source, up.Run = models.FromWeb, &by[0]
	}
	f, err := r.vault.Save(r.t.Context(), owner, up, strings.NewReader(content))
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// queue queues a run.
func (r *rig) queue(owner models.UserID, code string, given ...models.FileID) *models.Run {
	r.t.Helper()
	run, err := r.store.QueueRun(r.t.Context(), owner, models.NewRun{Code: code, Source: models.FromWeb, Files: given})
	if err != nil {
		r.t.Fatal(err)
	}
	return run
}

// begin, say and finish are what a worker does with a run.
func (r *rig) begin(id models.RunID) *models.Run {
	r.t.Helper()
	run, err := r.store.System().BeginRun(r.t.Context(), id, "test")
	if err != nil {
		r.t.Fatal(err)
	}
	return run
}

// ask has a running run ask its owner, as input() does.
func (r *rig) ask(run *models.Run, number int, prompt string) *models.Run {
	r.t.Helper()
	q := models.Question{Number: number, Prompt: prompt}
	if err := r.store.System().Ask(r.t.Context(), run, q, time.Minute); err != nil {
		r.t.Fatal(err)
	}
	return run
}

func (r *rig) say(id models.RunID, outputs ...models.Output) {
	r.t.Helper()
	if err := r.store.System().AppendOutputs(r.t.Context(), id, outputs); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) finish(run *models.Run, v models.Verdict) {
	r.t.Helper()
	if err := r.store.System().FinishRun(r.t.Context(), run, v); err != nil {
		r.t.Fatal(err)
	}
}

// done queues a run and brings it to its end.
func (r *rig) done(owner models.UserID, code string, outputs ...models.Output) *models.Run {
	r.t.Helper()
	run := r.begin(r.queue(owner, code).ID)
	if len(outputs) > 0 {
		r.say(run.ID, outputs...)
	}
	r.finish(run, models.Verdict{Ending: models.OK, Wall: time.Second})
	return run
}

// cut takes the database away: connections break and new ones are refused.
func (r *rig) cut() {
	r.t.Helper()
	r.exec("UPDATE pg_database SET datallowconn = false WHERE datname = current_database()")
	r.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	r.pool.Reset()
}

func (r *rig) exec(sql string, args ...any) {
	r.t.Helper()
	if _, err := r.pool.Exec(r.t.Context(), sql, args...); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) count(sql string, args ...any) (n int) {
	r.t.Helper()
	if err := r.pool.QueryRow(r.t.Context(), sql, args...).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// logBook is a log that can be read while it is written.
type logBook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func readAll(t *testing.T, body io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
