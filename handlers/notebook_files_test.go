package handlers_test

import (
	"archive/zip"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/models"
)

func (p *person) importing(name, text string) *answer {
	p.t.Helper()
	return p.do(p.uploadTo("/notebooks/import", name, text))
}

// TestAnImportedNotebookShowsWhatItBrought: marked, its script only in a frame of
// the content origin, and not after a run.
func TestAnImportedNotebookShowsWhatItBrought(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	text, err := os.ReadFile("../exchange/testdata/whole.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	at := ada.importing("whole.ipynb", string(text)).want(http.StatusSeeOther).at()
	page := ada.get(at).want(200)
	if marks := page.page().Find(".from-file").Length(); marks != 2 {
		t.Errorf("%d cells are marked", marks)
	}
	if strings.Contains(page.body, "document.title") && !strings.Contains(page.body, "document.title &#") {
		t.Error("its script is in the page")
	}
	frame := page.page().Find("iframe.out-frame").AttrOr("src", "")
	if !strings.Contains(frame, "/outputs/4?type=text%2Fhtml") {
		t.Fatalf("the frame shows %q", frame)
	}
	if to := ada.get(frame).want(http.StatusSeeOther).Header.Get("Location"); !strings.HasPrefix(to, r.content.String()+"/i/") {
		t.Errorf("the frame leads to %s", to)
	} else if got := ada.get(to).want(200); !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox allow-scripts") {
		t.Errorf("the frame's headers: %v", got.Header)
	}
	ada.get(page.page().Find(".out-figure img").AttrOr("src", "")).want(200)
	r.person("43").get(frame).want(http.StatusNotFound)

	all, err := r.store.Notebooks(t.Context(), ada.id)
	if err != nil || len(all) != 1 || all[0].Name != "All there is" {
		t.Fatalf("%+v %v", all, err)
	}
	n, err := r.store.Notebook(t.Context(), ada.id, all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	r.runCell(n, 2, models.Output{Seq: 1, Stream: "stdout", Text: "from here\n"})
	page = ada.get(at).want(200)
	if marks := page.page().Find(".from-file").Length(); marks != 1 || !strings.Contains(page.body, "from here") {
		t.Errorf("after a run %d cells are marked", marks)
	}
	ada.get(frame).want(http.StatusNotFound)
}

// TestABrokenNotebookIsRefusedInWords: 4xx, the place, and nothing is left behind.
func TestABrokenNotebookIsRefusedInWords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for what, c := range map[string]struct {
		name, text string
		status     int
		want       string
	}{
		"version 3": {"old.ipynb", `{"nbformat":3,"worksheets":[]}`, 400, "old format 3 of Jupyter"},
		"cut off":   {"cut.ipynb", "{\n\"nbformat\": 4,\n\"cells\": [", 400, "line 3, column 10: unexpected end of JSON inputNo notebook was made of it.Save or download it again."},
		"huge":      {"huge.ipynb", strings.Repeat("x", 20<<20+1), 400, "over 20 MB"},
		"endless":   {"huge.ipynb", strings.Repeat("x", 22<<20), 413, "too large"},
		"no text":   {"x.ipynb", fmt.Sprintf(`{"nbformat":4,"cells":[{"cell_type":"code","source":%q}]}`, strings.Repeat("x", models.MaxCellText+1)), 400, "Cell 1: A cell holds 1 MB"},
		"NUL":       {"x.ipynb", `{"nbformat":4,"cells":[{"cell_type":"code","source":"\u0000"}]}`, 400, "Cell 1: The cell holds a NUL"},
		"a table":   {"a.csv", "a,b", 400, "Only .ipynb and .py files"},
	} {
		if said := ada.importing(c.name, c.text).want(c.status).words("main"); !strings.Contains(said, c.want) {
			t.Errorf("%s: %q", what, said)
		}
	}
	if n := r.count("SELECT count(*) FROM notebooks"); n != 0 {
		t.Errorf("%d notebooks were made", n)
	}
	toast := ada.do(part(ada.uploadTo("/notebooks/import", "cut.ipynb", "{"))).want(400)
	if want := "The file is no whole JSON, at line 1, column 1: unexpected end of JSON input. Save or download it again. Request "; !strings.HasPrefix(toast.words(".toast-text"), want) {
		t.Errorf("the toast: %s", toast.words(".toast-text"))
	}
}

// TestTheFormsOfANotebook: names, types, and a zip with its live files alone.
func TestTheFormsOfANotebook(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.brought(ada.id, "Sales / 2026")
	r.keepIn(n, "a.csv", "live")
	gone := r.keepIn(n, "b.csv", "gone")
	r.exec("UPDATE files SET expires_at = now() WHERE id = $1", gone.ID)
	book := "/notebooks/" + string(n.ID) + "/export/"
	if a := ada.get(book + "ipynb").want(200); a.Header.Get("Content-Type") != "application/x-ipynb+json" ||
		!strings.Contains(a.Header.Get("Content-Disposition"), `filename="Sales - 2026.ipynb"`) || !strings.Contains(a.body, "said in the file") {
		t.Errorf("%v %.200s", a.Header, a.body)
	}
	if a := ada.get(book + "py").want(200); !strings.Contains(a.body, "# %% [markdown]\n# # Prose") {
		t.Errorf("%.500s", a.body)
	}
	a := ada.get(book + "zip").want(200)
	held, err := zip.NewReader(strings.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range held.File {
		names = append(names, f.Name)
	}
	if got := strings.Join(slices.Sorted(slices.Values(names)), ", "); got != "Sales - 2026.ipynb, Sales - 2026.py, a.csv" {
		t.Errorf("the zip holds %s", got)
	}
	ada.get(book + "exe").want(http.StatusNotFound)
}

// TestAFileInANotebookIsOfferedReadyCells: those that came just now by
// themselves, all of them in their menus.
func TestAFileInANotebookIsOfferedReadyCells(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "1", "2")
	book := "/notebooks/" + string(n.ID)
	if at := ada.do(ada.uploadTo(book+"/files", "sales.csv", "a,b\n1,2\n")).want(http.StatusSeeOther).at(); at != book {
		t.Errorf("then to %s", at)
	}
	page := ada.get(book).want(200)
	if words := page.words(".ready"); !strings.Contains(words, "Load Describe Plot") {
		t.Errorf("offered: %q", words)
	}
	form := page.page().Find(".ready form").First()
	values := map[string][]string{"place": {"2"}}
	form.Find("input").Each(func(_ int, s *goquery.Selection) { values[s.AttrOr("name", "")] = []string{s.AttrOr("value", "")} })
	ada.post(form.AttrOr("action", ""), values).want(http.StatusSeeOther)
	now, err := r.store.Notebook(t.Context(), ada.id, n.ID)
	if err != nil || len(now.Cells) != 3 || !strings.Contains(now.Cells[1].Text, `sales = load_file("sales.csv")`) {
		t.Errorf("%+v %v", now.Cells, err)
	}
	r.exec("UPDATE files SET created_at = created_at - interval '11 minutes'")
	page = ada.get(book).want(200)
	if page.page().Find(".ready").Length() != 0 || page.page().Find(".side-file .ready-cell").Length() != 3 {
		t.Errorf("later: %q", page.words(".side-files"))
	}
	refused := ada.do(ada.uploadTo(book+"/files", "big.csv", strings.Repeat("x", 50_000_001)))
	if refused.StatusCode != http.StatusTooManyRequests || !strings.Contains(refused.words("main"), "big.csv") {
		t.Errorf("refused with %d: %s", refused.StatusCode, refused.words("main"))
	}
}

// TestAttachmentsOfTextAreShown: pictures of pixels under their names alone, on the
// notebook's page and on a shared one.
func TestAttachmentsOfTextAreShown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.brought(ada.id, "with a dot")
	link, _ := r.share(n)
	for _, place := range []struct{ page, prefix string }{{"/notebooks/" + string(n.ID), "/cells/"}, {link, link + "/cells/"}} {
		src := ada.get(place.page).want(200).page().Find("img.attached").AttrOr("src", "")
		if src != place.prefix+string(n.Cells[1].ID)+"/attachments/x.png" {
			t.Errorf("%s shows %q", place.page, src)
		}
		got := ada.get(src).want(200)
		if got.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(got.body, "\x89PNG") {
			t.Errorf("%s is %s", src, got.Header.Get("Content-Type"))
		}
		for _, other := range []string{"bad.svg", "y.png", "..%2Fx.png"} {
			ada.get(strings.TrimSuffix(src, "x.png") + other).want(http.StatusNotFound)
		}
	}
	if export := ada.get("/notebooks/" + string(n.ID) + "/export/ipynb").want(200); !strings.Contains(export.body, `"x.png"`) {
		t.Error("the export has lost it")
	}
}
