package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mayfly/internal/testkit/browser"
)

// person is somebody who uses a server by HTTP alone, as scripts do: each from
// a loopback address of their own, so that nobody eats another's rate limit.
type person struct {
	t      *testing.T
	server *server
	id     string
	client *http.Client
}

// addresses and people count what was given out.
var addresses, people atomic.Int32

// nobody is a person who is not signed in.
func nobody(t *testing.T, s *server) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: loopback(addresses.Add(1))}}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp4", address)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &person{t: t, server: s, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// loopback is one of the 65,000 addresses from 127.1.0.1 on.
func loopback(n int32) net.IP { return net.IPv4(127, 1, byte(n>>8), byte(n)) }

// signedIn is a new person signed in by the local sign-in.
func signedIn(t *testing.T, s *server, name string) *person {
	t.Helper()
	return signedInAs(t, s, fmt.Sprint(4000+people.Add(1)), name)
}

// signedInAs is a person with an id that they may have had before.
func signedInAs(t *testing.T, s *server, id, name string) *person {
	t.Helper()
	p := nobody(t, s)
	p.id = id
	if a := p.post("/login/local", url.Values{"discord_id": {p.id}, "name": {name}}); a.status != http.StatusSeeOther {
		t.Fatalf("the local sign-in answered %d: %s", a.status, a.body)
	}
	return p
}

// browse opens a tab in which the person is signed in already.
func (p *person) browse(screen browser.Screen) *browser.Tab {
	p.t.Helper()
	tab := browser.Open(p.t, p.server.url, screen)
	p.carry(tab)
	return tab
}

// carry signs the person in in a tab.
func (p *person) carry(tab *browser.Tab) {
	p.t.Helper()
	address, err := url.Parse(p.server.url)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range p.client.Jar.Cookies(address) {
		tab.Carry(c)
	}
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   string
}

func (p *person) get(path string) answer { return p.do(http.MethodGet, path, nil) }

func (p *person) post(path string, form url.Values) answer {
	return p.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (p *person) do(method, path string, body io.Reader) answer {
	p.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = p.server.url + path
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, address, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", p.server.url)
	}
	response, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// start sends code to be run and returns the run's path.
func (p *person) start(code string) (path string) {
	p.t.Helper()
	a := p.post("/runs", url.Values{"code": {code}})
	if a.status != http.StatusSeeOther {
		p.t.Fatalf("POST /runs answered %d: %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// finish runs code to its end and returns the run's page.
func (p *person) finish(code string) (path, page string) {
	p.t.Helper()
	path = p.start(code)
	until(p.t, "run "+path+" ends", func() (bool, string) {
		page = p.get(path).body
		return !strings.Contains(page, `http-equiv="refresh"`), page
	})
	return path, page
}

var fileLink = regexp.MustCompile(`/files/([1-9][0-9]{0,19}_[0-9]+_[a-z2-7]{26})/content`)

// filesOn lists the ids of the live files that a page offers for download, in
// its order.
func filesOn(page string) (ids []string) {
	seen := map[string]bool{}
	for _, found := range fileLink.FindAllStringSubmatch(page, -1) {
		if !seen[found[1]] {
			ids = append(ids, found[1])
			seen[found[1]] = true
		}
	}
	return ids
}

// download follows a file's link to the content origin.
func (p *person) download(id string) answer {
	p.t.Helper()
	a := p.get("/files/" + id + "/content")
	if a.status != http.StatusSeeOther {
		return a
	}
	return p.get(a.header.Get("Location"))
}

// until looks again and again until the condition holds; else the test ends
// with what was seen last.
func until(t *testing.T, what string, condition func() (done bool, seen string)) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		done, seen := condition()
		if done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s; last seen: %.3000s", what, seen)
		}
		<-tick.C
	}
}
