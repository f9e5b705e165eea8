package views_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
	"mayfly/views/ui"
)

var seen = time.Date(2026, 11, 21, 20, 14, 0, 0, time.UTC)

func fileLine(name string, left time.Duration) views.FileLine {
	return views.FileLine{
		ID: "1_2_" + strings.ToLower(url.PathEscape(name)), Name: name, Icon: "file", Type: "File", Size: 61_204, Version: 1, Source: "web",
		RunID: "abcdefgh", MadeBy: "df.to_csv(path)", MadeAt: seen.Add(-time.Hour), Clock: ui.Clock{Expires: seen.Add(left), Now: seen},
	}
}

func listed(t *testing.T, v views.FilesView) *goquery.Document {
	t.Helper()
	return drawn(t, views.FileList(v))
}

func manyFiles(n int) views.FilesView {
	v := views.FilesView{All: n, Total: n, Page: 1, From: 1, Lifetime: 48 * time.Hour, FileMax: 50_000_000, Quota: 1e9, Free: 588e6}
	for i := range n {
		v.Files = append(v.Files, fileLine(fmt.Sprintf("f%d.csv", i), time.Duration(i+1)*time.Hour))
		v.TotalBytes += 61_204
	}
	return v
}

func TestFilesEmptyOneMany(t *testing.T) {
	t.Parallel()
	empty := listed(t, manyFiles(0))
	if empty.Find("table").Length() != 0 || empty.Find("h2").Text() != "No files yet" {
		t.Error("an empty list does not say so")
	}
	sample := empty.Find("form[action='/runs'] input[name=code]").AttrOr("value", "")
	if sample != views.Sample || !strings.Contains(empty.Find("pre.code").Text(), "df.plot.bar") {
		t.Error("the sample that is shown is not the one that runs")
	}
	for n, count := range map[int]string{1: "1 file · 61 KB", 50: "50 files · 3.1 MB"} {
		doc := listed(t, manyFiles(n))
		if got := doc.Find("tbody tr").Length(); got != n {
			t.Errorf("%d rows, want %d", got, n)
		}
		if got := doc.Find(".file-count").Text(); got != count {
			t.Errorf("counted %q, want %q", got, count)
		}
	}
	none := manyFiles(0)
	none.All, none.Filter.Search = 12, "sales"
	doc := listed(t, none)
	if doc.Find("h2").Text() != "No file fits" || doc.Find("q").Text() != "sales" || doc.Find("form#filter").Length() != 1 {
		t.Error("a search without a hit loses its form or its words")
	}
}

func TestFilesRow(t *testing.T) {
	t.Parallel()
	f := fileLine("sales.csv", 28*time.Hour+time.Minute)
	f.Version = 2
	row := listed(t, views.FilesView{Files: []views.FileLine{f}, All: 1, Total: 1, From: 1, Page: 1}).Find("tbody tr")
	for selector, want := range map[string]string{
		".name-head": "sales", ".name-tail": ".csv", ".version": "v2", ".col-size": "61 KB", ".col-by a": "Web: df.to_csv(path)",
		".col-made": "1 h", ".col-clock .clock-time": "1d 4h", ".col-clock .clock-word": "left",
	} {
		if got := strings.TrimSpace(row.Find(selector).Text()); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	for selector, want := range map[string]string{
		"input[type=checkbox]": f.ID, ".row-quick a": "/files/" + f.ID + "/content", "copy-button": `load_file("sales.csv")`,
		".menu form": "/files/" + f.ID + "/delete", ".file-link": "/files/" + f.ID, ".col-by a": "/runs/abcdefgh",
	} {
		s := row.Find(selector).First()
		if got := s.AttrOr("href", s.AttrOr("action", s.AttrOr("data-text", s.AttrOr("value", "")))); got != want {
			t.Errorf("%s leads to %q, want %q", selector, got, want)
		}
	}
	if row.Find("input[type=checkbox]").AttrOr("form", "") != "selection" {
		t.Error("a tick belongs to no form")
	}
}

// TestFilesGoneRow: nothing that needs the bytes is offered.
func TestFilesGoneRow(t *testing.T) {
	t.Parallel()
	deleted := fileLine("b.csv", time.Hour)
	deleted.Deleted = true
	v := views.FilesView{Files: []views.FileLine{fileLine("a.csv", 0), deleted}, All: 2, Total: 2, From: 1, Page: 1}
	v.Files[0].Thumbnail, v.Files[1].Thumbnail = true, true
	doc := listed(t, v)
	if n := doc.Find("tr.gone").Length(); n != 2 {
		t.Errorf("%d rows look gone", n)
	}
	for _, wrong := range []string{"a[href$='/content']", "copy-button", "form[action$='/delete']", "tbody img", "td input:not([disabled])"} {
		if doc.Find(wrong).Length() > 0 && wrong != "form[action$='/delete']" || doc.Find("tbody "+wrong).Length() > 0 {
			t.Errorf("%s is offered for a file that is gone", wrong)
		}
	}
	if got := doc.Find(".col-clock").Text(); !strings.Contains(got, "expired") || !strings.Contains(got, "deleted") {
		t.Errorf("clocks say %q", got)
	}
}

// TestFilesSort: each head turns its own order around and says how it stands.
func TestFilesSort(t *testing.T) {
	t.Parallel()
	for sort, want := range map[string]string{
		"":      "none none none ascending",
		"-left": "none none none descending",
		"name":  "ascending none none none",
		"-size": "none descending none none",
		"made":  "none none ascending none",
	} {
		v := manyFiles(3)
		v.Filter = views.Filter{Sort: sort, Search: "a&b", Category: "data"}
		doc := listed(t, v)
		var got []string
		doc.Find("th[aria-sort]").Each(func(_ int, s *goquery.Selection) { got = append(got, s.AttrOr("aria-sort", "")) })
		if strings.Join(got, " ") != want {
			t.Errorf("sort %q: %v, want %s", sort, got, want)
		}
		doc.Find("th[aria-sort] a").Each(func(i int, s *goquery.Selection) {
			to, err := url.Parse(s.AttrOr("href", ""))
			if err != nil || to.Path != "/files" || to.Query().Get("q") != "a&b" || to.Query().Get("category") != "data" {
				t.Errorf("the link loses the filter: %s", to)
			}
			column := []string{"name", "size", "made", "left"}[i]
			next := column
			if got[i] == "ascending" {
				next = "-" + column
			}
			if to.Query().Get("sort") != next {
				t.Errorf("sort %q: pressing %s gives %q, want %q", sort, column, to.Query().Get("sort"), next)
			}
		})
	}
}

func TestFilesPager(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		page, from, total int
		words             string
		links             string
	}{
		{1, 1, 50, "1–50 of 50", ""},
		{1, 1, 1284, "1–50 of 1,284", "Next /files?page=2"},
		{3, 101, 1284, "101–150 of 1,284", "Previous /files?page=2 Next /files?page=4"},
		{2, 51, 100, "51–100 of 100", "Previous /files"},
	} {
		v := manyFiles(50)
		v.All, v.Total, v.Page, v.From = 1284, c.total, c.page, c.from
		doc := listed(t, v)
		if got := doc.Find(".pager-words").Text(); got != c.words {
			t.Errorf("%q, want %q", got, c.words)
		}
		var links []string
		doc.Find(".pager a").Each(func(_ int, s *goquery.Selection) { links = append(links, s.Text(), s.AttrOr("href", "")) })
		if got := strings.Join(links, " "); got != c.links {
			t.Errorf("page %d: %q, want %q", c.page, got, c.links)
		}
		if got := doc.Find("#file-list").AttrOr("hx-vals", ""); got != fmt.Sprintf(`{"page":%d}`, c.page) {
			t.Errorf("page %d refreshes %s", c.page, got)
		}
	}
}

// TestFilesFilter: what is chosen stands in the form, and can be taken back
// alone.
func TestFilesFilter(t *testing.T) {
	t.Parallel()
	v := manyFiles(3)
	v.All, v.Categories = 1284, []string{"image", "data"}
	v.Filter = views.Filter{Search: "week", Category: "data", Within: "6h", Sort: "-size"}
	form := listed(t, v).Find("form#filter")
	for name, want := range map[string]string{"q": "week", "sort": "-size"} {
		if got := form.Find("input[name="+name+"]").AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"category": "data", "source": "", "within": "6h"} {
		if got := form.Find("select[name="+name+"] option[selected]").AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var clear []string
	form.Find("a.filter-clear").Each(func(_ int, s *goquery.Selection) { clear = append(clear, s.AttrOr("href", "")) })
	if got := strings.Join(clear, " "); got != "/files?q=week&sort=-size&within=6h /files?category=data&q=week&sort=-size" {
		t.Errorf("taking back leads to %s", got)
	}
}
