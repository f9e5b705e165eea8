package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mayfly/models"
)

type readCloser struct{ io.ReadSeeker }

func (readCloser) Close() error { return nil }

// tableOf opens the files of a table, as the vault would: by owner and id.
func tableOf(body string, files ...*models.File) OpenFile {
	return func(_ context.Context, owner models.UserID, id models.FileID) (*models.File, io.ReadSeekCloser, error) {
		for _, f := range files {
			if f.ID == id && f.UserID == owner {
				if f.Left() <= 0 {
					return nil, nil, &models.Error{Code: models.Code("gone"), Message: "The file's 48 hours are over."}
				}
				return f, readCloser{bytes.NewReader([]byte(body))}, nil
			}
		}
		return nil, nil, &models.Error{Code: models.Code("not_found"), Message: "There is no such file."}
	}
}

func contentHandler(t *testing.T, links *Links, open OpenFile) http.Handler {
	t.Helper()
	c, err := NewContent(ContentConfig{
		URL: mustURL(t, contentURL), AppURL: mustURL(t, appURL), Links: links, Open: open,
		Logger: slog.New(slog.DiscardHandler), Rates: Rates{Files: 50},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Handler()
}

func TestContentServesSignedLinkSEC52(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	file := aFile(time.Hour)
	file.Name, file.MediaType, file.SHA256 = "größe.csv", "text/csv", "abc"
	h := contentHandler(t, links, tableOf("a,b\n1,2\n", file))

	r := httptest.NewRequest("GET", links.For(file, Attachment), nil)
	r.Header.Set("Cookie", "mayfly=someone")
	w := do(h, r)
	if w.Code != 200 || w.Body.String() != "a,b\n1,2\n" {
		t.Fatalf("got %d %q", w.Code, w.Body)
	}
	for header, want := range map[string]string{
		"Content-Type":        "text/csv; charset=utf-8",
		"Content-Disposition": `attachment; filename="gr__e.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv`,
		"Cache-Control":       "private, no-store",
		"Set-Cookie":          "",
		"Content-Encoding":    "",
		"Etag":                `"abc"`,
	} {
		if got := w.Header().Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	head := do(h, httptest.NewRequest("HEAD", links.For(file, Attachment), nil))
	if head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Length") != "8" {
		t.Errorf("HEAD: %d, %d bytes, length %q", head.Code, head.Body.Len(), head.Header().Get("Content-Length"))
	}
}

func TestContentHeadersOnEveryResponseSEC12SEC53(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	file, old := aFile(time.Hour), aFile(-time.Second)
	file.ID, old.ID = "42_1_live", "42_1_old"
	h := contentHandler(t, links, tableOf("body", file, old))
	foreign := httptest.NewRequest("GET", links.For(file, Attachment), nil)
	foreign.Host = "localhost:8080"
	gone := links.address(link{owner: "42", file: "42_1_old", disposition: Attachment, expires: time.Now().Add(time.Minute).Unix()}, links.ring[0])
	unknown := links.address(link{owner: "42", file: "42_1_none", disposition: Attachment, expires: time.Now().Add(time.Minute).Unix()}, links.ring[0])
	stale := links.address(link{owner: "42", file: "42_1_live", disposition: Attachment, expires: time.Now().Add(-time.Minute).Unix()}, links.ring[0])
	for name, c := range map[string]struct {
		r      *http.Request
		status int
	}{
		"a file":         {httptest.NewRequest("GET", links.For(file, Inline), nil), 200},
		"a stale link":   {httptest.NewRequest("GET", stale, nil), 410},
		"no signature":   {httptest.NewRequest("GET", contentURL+"/f/42_1_live", nil), 403},
		"expired file":   {httptest.NewRequest("GET", gone, nil), 410},
		"unknown file":   {httptest.NewRequest("GET", unknown, nil), 404},
		"another host":   {foreign, 421},
		"an app path":    {httptest.NewRequest("GET", contentURL+"/files", nil), 404},
		"the app's root": {httptest.NewRequest("GET", contentURL+"/", nil), 404},
		"a post":         {httptest.NewRequest("POST", links.For(file, Attachment), nil), 405},
	} {
		w := do(h, c.r)
		if w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin", "Referrer-Policy": "no-referrer",
			"Cache-Control": "private, no-store", "Set-Cookie": "", "Access-Control-Allow-Origin": "",
			"Content-Security-Policy": "default-src 'none'; img-src http://127.0.0.1:8081; media-src http://127.0.0.1:8081; " +
				"sandbox; base-uri 'none'; form-action 'none'; frame-ancestors http://localhost:8080",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		if c.status >= 400 && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("%s: an error as %q", name, w.Header().Get("Content-Type"))
		}
	}
	app := testApp(t, testConfig(t), testRoutes())
	if w := do(app, request("GET", "/f/42_1_live", nil)); w.Code != 404 {
		t.Errorf("a content path on the app: %d, want 404", w.Code)
	}
}

func TestContentRangesSEC60(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	file := aFile(time.Hour)
	file.SHA256 = "abc"
	h := contentHandler(t, links, tableOf("0123456789", file))
	for _, c := range []struct {
		name, header, value string
		status              int
		body                string
	}{
		{"a part", "Range", "bytes=2-4", 206, "234"},
		{"the end", "Range", "bytes=-3", 206, "789"},
		{"past the end", "Range", "bytes=99-", 416, ""},
		{"ten parts", "Range", "bytes=0-0" + strings.Repeat(",2-2", 9), 206, ""},
		{"eleven parts", "Range", "bytes=0-0" + strings.Repeat(",2-2", 10), 416, ""},
		{"nonsense", "Range", "bytes=a-b", 416, ""},
		{"the same again", "If-None-Match", `"abc"`, 304, ""},
	} {
		r := httptest.NewRequest("GET", links.For(file, Attachment), nil)
		r.Header.Set(c.header, c.value)
		w := do(h, r)
		if w.Code != c.status || (c.body != "" && w.Body.String() != c.body) {
			t.Errorf("%s: %d %q, want %d %q", c.name, w.Code, w.Body, c.status, c.body)
		}
	}
}

func TestConditionalOnlyAfterTheCheckSEC49(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	old := aFile(-time.Second)
	old.SHA256 = "abc"
	h := contentHandler(t, links, tableOf("x", old))
	for header, value := range map[string]string{"If-None-Match": `"abc"`, "Range": "bytes=0-1", "If-Range": `"abc"`} {
		r := httptest.NewRequest("GET", links.address(link{owner: "42", file: old.ID, disposition: Attachment, expires: time.Now().Add(time.Minute).Unix()}, links.ring[0]), nil)
		r.Header.Set(header, value)
		if w := do(h, r); w.Code != http.StatusGone {
			t.Errorf("%s on an expired file: %d, want 410", header, w.Code)
		}
	}
}

func TestContentRateLimitSEC17(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	file := aFile(time.Hour)
	h := contentHandler(t, links, tableOf("x", file))
	last := &httptest.ResponseRecorder{}
	for range 51 {
		last = do(h, httptest.NewRequest("GET", links.For(file, Attachment), nil))
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" {
		t.Errorf("got %d, Retry-After %q", last.Code, last.Header().Get("Retry-After"))
	}
}

func TestUserMarkupIsNeverShownSEC53(t *testing.T) {
	t.Parallel()
	links := linksFor(t, contentURL, secretOf(1), nil)
	for _, media := range []string{"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "text/javascript"} {
		file := aFile(time.Hour)
		file.MediaType = media
		w := do(contentHandler(t, links, tableOf("<script>alert(1)</script>", file)), httptest.NewRequest("GET", links.For(file, Inline), nil))
		if got := w.Header().Get("Content-Disposition"); w.Code != 200 || !strings.HasPrefix(got, "attachment") {
			t.Errorf("%s: %d %q", media, w.Code, got)
		}
	}
}
