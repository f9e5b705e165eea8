package views_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestFilePage(t *testing.T) {
	t.Parallel()
	f := fileLine("sales.csv", 28*time.Hour)
	f.Version, f.Type = 2, "CSV table"
	old := fileLine("sales.csv", 20*time.Hour)
	old.ID = "1_1_old"
	gone := fileLine("ledger.xlsx", -3*time.Hour)
	run := views.RunLine{ID: "m2v9raxx", Short: "m2v9ra", State: "done", Ending: "ok", Line: "df.to_csv(path)", Wall: 840 * time.Millisecond}
	doc := drawn(t, views.File(views.Frame{}, views.FileView{
		File: f, MediaType: "text/csv", SHA256: strings.Repeat("9f2c71e4", 8), LoadGives: "a DataFrame", Run: &run,
		Loaded: []views.FileLine{gone}, Versions: []views.FileLine{f, old}, Text: "a,b\n1,2", TextCut: true,
	}))
	for selector, want := range map[string]string{
		"h1": "sales.csv", ".file-head p": "CSV table · 61 KB · version 2 of 2", ".clock-big .clock-words": "1d 4h left",
		".file-until": "until Mon 23 Nov, 00:14 UTC", ".code-line code": `load_file("sales.csv")`, ".preview-text": "a,b 1,2",
		"#preview-head + .panel-note": "the first 2 lines", ".chain-step:nth-child(1)": "Loaded ledger .xlsx version 1, from Web, expired 3 h 0 min ago",
		".chain-step:nth-child(2)": "Run m2v9ra ok df.to_csv(path) 0.84 s", ".chain-here": "Made sales .csv version 2, this file",
		".side-list li:nth-child(1) .tag": "this one",
	} {
		if got := words(doc.Find(selector).First()); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	for fact, want := range map[string]string{"Size": "61,204 bytes", "Type": "text/csv", "SHA-256": "9f2c71e4…71e4", "Source": "Web"} {
		if got := factOf(doc, fact); got != want {
			t.Errorf("%s: %q, want %q", fact, got, want)
		}
	}
	if doc.Find("a.button-primary[href='/files/"+f.ID+"/content']").Length() != 1 || doc.Find("form[action='/files/"+f.ID+"/delete']").Length() != 1 {
		t.Error("no download or no delete")
	}
}

func factOf(doc *goquery.Document, name string) string {
	return words(doc.Find(".fact").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Find("dt").Text() == name }).Find("dd"))
}

func TestFilePreview(t *testing.T) {
	t.Parallel()
	f := fileLine("a.png", time.Hour)
	for name, c := range map[string]struct {
		v    views.FileView
		want string
	}{
		"picture": {views.FileView{File: f, ImageShown: true}, "img.plate[src='/files/" + f.ID + "/content?inline=1']"},
		"text":    {views.FileView{File: f, Text: "x"}, "pre.preview-text"},
		"nothing": {views.FileView{File: f}, ".preview-none"},
	} {
		doc := drawn(t, views.FileMain(c.v))
		if doc.Find(c.want).Length() != 1 || doc.Find(".plate, .preview-text, .preview-none").Length() != 1 {
			t.Errorf("%s: no %s alone", name, c.want)
		}
	}
}

// TestTombstone: what happened, what is left, and no way to the bytes.
func TestTombstone(t *testing.T) {
	t.Parallel()
	made, upload := fileLine("a.png", -2*time.Hour), fileLine("b.csv", -2*time.Hour)
	upload.RunID, upload.Source, upload.MadeBy = "", "upload", ""
	deleted := made
	deleted.Deleted = true
	base := views.TombstoneView{
		MediaType: "image/png", SHA256: strings.Repeat("4", 64), GoneAt: seen.Add(-132 * time.Minute), Now: seen, KnownUntil: seen.Add(30 * 24 * time.Hour), Lifetime: 48 * time.Hour,
	}
	for name, c := range map[string]struct {
		file           views.FileLine
		code           string
		headline, text string
		actions        string
	}{
		"expired":   {made, "x = 1", "Expired 2 h 12 min ago", "Its 48 hours ran out, so its contents are gone for good. The code that made it is below.", "/?from=abcdefgh /runs/abcdefgh"},
		"deleted":   {deleted, "x = 1", "Deleted 2 h 12 min ago", "You deleted it, so its contents are gone for good. The code that made it is below.", "/?from=abcdefgh /runs/abcdefgh"},
		"forgotten": {made, "", "Expired 2 h 12 min ago", "Its 48 hours ran out, so its contents are gone for good. The code that made it is not known any more.", "/runs/abcdefgh"},
		"upload":    {upload, "", "Expired 2 h 12 min ago", "Its 48 hours ran out, so its contents are gone for good. It was uploaded: to have it again, upload it again.", "/files"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := base
			v.File, v.Code = c.file, c.code
			doc := drawn(t, views.Tombstone(views.Frame{}, v))
			if got := words(doc.Find(".empty h2")); got != c.headline {
				t.Errorf("%q, want %q", got, c.headline)
			}
			if got := words(doc.Find(".empty > p")); got != c.text {
				t.Errorf("%q, want %q", got, c.text)
			}
			var actions []string
			doc.Find(".empty-actions a").Each(func(_ int, s *goquery.Selection) { actions = append(actions, s.AttrOr("href", "")) })
			if got := strings.Join(actions, " "); got != c.actions {
				t.Errorf("actions %q, want %q", got, c.actions)
			}
			if doc.Find("a[href*='/content'], img, form[action$='/delete']").Length() > 0 {
				t.Error("the bytes are offered")
			}
			if got := factOf(doc, "Known until"); got != "Mon 21 Dec 2026" {
				t.Errorf("known until %q", got)
			}
			if (doc.Find("#recipe-head").Length() == 1) != (c.code != "") {
				t.Error("the recipe is wrong")
			}
		})
	}
}
