package handlers_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/web"
)

// link asks the app for a file's content and returns where that leads.
func (p *person) link(f *models.File, query string) string {
	p.t.Helper()
	at := p.get("/files/" + string(f.ID) + "/content" + query).want(http.StatusSeeOther).Header.Get("Location")
	if !strings.HasPrefix(at, p.rig.content.String()+"/f/"+string(f.ID)+"?") {
		p.t.Errorf("the content is at %q", at)
	}
	return at
}

func TestADownloadGoesThroughTheContentOriginSEC52(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	f := r.keep(ada.id, "häus.csv", "0123456789")
	at := ada.link(f, "")
	a := r.nobody().get(at).want(200) // no cookie goes there
	h := a.Header
	if a.body != "0123456789" || h.Get("Content-Type") != "text/csv; charset=utf-8" ||
		h.Get("Content-Disposition") != `attachment; filename="h_us.csv"; filename*=UTF-8''h%C3%A4us.csv` {
		t.Errorf("%q as %s, %s", a.body, h.Get("Content-Type"), h.Get("Content-Disposition"))
	}
	if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Set-Cookie") != "" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", h)
	}
	for bytesRange, want := range map[string]string{"bytes=2-4": "234", "bytes=-3": "789", "bytes=8-": "89"} {
		req := ada.request(http.MethodGet, at, nil)
		req.Header.Set("Range", bytesRange)
		if a := ada.do(req); a.StatusCode != http.StatusPartialContent || a.body != want {
			t.Errorf("%s: %d %q", bytesRange, a.StatusCode, a.body)
		}
	}
	req := ada.request(http.MethodGet, at, nil)
	req.Header.Set("Range", "bytes=99-")
	ada.do(req).want(http.StatusRequestedRangeNotSatisfiable)
	head := ada.do(ada.request(http.MethodHead, at, nil)).want(200)
	if head.body != "" || head.ContentLength != 10 {
		t.Errorf("HEAD: %q, %d bytes", head.body, head.ContentLength)
	}
}

func TestEachVisitGetsAFreshLinkAndNoPageHoldsOneSEC52(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	f := r.keep(ada.id, "a.png", "x")
	for _, path := range []string{"/", "/files", "/files/" + string(f.ID)} {
		if a := ada.get(path); strings.Contains(a.body, r.content.Host) {
			t.Errorf("%s holds an address of the content origin", path)
		}
	}
	until := func(at string) string {
		u, err := url.Parse(at)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("e")
	}
	if in := until(ada.link(f, "")); in > fmt.Sprint(time.Now().Add(5*time.Minute).Unix()) {
		t.Errorf("a link works until %s", in)
	}
	testkit.Age(t, r.pool, "files", string(f.ID), 48*time.Hour-30*time.Second)
	if in := until(ada.link(f, "")); in > fmt.Sprint(time.Now().Add(31*time.Second).Unix()) {
		t.Errorf("a link outlives its file: until %s", in)
	}
}

func TestInlineIsForHarmlessTypesSEC53(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for name, shown := range map[string]bool{
		"a.png": true, "a.txt": true, "a.mp3": true, "a.html": false, "a.svg": false, "a.pdf": false, "a.xml": false, "a.js": false, "a.bin": false,
	} {
		f := r.keep(ada.id, name, "<script>alert(1)</script>")
		for query, inline := range map[string]bool{"?inline=1": shown, "": false, "?inline=yes": false} {
			a := ada.get(ada.link(f, query)).want(200)
			if got := strings.HasPrefix(a.Header.Get("Content-Disposition"), "inline"); got != inline {
				t.Errorf("%s%s: %s", name, query, a.Header.Get("Content-Disposition"))
			}
			if kind := a.Header.Get("Content-Type"); strings.Contains(kind, "html") || strings.Contains(kind, "script") || strings.Contains(kind, "/xml") {
				t.Errorf("%s is served as %s", name, kind)
			}
		}
	}
}

func TestSEC49ALinkDiesWithItsFileAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	expired, deleted := r.keep(ada.id, "a.csv", "x"), r.keep(ada.id, "b.csv", "x")
	old, gone := ada.link(expired, ""), ada.link(deleted, "")
	etag := ada.get(old).want(200).Header.Get("Etag")
	testkit.Age(t, r.pool, "files", string(expired.ID), 48*time.Hour)
	ada.post("/files/"+string(deleted.ID)+"/delete", url.Values{}).want(303)
	for _, at := range []string{old, gone} {
		ada.get(at).want(http.StatusGone)
		for name, value := range map[string]string{"Range": "bytes=0-0", "If-None-Match": etag, "If-Range": etag} {
			req := ada.request(http.MethodGet, at, nil)
			req.Header.Set(name, value)
			ada.do(req).want(http.StatusGone)
		}
		ada.do(ada.request(http.MethodHead, at, nil)).want(http.StatusGone)
	}
	ada.get("/files/" + string(expired.ID) + "/content?inline=1").want(http.StatusGone)
}

func TestALinkThatIsNotOursOpensNothingSEC52(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	f, other := r.keep(ada.id, "a.csv", "secret"), r.keep(bob.id, "b.csv", "other")
	at, err := url.Parse(ada.link(f, ""))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func(*url.URL, url.Values)) string {
		u, q := *at, at.Query()
		change(&u, q)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, address := range map[string]string{
		"another file":  changed(func(u *url.URL, _ url.Values) { u.Path = "/f/" + string(other.ID) }),
		"another owner": changed(func(_ *url.URL, q url.Values) { q.Set("u", "43") }),
		"a later end":   changed(func(_ *url.URL, q url.Values) { q.Set("e", "99999999999") }),
		"inline":        changed(func(_ *url.URL, q url.Values) { q.Set("d", "i") }),
		"no signature":  changed(func(_ *url.URL, q url.Values) { q.Del("s") }),
		"two ends":      changed(func(_ *url.URL, q url.Values) { q.Add("e", q.Get("e")) }),
		"nothing":       r.content.String() + "/f/" + string(f.ID),
	} {
		if a := bob.get(address); a.StatusCode != http.StatusForbidden || strings.Contains(a.body, "secret") {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	for _, path := range []string{"/", "/files", "/files/" + string(f.ID), "/runs", "/login/local", "/healthz"} {
		ada.get(r.content.String() + path).want(404)
	}
	ada.get("/f/" + string(f.ID) + "?" + at.RawQuery).want(404)
}

func TestAZipIsOfOnesOwnLiveFilesSEC58(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	a, same := r.keep(ada.id, "plots/a.csv", "first"), r.keep(ada.id, "plots/a.csv", "second")
	gone, foreign := r.keep(ada.id, "gone.csv", "x"), r.keep(bob.id, "foreign.csv", "x")
	testkit.Age(t, r.pool, "files", string(gone.ID), 48*time.Hour)
	ask := func(ids ...models.FileID) string {
		q := url.Values{}
		for _, id := range ids {
			q.Add("id", string(id))
		}
		return "/files.zip?" + q.Encode()
	}
	got := ada.get(ask(a.ID, same.ID, gone.ID, foreign.ID)).want(200)
	if h := got.Header; h.Get("Content-Type") != "application/zip" || h.Get("Content-Disposition") != `attachment; filename="mayfly-files.zip"` {
		t.Errorf("headers: %v", h)
	}
	archive, err := zip.NewReader(bytes.NewReader([]byte(got.body)), int64(len(got.body)))
	if err != nil {
		t.Fatal(err)
	}
	var inside []string
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		inside = append(inside, f.Name+": "+strings.TrimSpace(readAll(t, content)))
	}
	note := "not-in-this-zip.txt: These files were asked for, but were gone when the zip was made:\n\ngone.csv"
	if want := []string{"plots/a.csv: first", "plots/a (2).csv: second", note}; !slices.Equal(inside, want) {
		t.Errorf("inside: %q", inside)
	}
	polite(t, "a stranger", bob.get(ask(a.ID, same.ID)).want(404))
	polite(t, "all gone", ada.get(ask(gone.ID)).want(410))
	polite(t, "no file", ada.get("/files.zip").want(400))
	many := make([]models.FileID, web.ZipMax+1)
	for i := range many {
		many[i] = a.ID
	}
	polite(t, "too many", ada.get(ask(many...)).want(400))
}
