package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/config"
	"mayfly/internal/testkit"
	"mayfly/models"
)

// inside is a whole program in the process of the test, on a database of its
// own, with somebody signed in.
type inside struct {
	t       *testing.T
	program *program
	pool    *pgxpool.Pool
	url     string
	client  *http.Client
}

func parse(t *testing.T, settings map[string]string) *config.Config {
	t.Helper()
	values := map[string]string{}
	for name, value := range settings {
		values["MAYFLY_"+name] = value
	}
	cfg, err := config.Parse(values)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func startInside(t *testing.T, settings map[string]string) *inside {
	t.Helper()
	pool := testkit.Postgres(t)
	app, content := freePort(), freePort()
	all := map[string]string{
		"LISTEN": fmt.Sprintf("127.0.0.1:%d", app), "URL": fmt.Sprintf("http://localhost:%d", app),
		"CONTENT_LISTEN": fmt.Sprintf("127.0.0.1:%d", content), "CONTENT_URL": fmt.Sprintf("http://127.0.0.1:%d", content),
		"DATA": t.TempDir(), "DATABASE_URL": testkit.PostgresURL(pool), "NODE": "inside",
	}
	maps.Copy(all, settings)
	p, err := start(t.Context(), parse(t, all), slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.drain = time.Second // unless a test wants to wait
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &inside{t: t, program: p, pool: pool, url: all["URL"], client: &http.Client{
		Jar: jar, Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (in *inside) send(method, target string, form url.Values) *http.Response {
	in.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = in.url + target
	}
	req, err := http.NewRequestWithContext(in.t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		in.t.Fatal(err)
	}
	req.Header.Set("Origin", in.url)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := in.client.Do(req)
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func (in *inside) read(method, target string, form url.Values, status int) string {
	in.t.Helper()
	resp := in.send(method, target, form)
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		in.t.Fatalf("%s %s answered %d: %v %.500s", method, target, resp.StatusCode, err, text)
	}
	return string(text)
}

// submit queues code and returns the run's path.
func (in *inside) submit(code string) string {
	in.t.Helper()
	in.read("POST", "/login/local", url.Values{"discord_id": {"42"}}, 303)
	return in.send("POST", "/runs", url.Values{"code": {code}}).Header.Get("Location")
}

// ending waits for the run's end.
func (in *inside) ending(path string) (ending string) {
	in.t.Helper()
	until(in.t, "the run ends", func() (bool, string) {
		ending = in.endingNow(path)
		return ending != "", ""
	})
	return ending
}

func (in *inside) endingNow(path string) (ending string) {
	in.t.Helper()
	err := in.pool.QueryRow(context.Background(), "SELECT ending FROM runs WHERE id = $1", strings.TrimPrefix(path, "/runs/")).Scan(&ending)
	if err != nil {
		in.t.Fatal(err)
	}
	return ending
}

// With a stone missing the pages stand, and say in words why nothing runs.
func TestAMissingRuntimeLeavesThePagesUp(t *testing.T) {
	t.Parallel()
	in := startInside(t, map[string]string{"RUNTIME": filepath.Join(t.TempDir(), "nothing")})
	in.read("POST", "/login/local", url.Values{"discord_id": {"42"}}, 303)
	until(t, "the jail says that it refuses", func() (bool, string) {
		page := in.read("GET", "/", nil, 200)
		return strings.Contains(page, "Runs are refused on this machine"), page
	})
	page := in.read("POST", "/runs", url.Values{"code": {"1"}}, http.StatusServiceUnavailable)
	if !strings.Contains(page, "Runs are refused on this machine") || !strings.Contains(page, "make setup") {
		t.Errorf("the refusal does not say what to do: %.800s", page)
	}
	in.read("GET", "/readyz", nil, 200)
	in.read("GET", "/files", nil, 200)
}

// Pages and runs may be on different nodes.
func TestRolesAreSharedByNodes(t *testing.T) {
	t.Parallel()
	pages := startInside(t, map[string]string{"ROLES": "web", "NODE": "pages"})
	path := pages.submit("print(6 * 7)\nopen('a.txt', 'w').write('made elsewhere')")
	if path == "" || pages.endingNow(path) != "" {
		t.Fatalf("the node without a jail does not take code, or works it: %q", path)
	}
	worker, err := start(t.Context(), parse(t, map[string]string{
		"ROLES": "runner", "NODE": "worker", "DATA": t.TempDir(), "DATABASE_URL": testkit.PostgresURL(pages.pool),
	}), slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	if ending := pages.ending(path); ending != "ok" {
		t.Errorf("the run ended %s", ending)
	}
	if page := pages.read("GET", path, nil, 200); !strings.Contains(page, "42") || !strings.Contains(page, "a.txt") {
		t.Errorf("the page of the run: %.500s", page)
	}
	if err := worker.stop(); err != nil {
		t.Error(err)
	}
}

// A stop lets a run finish and a download come to its end, ends streams at
// once, and takes nothing new (REL-3).
func TestREL3AStopLosesNothingThatIsUnderWay(t *testing.T) {
	t.Parallel()
	in := startInside(t, nil)
	in.program.drain = time.Minute
	path := in.submit("import time\nopen('big.bin', 'wb').write(b'x' * 40_000_000)")
	if ending := in.ending(path); ending != "ok" {
		t.Fatalf("the first run ended %s", ending)
	}
	var file string
	if err := in.pool.QueryRow(t.Context(), "SELECT id FROM files").Scan(&file); err != nil {
		t.Fatal(err)
	}
	download := in.send("GET", in.send("GET", "/files/"+file+"/content", nil).Header.Get("Location"), nil)
	long := in.submit("import time\nprint('working', flush=True)\ntime.sleep(3)\nprint('through')")
	stream := bufio.NewScanner(in.send("GET", long+"/events", nil).Body)
	stream.Buffer(nil, 4<<20)
	for stream.Scan() && !strings.Contains(stream.Text(), "working") {
	}

	stopped := make(chan error, 1)
	go func() { stopped <- in.program.stop() }()
	for stream.Scan() { // to its end, which is the stop's
	}
	until(t, "the door is closed", func() (bool, string) {
		resp, err := (&http.Client{Timeout: time.Second}).Get(in.url + "/healthz")
		if err == nil {
			_ = resp.Body.Close()
		}
		return err != nil, "it answers"
	})
	if n, err := io.Copy(io.Discard, download.Body); err != nil || n != 40_000_000 {
		t.Errorf("the download broke off after %d bytes: %v", n, err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the stop says %v", err)
	}
	if ending := in.endingNow(long); ending != "ok" {
		t.Errorf("the run ended %q", ending)
	}
	if said := count(t, in.pool, "SELECT count(*) FROM outputs WHERE text LIKE '%through%'"); said != 1 {
		t.Error("what the run said last is lost")
	}
}

// A run that does not finish in time is marked, and so is what waits kept.
func TestREL3AStopMarksWhatItCannotWaitFor(t *testing.T) {
	t.Parallel()
	in := startInside(t, map[string]string{"USER_KERNELS": "1"})
	long := in.submit("import time\nprint('working', flush=True)\ntime.sleep(50)")
	waiting := in.submit("print(1)")
	until(t, "the run is at work", func() (bool, string) {
		page := in.read("GET", long, nil, 200)
		return strings.Contains(page, "working</"), page
	})
	begun := time.Now()
	if err := in.program.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if ending := in.endingNow(long); ending != string(models.Lost) {
		t.Errorf("the run reads %q", ending)
	}
	if ending := in.endingNow(waiting); ending != "" {
		t.Errorf("what waited reads %q", ending)
	}
	if n := count(t, in.pool, "SELECT count(*) FROM runs JOIN river_job ON river_job.id = job_id WHERE runs.state = 'queued' AND river_job.state = 'available'"); n != 1 {
		t.Errorf("%d waiting runs have their job", n)
	}
}

func count(t *testing.T, pool *pgxpool.Pool, sql string) (n int) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
