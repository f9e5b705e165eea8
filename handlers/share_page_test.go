package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/models"
)

// TestWhatNobodySeesOfAShare: prose, code, outputs and files with clocks, nothing
// that acts, and nothing of whose it is.
func TestWhatNobodySeesOfAShare(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("4242424242")
	n := r.brought(ada.id, "Open <book>")
	r.keepIn(n, "open.csv", "a,b\n1,2\n")
	second, err := r.store.InsertCell(t.Context(), ada.id, n.ID, 0, models.NewCell{Kind: models.CodeCell, Text: "print('ran')"})
	if err != nil {
		t.Fatal(err)
	}
	n, err = r.store.Notebook(t.Context(), ada.id, n.ID)
	if err != nil || n.Cells[2].ID != second.ID {
		t.Fatal(err)
	}
	r.runCell(n, 2, models.Output{Seq: 1, Stream: "stdout", Text: "it ran\n"})
	link, _ := r.share(n)
	page := r.nobody().get(link).want(200)
	for what, want := range map[string]string{
		"h1": "Open <book>", ".shared-prose": "bold", ".code": "print('ran')", ".from-file": "From the imported file", ".file-row-name .name": "open", ".shared-head .clock": "1d 23h",
	} {
		if got := page.words(what); !strings.Contains(got, want) {
			t.Errorf("%s: %q", what, got)
		}
	}
	for _, want := range []string{"it ran", "said in the file"} {
		if !strings.Contains(page.words(".log"), want) {
			t.Errorf("no %q in %q", want, page.words(".log"))
		}
	}
	if at := page.page().Find("main form, main button, main input, main textarea, [hx-post], [hx-get], .rail").Length(); at != 0 {
		t.Errorf("%d things to act with", at)
	}
	if strings.Contains(page.body, "4242424242") || strings.Contains(page.body, "person 4242") || strings.Contains(page.body, "onclick") {
		t.Error("it says whose it is, or holds what it should not")
	}
	if page.Header.Get("X-Robots-Tag") != "noindex, nofollow, noarchive" || page.Header.Get("Referrer-Policy") != "no-referrer" || page.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("its headers: %v", page.Header)
	}
	for range 100 { // a request is logged after its answer
		if strings.Contains(r.log.String(), "/s/…") {
			break
		}
		r.nobody().get("/healthz").want(200)
	}
	if log := r.log.String(); strings.Contains(log, strings.TrimPrefix(link, "/s/")) || !strings.Contains(log, "/s/…") {
		t.Errorf("the log: %s", log)
	}
}

// TestASharedNotebookSaysWhatItsRunsSaid: each run its own, unless its time is over.
func TestASharedNotebookSaysWhatItsRunsSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "1", "2", "3")
	for i, word := range []string{"first", "second", "third"} {
		r.runCell(n, i, models.Output{Seq: 1, Stream: "stdout", Text: word + " said\n"})
	}
	r.exec("UPDATE runs SET expires_at = now() WHERE code = '2'")
	link, _ := r.share(n)
	said := r.nobody().get(link).want(200).page().Find(".shared-cell")
	for i, words := range []string{"first said", "The output is gone", "third said"} {
		if got := said.Eq(i).Find(".log").Text(); !strings.Contains(got, words) || strings.Contains(got, "second") {
			t.Errorf("cell %d shows %q", i+1, got)
		}
	}
}

// TestSharedBytesLiveAsLongAsTheShare: a link on the content origin asks for the
// share again (SEC-48).
func TestSharedBytesLiveAsLongAsTheShareSEC48(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, nobody := r.person("42"), r.nobody()
	n := r.brought(ada.id, "book")
	f := r.keepIn(n, "open.csv", "a,b\n1,2\n")
	link, share := r.share(n)
	file := nobody.get(link + "/files/" + f.ID.Tail()).want(http.StatusSeeOther).Header.Get("Location")
	frame := nobody.get(link + "/cells/" + string(n.Cells[0].ID) + "/outputs/3?type=text/html").want(http.StatusSeeOther).Header.Get("Location")
	if strings.Contains(file, "42_") || !strings.HasPrefix(frame, r.content.String()) {
		t.Errorf("they lead to %s and %s", file, frame)
	}
	if got := nobody.get(file).want(200); got.body != "a,b\n1,2\n" || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file: %q %v", got.body, got.Header)
	}
	if got := nobody.get(frame).want(200); !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox allow-scripts") {
		t.Errorf("the frame: %v", got.Header)
	}
	ada.post("/shares/"+string(share.ID)+"/end", url.Values{}).want(http.StatusSeeOther)
	nobody.get(file).want(http.StatusNotFound)
	nobody.get(frame).want(http.StatusNotFound)
	for _, path := range []string{"", "/files/" + f.ID.Tail(), "/cells/" + string(n.Cells[0].ID) + "/outputs/2?type=image/png"} {
		nobody.get(link + path).want(http.StatusGone)
	}
	if words := nobody.get(link).want(http.StatusGone).words("main"); !strings.Contains(words, "This is no longer shared") || !strings.Contains(words, "Ask them for a new link") {
		t.Errorf("it says %q", words)
	}
	nobody.get("/s/" + strings.Repeat("a", 26)).want(http.StatusNotFound)
}

// TestALinkIsShownOnceAndListedAfter: with a page, and as a fragment of the dialog.
func TestALinkIsShownOnceAndListedAfter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	book := "/notebooks/" + string(r.brought(ada.id, "book").ID)
	made := ada.post(book+"/share", url.Values{}).want(http.StatusCreated)
	link := made.page().Find("#share-link").AttrOr("value", "")
	token, found := strings.CutPrefix(link, r.url.String()+"/s/")
	if !found || !models.LooksLikeShare(token) {
		t.Fatalf("the link is %q", link)
	}
	r.nobody().get("/s/" + token).want(200)
	again := ada.get(book + "/share").want(200)
	if strings.Contains(again.body, token) || again.page().Find(".share-row").Length() != 1 {
		t.Errorf("the page after: %s", again.words("main"))
	}
	box := ada.do(part(ada.form(book+"/share", url.Values{}))).want(http.StatusCreated)
	if strings.Contains(box.body, "<html") || box.page().Find("#share .share-row").Length() != 2 {
		t.Errorf("the fragment: %.300s", box.body)
	}
}

func TestACopyOfASharedPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	link, _ := r.share(r.brought(ada.id, "book"))
	if asked := bob.get(link + "/copy").want(200).words("main"); !strings.Contains(asked, "Output and files stay where they are") {
		t.Errorf("it asks %q", asked)
	}
	at := bob.post(link+"/copy", url.Values{}).want(http.StatusSeeOther).at()
	if page := bob.get(at).want(200); !strings.Contains(page.body, "# Prose") || strings.Contains(page.body, "said in the file") {
		t.Errorf("the copy: %s", page.words("#cells"))
	}
	ada.get(at).want(http.StatusNotFound)
	if nobody := r.nobody().get(link + "/copy").want(http.StatusUnauthorized); !strings.Contains(nobody.body, link+"/copy") {
		t.Error("signing in does not lead back")
	}
}
