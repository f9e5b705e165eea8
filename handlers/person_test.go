package handlers_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"mayfly/models"
)

// person is a browser: it keeps cookies, follows nothing, and sends the headers
// that a browser sends from a page of ours.
type person struct {
	rig    *rig
	t      *testing.T
	id     models.UserID
	client *http.Client
}

// answer is a response read to its end.
type answer struct {
	*http.Response
	t    *testing.T
	body string
}

// nobody opens a browser in which nobody is signed in.
func (r *rig) nobody() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true, ExpectContinueTimeout: time.Minute}
	r.t.Cleanup(transport.CloseIdleConnections)
	return &person{rig: r, t: r.t, client: &http.Client{
		Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// person signs somebody in through the page's own form.
func (r *rig) person(id string) *person {
	r.t.Helper()
	p := r.nobody()
	if a := p.post("/login/local", url.Values{"discord_id": {id}, "name": {"person " + id}}); a.StatusCode != http.StatusSeeOther {
		r.t.Fatalf("sign in as %s: %d %s", id, a.StatusCode, a.body)
	}
	p.id = models.UserID(id)
	return p
}

func (p *person) request(method, target string, body io.Reader) *http.Request {
	p.t.Helper()
	if strings.HasPrefix(target, "/") {
		target = p.rig.url.String() + target
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, target, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != http.MethodGet && method != http.MethodHead {
		req.Header.Set("Origin", p.rig.url.String())
	}
	return req
}

func (p *person) do(req *http.Request) *answer {
	p.t.Helper()
	resp, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	return &answer{Response: resp, t: p.t, body: readAll(p.t, resp.Body)}
}

func (p *person) get(target string) *answer {
	p.t.Helper()
	return p.do(p.request(http.MethodGet, target, nil))
}

func (p *person) post(path string, form url.Values) *answer {
	p.t.Helper()
	return p.do(p.form(path, form))
}

func (p *person) form(path string, form url.Values) *http.Request {
	p.t.Helper()
	req := p.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// part asks as htmx does for a part of a page.
func part(req *http.Request) *http.Request {
	req.Header.Set("HX-Request", "true")
	req.Header.Set("HX-Request-Type", "partial")
	return req
}

// upload is the request that sends files, given as name, content, name, …
func (p *person) upload(files ...string) *http.Request {
	p.t.Helper()
	return p.uploadTo("/files", files...)
}

// uploadTo is upload to another route.
func (p *person) uploadTo(path string, files ...string) *http.Request {
	p.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(files); i += 2 {
		w, err := form.CreateFormFile("file", files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		p.t.Fatal(err)
	}
	req := p.request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

// at is where a redirect leads, without our own origin.
func (a *answer) at() string {
	a.t.Helper()
	return strings.TrimPrefix(a.Header.Get("Location"), "http://"+a.Request.Host)
}

// want checks the status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Errorf("%s %s answered %d, not %d: %.500s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

// page reads the answer as HTML.
func (a *answer) page() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// parts reads an answer to htmx: its pieces are HTML in templates' stead.
func (a *answer) parts() *goquery.Document {
	a.t.Helper()
	root, err := html.ParseFragment(strings.NewReader(a.body), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		a.t.Fatal(err)
	}
	top := &html.Node{Type: html.DocumentNode}
	for _, n := range root {
		top.AppendChild(n)
	}
	return goquery.NewDocumentFromNode(top)
}

// words are the text that the selector finds, with single spaces.
func (a *answer) words(selector string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.page().Find(selector).Text()), " ")
}
