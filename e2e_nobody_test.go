package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

const secretText = "only for its owner"

// secretFile makes a file and returns its id.
func secretFile(t *testing.T, owner *person) string {
	t.Helper()
	path, page := owner.finish("open('secret.txt', 'w').write('" + secretText + "')")
	ids := filesOn(page)
	if len(ids) != 1 {
		t.Fatalf("run %s made %d files: %.2000s", path, len(ids), page)
	}
	if got := owner.download(ids[0]); got.status != http.StatusOK || got.body != secretText {
		t.Fatalf("its owner got %d %q", got.status, got.body)
	}
	return ids[0]
}

func TestNobodyReadsAFileWithoutASession(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	id := secretFile(t, signedIn(t, s, "Owner"))
	stranger := nobody(t, s)
	forged := nobody(t, s)
	address, _ := url.Parse(s.url)
	forged.client.Jar.SetCookies(address, []*http.Cookie{{Name: "mayfly", Value: strings.Repeat("a", 43)}})
	for _, p := range []*person{stranger, forged, signedIn(t, s, "Other")} {
		for _, path := range []string{
			"/files/" + id, "/files/" + id + "/content", "/files/" + id + "/content?inline=1",
			"/files.zip?id=" + id, "/files", "/", "/runs", s.content + "/f/" + id, s.content + "/files/" + id + "/content",
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := p.do(method, path, nil)
				if strings.Contains(a.body, secretText) || strings.Contains(a.body, "secret.txt") ||
					strings.HasPrefix(a.header.Get("Location"), s.content) || a.header.Get("Etag") != "" {
					t.Errorf("%s %s as %q gave a file away: %d %v", method, path, p.id, a.status, a.header)
				}
				if strings.Contains(path, id) && a.status < 300 {
					t.Errorf("%s %s as %q answered %d", method, path, p.id, a.status)
				}
			}
		}
	}
}

func TestALinkToContentCannotBeChanged(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	owner := signedIn(t, s, "Owner")
	first, second := secretFile(t, owner), secretFile(t, owner)
	link, err := url.Parse(owner.get("/files/" + first + "/content").header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	anybody := nobody(t, s)
	if a := anybody.get(link.String()); a.status != http.StatusOK || a.body != secretText {
		t.Fatalf("the link itself answered %d %q", a.status, a.body)
	}
	for name := range link.Query() {
		for _, change := range []func(url.Values){
			func(q url.Values) { q.Del(name) },
			func(q url.Values) { q.Set(name, "1"+q.Get(name)) },
			func(q url.Values) { q.Set(name, q.Get(name)[:len(q.Get(name))-1]) },
			func(q url.Values) { q.Add(name, q.Get(name)) },
		} {
			changed, query := *link, link.Query()
			change(query)
			changed.RawQuery = query.Encode()
			refused(t, anybody, changed.String())
		}
	}
	other := *link
	other.Path = "/f/" + second
	refused(t, anybody, other.String())
	refused(t, anybody, strings.Replace(link.String(), s.content, s.url, 1))
}

func refused(t *testing.T, p *person, address string) {
	t.Helper()
	a := p.get(address)
	if a.status != http.StatusForbidden && a.status != http.StatusNotFound || strings.Contains(a.body, secretText) {
		t.Errorf("%s answered %d %q", address, a.status, a.body)
	}
}

func TestTheContentOriginGetsNoCookies(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	owner := signedIn(t, s, "Owner")
	id := secretFile(t, owner)
	tab := owner.browse(browser.Screen{})
	tab.Go("/files/" + id)
	if names := tab.Cookies(s.url); len(names) != 1 {
		t.Errorf("the app has the cookies %v", names)
	}
	tab.Download(func() { tab.Press("Download") })
	if names := tab.Cookies(s.content); len(names) > 0 {
		t.Errorf("the content origin gets the cookies %v", names)
	}
	if a := owner.download(id); len(a.header.Values("Set-Cookie")) > 0 {
		t.Errorf("the content origin sets %v", a.header.Values("Set-Cookie"))
	}
}
