package handlers_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"mayfly/models"
)

// polite checks a refusal: a page with words, the request's id on it, and
// nothing of our insides.
func polite(t *testing.T, name string, a *answer) {
	t.Helper()
	id := a.Header.Get("X-Request-Id")
	if a.StatusCode < 400 || a.StatusCode > 499 {
		t.Errorf("%s: answered %d", name, a.StatusCode)
	}
	if id == "" || a.words(".problem-request code") != id || a.words("h1") == "" {
		t.Errorf("%s: the page has no words or no request id %s: %.600s", name, id, a.body)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, inside := range []string{"SQLSTATE", "goroutine", ".go:", here, "pgx"} {
		if strings.Contains(strings.ReplaceAll(a.body, id, ""), inside) { // its letters are random
			t.Errorf("%s: the page tells %q", name, inside)
		}
	}
}

func TestBadCodeIsRefusedWithWordsAndQueuesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	other := r.keep(r.person("43").id, "b.csv", "x")
	many := url.Values{"code": {"1"}}
	for i := range 1100 {
		many.Add("x", fmt.Sprint(i))
	}
	files := url.Values{"code": {"1"}}
	for range 101 {
		files.Add("file", string(models.NewFileID("42", time.Now())))
	}
	for name, c := range map[string]struct {
		body, kind string
		status     int
	}{
		"no code":               {"", "", 400},
		"empty code":            {"code=", "", 400},
		"only blanks":           {"code=%20%0A%09", "", 400},
		"NUL":                   {"code=print%281%29%00", "", 400},
		"invalid UTF-8":         {"code=%FF%FE", "", 400},
		"over 2 MiB":            {"code=" + strings.Repeat("x", models.MaxCode+1), "", 400},
		"over the form's limit": {"code=" + strings.Repeat("x", 3*models.MaxCode+70_000), "", 413},
		"half an escape":        {"code=%4", "", 400},
		"plain text":            {"print(1)", "text/plain", 400},
		"JSON":                  {`{"code":"print(1)"}`, "application/json", 400},
		"another form":          {"--x\r\n\r\n", "multipart/form-data; boundary=x", 400},
		"a type of nonsense":    {"code=1", "\"", 400},
		"too many fields":       {many.Encode(), "", 400},
		"a huge form key":       {"code=1&form_key=" + strings.Repeat("k", 101), "", 400},
		"NUL in the form key":   {"code=1&form_key=%00", "", 400},
		"a malformed file":      {"code=1&file=..%2F..%2Fetc%2Fpasswd", "", 404},
		"somebody else's file":  {"code=1&file=" + string(other.ID), "", 404},
		"a hundred and one":     {files.Encode(), "", 400},
	} {
		req := ada.request(http.MethodPost, "/runs", strings.NewReader(c.body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		polite(t, name, ada.do(req).want(c.status))
		toast := ada.do(part(again(ada, req, c.body))).want(c.status)
		if !strings.Contains(toast.words("toast-note"), toast.Header.Get("X-Request-Id")) || toast.page().Find("hx-partial").Length() != 1 {
			t.Errorf("%s: htmx gets no toast: %.300s", name, toast.body)
		}
	}
	if n := r.count("SELECT count(*) FROM runs"); n != 0 {
		t.Errorf("%d runs were queued", n)
	}
}

// again is the same request with a fresh body.
func again(p *person, req *http.Request, body string) *http.Request {
	p.t.Helper()
	next := p.request(req.Method, req.URL.String(), strings.NewReader(body))
	next.Header.Set("Content-Type", req.Header.Get("Content-Type"))
	return next
}

func TestCodeAtItsLimitIsTakenWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	code := strings.Repeat("é", models.MaxCode/2) // six bytes of a form for each
	path := ada.post("/runs", url.Values{"code": {code}}).want(http.StatusSeeOther).at()
	run, err := r.store.Run(t.Context(), ada.id, models.RunID(strings.TrimPrefix(path, "/runs/")))
	if err != nil || run.Code != code {
		t.Errorf("the code did not arrive whole: %v", err)
	}
}

// hostile are texts that have no business in an address.
func hostile() []string {
	return []string{
		"x", "%00", "%FF%FE", "..%2F..%2Fetc%2Fpasswd", "'%20OR%201=1--", "%F0%9F%8E%89", strings.Repeat("a", 26), strings.Repeat("9", 7000),
		"42_1_" + strings.Repeat("a", 26) + "%00", "NaN", "-1", "99999999999999999999", "%E2%80%AE", "1;SELECT%20pg_sleep(9)",
	}
}

func TestIdsThatCannotBeAreNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := string(r.done(ada.id, "1").ID)
	for _, id := range hostile() {
		for _, path := range []string{
			"/runs/" + id, "/runs/" + id + "/events", "/runs/" + id + "/log", "/runs/" + id + "/outputs/1?type=image/png",
			"/runs/" + run + "/outputs/" + id + "?type=image/png", "/files/" + id, "/files/" + id + "/content",
			"/?from=" + strings.ReplaceAll(id, ";", "%3B"),
		} {
			polite(t, path, ada.get(path).want(404))
		}
		polite(t, "a zip of "+id, ada.get("/files.zip?id="+id))
		for _, path := range []string{"/runs/" + id + "/interrupt", "/files/" + id + "/delete", "/runs/" + id + "/answer"} {
			polite(t, path, ada.post(path, url.Values{"question": {"1"}, "text": {"x"}}).want(404))
		}
		for _, path := range []string{"/files/delete", "/files/restore"} {
			req := ada.request(http.MethodPost, path, strings.NewReader("id="+id))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if a := ada.do(req); a.StatusCode != 404 && a.StatusCode != 400 {
				t.Errorf("%s of %.20s: %d", path, id, a.StatusCode)
			}
		}
	}
}

// A list with a filter that makes no sense is a list.
func TestQueriesThatMakeNoSenseAreNoFault(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.keep(ada.id, "a.csv", "x")
	for _, text := range hostile() {
		for _, name := range []string{"q", "category", "source", "within", "sort", "page", "deleted"} {
			ada.get("/files?" + name + "=" + text).want(200)
		}
		ada.get("/runs?before=" + text).want(200)
		ada.get("/docs?" + text + "=" + text).want(200)
	}
	for _, broken := range []string{"/files?%", "/files?q=%zz", "/files?;", "/runs?before=%"} {
		ada.get(broken).want(200)
	}
}

func TestSignInFieldsAreChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, id := range map[string]string{
		"letters": "abc", "zero": "0", "a sign": "-1", "21 digits": strings.Repeat("9", 21), "NUL": "4\x002", "other digits": "٤٢", "a space": "4 2",
	} {
		p := r.nobody()
		polite(t, name, p.post("/login/local", url.Values{"discord_id": {id}}).want(400))
	}
	if n := r.count("SELECT count(*) FROM sessions"); n != 0 {
		t.Errorf("%d sessions were opened", n)
	}
	r.nobody().post("/login/local", url.Values{"discord_id": {"77"}, "name": {"\u202e" + strings.Repeat("ü", 500)}}).want(303)
	var name string
	if err := r.pool.QueryRow(t.Context(), "SELECT name FROM users WHERE id = '77'").Scan(&name); err != nil || name != strings.Repeat("ü", 63) {
		t.Errorf("the name is kept as %q: %v", name, err)
	}
}

// What breaks on our side is said with an id, and told to the log alone.
func TestAFaultOfOursIsAPageWithItsId(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.exec("ALTER TABLE files RENAME TO files_away")
	a := ada.get("/files").want(500)
	id := a.Header.Get("X-Request-Id")
	if a.words(".problem-request code") != id || strings.Contains(a.body, "files_away") || strings.Contains(a.body, "SQLSTATE") {
		t.Errorf("the page: %.500s", a.body)
	}
	if log := r.log.String(); !strings.Contains(log, id) || !strings.Contains(log, "SQLSTATE") {
		t.Error("the log does not know the cause")
	}
}

// A browser that announces too much is told so before it sends it.
func TestAnUploadThatIsTooLargeIsRefusedUnread(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	req := ada.request(http.MethodPost, "/files", io.LimitReader(zeros{}, 100))
	req.ContentLength = 2 << 30
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	req.Header.Set("Expect", "100-continue")
	polite(t, "two gigabytes", ada.do(req).want(http.StatusRequestEntityTooLarge))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
