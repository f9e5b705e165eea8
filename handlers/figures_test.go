package handlers_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/models"
	"mayfly/sandbox"
)

// TestAFigureIsKeptAsAFile: by its title or by its number, as what it shows now; the
// same picture again is the same file, and what is no picture makes none.
func TestAFigureIsKeptAsAFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "plots")
	show := func(seq, replaces int, media, data, said string) models.Output {
		return models.Output{Seq: seq, Stream: "display", Replaces: replaces, Bundle: map[string]string{media: data, sandbox.PictureMIME: said}}
	}
	run := r.runCell(n, 0, show(1, 0, "image/png", pixel, ""), models.Output{Seq: 2, Stream: "display", Bundle: map[string]string{"text/plain": "x"}},
		show(3, 0, "image/svg+xml", "<svg/>", `{"title":" ../a:b\u0000/c "}`), show(4, 0, "image/png", "no base64!", ""), show(5, 1, "image/png", pixel+"\n", `{"title":7}`),
		show(6, 0, "image/jpeg", pixel, `not json`))
	path := "/runs/" + string(run.ID) + "/outputs/"
	keep := func(seq string) string {
		return strings.TrimPrefix(ada.post(path+seq+"/keep", url.Values{}).want(303).Header.Get("Location"), "/files/")
	}
	first := keep("1")
	if again := keep("1"); again != first {
		t.Errorf("the same picture is another file: %s, %s", first, again)
	}
	for seq, want := range map[string]string{"1": "figure-1-1.png", "3": "a-b-c.svg", "6": "figure-1-4.jpg"} {
		file, err := r.store.File(t.Context(), ada.id, models.FileID(keep(seq)))
		if err != nil || file.Name != want || file.Version != 1 || file.NotebookID == nil || *file.NotebookID != n.ID || *file.RunID != run.ID {
			t.Errorf("%s: %+v %v", seq, file, err)
		}
	}
	for seq, want := range map[string]int{"2": 404, "4": 400, "9": 404, "-1": 404, "99999999999": 404, "x": 404} {
		ada.post(path+seq+"/keep", url.Values{}).want(want)
	}
	here := ada.open(n.ID)
	body := here.send(path+"1/keep", url.Values{}).body
	if !strings.Contains(body, `href="/files/`+first+`"`) || !strings.Contains(body, "toast-note") {
		t.Errorf("the answer to a script: %.2000s", body)
	}
	r.exec("UPDATE runs SET expires_at = now()")
	ada.post(path+"1/keep", url.Values{}).want(404)
}

// TestAFigureIsDescribed: the words are its alternative on the page, on a share and in
// an export, stay when it changes, and go when they are taken back.
func TestAFigureIsDescribed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "plots", "later")
	run := r.runCell(n, 0, models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"image/png": pixel, sandbox.PictureMIME: `{"alt":"Line chart"}`}})
	book, path := "/notebooks/"+string(n.ID), "/runs/"+string(run.ID)+"/outputs/1/description"
	alt := func(page string) string {
		return ada.get(page).want(200).page().Find(".out-figure img").AttrOr("alt", "")
	}
	if words := ada.get(book).page().Find(".figure-about").Text(); !strings.Contains(words, "Described by its code.") || alt(book) != "Line chart" {
		t.Errorf("at first: %q, %q", alt(book), words)
	}
	ada.get(book) // drawn, and kept so
	const words = "Gold <b> by day:  rises & falls"
	here := ada.open(n.ID)
	if body := here.send(path, url.Values{"description": {" " + words + "\n"}}).want(200).body; !strings.Contains(body, "rises &amp; falls") {
		t.Errorf("the answer to a script: %.2000s", body)
	}
	want := strings.Join(strings.Fields(words), " ")
	if alt(book) != want || alt("/runs/"+string(run.ID)) != want {
		t.Errorf("%q, %q", alt(book), alt("/runs/"+string(run.ID)))
	}
	later := r.begin(r.queueCell(n, 1).ID)
	refused, err := r.store.System().UpdateDisplays(t.Context(), later, []models.DisplayUpdate{{Run: run.ID, Seq: 1, Bundle: map[string]string{"image/png": pixel}}}, 1<<20)
	if err != nil || refused[0] != nil || alt(book) != want {
		t.Errorf("after a change: %q, %v, %v", alt(book), refused, err)
	}
	if out := ada.get(book + "/export/ipynb").want(200).body; !strings.Contains(out, `"alt": "Gold <b> by day: rises & falls"`) {
		t.Errorf("the export: %.3000s", out)
	}
	link, _ := r.share(n)
	if shared := r.nobody().get(link).want(200); shared.page().Find(".out-figure img").AttrOr("alt", "") != want || strings.Contains(shared.body, "figure-about") {
		t.Errorf("the share: %.3000s", shared.body)
	}
	ada.post(path, url.Values{"description": {strings.Repeat("ü", 1001)}}).want(http.StatusBadRequest)
	torn := ada.form(path, nil)
	torn.Body = io.NopCloser(strings.NewReader("description=%zz"))
	torn.ContentLength = -1
	if ada.do(torn).want(http.StatusBadRequest); alt(book) != want {
		t.Errorf("a form that cannot be read takes it away: %q", alt(book))
	}
	ada.post("/runs/"+string(later.ID)+"/outputs/1/description", url.Values{"description": {"x"}}).want(404)
	ada.post(path, url.Values{"description": {""}}).want(303)
	if alt(book) != "Figure made by this run" {
		t.Errorf("taken back: %q", alt(book))
	}
}

// TestWhatIsShownOfATableCanBeHad: when no interpreter holds it, it is said, and the
// page that was shown is there.
func TestWhatIsShownOfATableCanBeHad(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	bundle := map[string]string{sandbox.TableMIME: tableJSON}
	cell := r.runCell(r.notebook(ada.id, "df"), 0, models.Output{Seq: 1, Stream: "display", Bundle: bundle})
	for _, run := range []*models.Run{cell, r.done(ada.id, "df", models.Output{Seq: 1, Stream: "display", Bundle: bundle})} {
		path := "/runs/" + string(run.ID) + "/outputs/1/page?as=csv"
		instead := ada.get(path).want(http.StatusGone)
		if !strings.Contains(instead.body, "Not the whole table") || !strings.Contains(instead.body, "1 of 1,284 rows") || !strings.Contains(instead.body, "as=csv&amp;shown=page") {
			t.Errorf("it says %.2000s", instead.body)
		}
		if got := ada.get(path + "&shown=page").want(200); got.body != ",ada-alone\n0,1\n" || !strings.Contains(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%q %v", got.body, got.Header)
		}
		r.person("43").get(path).want(404)
	}
	if page := ada.get("/runs/" + string(cell.ID)).want(200).page(); page.Find(".table-foot a[href$='as=csv']").Length() != 1 {
		t.Error("its run's page has no way to it")
	}
}

// TestAServerMadeCSVHoldsNoFormulaSEC58: what a spreadsheet would run is text there,
// and numbers are numbers.
func TestAServerMadeCSVHoldsNoFormulaSEC58(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	const table = `{"id":"t1","rows":3,"columns":2,"index":["@i"],"head":[{"name":["=cmd"]},{"name":["n"]}],"body":[
		{"index":["+x"],"cells":["=HYPERLINK(1)","-1.5"]},{"index":["-"],"cells":["\tx","-1,284"]},{"index":["0"],"cells":["a=b","+inf"]}]}`
	run := r.done(ada.id, "df", models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{sandbox.TableMIME: table}})
	got := ada.get("/runs/" + string(run.ID) + "/outputs/1/page?as=csv&shown=page").want(200).body
	if want := "'@i,'=cmd,n\n'+x,'=HYPERLINK(1),-1.5\n'-,'\tx,\"-1,284\"\n0,a=b,+inf\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
