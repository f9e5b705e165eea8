package handlers_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"mayfly/models"
	"mayfly/web"
)

func TestEveryRouteKnowsItsAudienceSEC1(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	steps := walk(t, r, ada.id)
	for _, s := range steps { // before Ada changes anything
		for who, p := range map[string]*person{"nobody": r.nobody(), "a stranger": r.person("43")} {
			a, want := p.do(s.by(p)), s.nobody
			if who == "a stranger" {
				want = s.stranger
			}
			if a.StatusCode != want {
				t.Errorf("%s %s answered %s %d, not %d", s.method, s.path, who, a.StatusCode, want)
			}
			if strings.Contains(a.body, "ada-alone") || strings.Contains(a.body, "ada_alone") {
				t.Errorf("%s %s tells %s a secret: %.300s", s.method, s.path, who, a.body)
			}
			if (s.audience == web.Session) != (s.nobody == http.StatusUnauthorized) {
				t.Errorf("%s %s is for %s", s.method, s.path, s.audience)
			}
			s.checkHeaders(t, a)
		}
	}
	for _, s := range steps {
		p := r.person("42") // a session of its own: one route ends it
		s.checkHeaders(t, p.do(s.by(p)).want(s.owner))
	}
}

// checkHeaders looks for what every answer carries (SEC-12), and for what none
// may: leave for another site to read it (SEC-15).
func (s step) checkHeaders(t *testing.T, a *answer) {
	t.Helper()
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s %s answers with %s", s.method, s.path, name)
		}
	}
	for _, name := range []string{"X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "X-Request-Id", "Permissions-Policy"} {
		if a.Header.Get(name) == "" {
			t.Errorf("%s %s answers without %s", s.method, s.path, name)
		}
	}
	if s.audience == web.Session && a.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%s %s may be kept: %q", s.method, s.path, a.Header.Get("Cache-Control"))
	}
}

func TestNoRouteAnswersUnderAnotherHostSEC14(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for _, s := range walk(t, r, ada.id) {
		req := s.by(ada)
		req.Host = "evil.example"
		req.Header.Set("Origin", "http://evil.example")
		a := ada.do(req)
		if got := a.StatusCode; got != http.StatusMisdirectedRequest && (!s.anyHost || got != 200) {
			t.Errorf("%s %s answers another host %d", s.method, s.path, got)
		}
	}
}

func TestNoRouteLetsAnotherSiteReadSEC15(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for _, s := range walk(t, r, ada.id) {
		for _, origin := range []string{"http://evil.example", "null", r.content.String(), r.url.String() + ".evil.example"} {
			ask := ada.request(http.MethodOptions, s.path, nil)
			ask.Header.Set("Origin", origin)
			ask.Header.Set("Access-Control-Request-Method", s.method)
			s.checkHeaders(t, ada.do(ask))
			if s.method == http.MethodGet {
				read := ada.request(s.method, s.path, nil)
				read.Header.Set("Origin", origin)
				s.checkHeaders(t, ada.do(read))
			}
		}
	}
}

func TestNoRouteChangesAnythingForAnotherSiteSEC10(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	steps := walk(t, r, ada.id)
	sum := func() int {
		return r.count(`SELECT count(*) FILTER (WHERE state = 'ready') + 1000 * count(*) FROM files`) +
			1_000_000*r.count("SELECT count(*) FILTER (WHERE state = 'done') + 1000 * count(*) FROM runs") +
			1_000_000_000*r.count("SELECT count(*) FILTER (WHERE answered_at IS NULL) FROM questions")
	}
	before, sessions := sum(), r.count("SELECT count(*) FROM sessions")
	for _, s := range steps {
		if s.method != http.MethodPost {
			continue
		}
		for name, headers := range map[string][2]string{
			"no sign of its origin": {"", ""}, "another origin": {"http://evil.example", ""}, "no origin": {"null", ""},
			"the content origin": {r.content.String(), ""}, "a browser's word": {r.url.String(), "cross-site"}, "a sibling": {r.url.String(), "same-site"},
		} {
			req := s.by(ada)
			req.Header.Del("Origin")
			req.Header.Del("Sec-Fetch-Site")
			if headers[0] != "" {
				req.Header.Set("Origin", headers[0])
			}
			if headers[1] != "" {
				req.Header.Set("Sec-Fetch-Site", headers[1])
			}
			if a := ada.do(req); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s answers %d", s.path, name, a.StatusCode)
			}
		}
	}
	if sum() != before || r.count("SELECT count(*) FROM sessions") != sessions {
		t.Error("something was changed")
	}
}

// GET and HEAD never change anything, whoever calls whatever.
func TestReadingChangesNothingSEC10(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	steps := walk(t, r, ada.id)
	state := func() string {
		var text string
		err := r.pool.QueryRow(t.Context(), `SELECT concat((SELECT md5(string_agg(files::text, '' ORDER BY id)) FROM files),
			(SELECT md5(string_agg(runs::text, '' ORDER BY id)) FROM runs), (SELECT count(*) FROM sessions), (SELECT count(*) FROM users))`).Scan(&text)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := state()
	for _, s := range steps {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			ada.do(ada.request(method, s.path, nil))
		}
	}
	if state() != before {
		t.Error("reading changed something")
	}
}

func TestAWrongMethodIsSaidSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for _, path := range []string{"/runs/x/interrupt", "/files/delete", "/logout"} {
		req := ada.request(http.MethodPut, path, strings.NewReader("x"))
		if a := ada.do(req); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") == "" {
			t.Errorf("PUT %s: %d, Allow %q", path, a.StatusCode, a.Header.Get("Allow"))
		}
	}
}

func TestThePictureOfARunIsExactlyItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.done(ada.id, "plt.show()", models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{
		"image/png": pixel, "image/svg+xml": "<svg onload=alert(1)>", "text/html": "<script>alert(1)</script>",
	}})
	want, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		t.Fatal(err)
	}
	path := "/runs/" + string(run.ID) + "/outputs/1?type="
	a := ada.get(path + "image/png").want(200)
	if a.body != string(want) || a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d bytes of %s", len(a.body), a.Header.Get("Content-Type"))
	}
	for _, kind := range []string{"application/vnd.plotly.v1%2Bjson", "image/jpeg", ""} {
		ada.get(path + kind).want(404)
	}
	r.exec("UPDATE runs SET expires_at = now()")
	ada.get(path + "image/png").want(404)
}

// A body that nobody reads must not hold the connection.
func TestAnUploadByNobodyIsRefusedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.nobody()
	read, write := io.Pipe()
	defer write.Close()
	req := p.request(http.MethodPost, "/files", read)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	go func() { _, _ = io.WriteString(write, "--x\r\n") }()
	p.do(req).want(http.StatusUnauthorized)
}
