package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// listed are the names of the files that a page or fragment lists, in order.
func (a *answer) listed() (names []string) {
	a.t.Helper()
	a.page().Find("tbody .file-link .name").Each(func(_ int, name *goquery.Selection) {
		names = append(names, name.AttrOr("title", ""))
	})
	return names
}

func TestFilesAreFilteredSortedAndPaged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	run := r.done(ada.id, "make()")
	r.keep(ada.id, "b.csv", "22", run.ID)
	chart := r.keep(ada.id, "a.png", "1", run.ID)
	soon := r.keep(ada.id, "100%_c.txt", "333")
	testkit.Age(t, r.pool, "files", string(soon.ID), 47*time.Hour+30*time.Minute)
	testkit.Age(t, r.pool, "files", string(chart.ID), time.Hour)
	r.keep(r.person("43").id, "not-adas.csv", "x")
	for query, want := range map[string][]string{
		"":                          {"100%_c.txt", "a.png", "b.csv"}, // by time left
		"?sort=name":                {"100%_c.txt", "a.png", "b.csv"},
		"?sort=-name":               {"b.csv", "a.png", "100%_c.txt"},
		"?sort=size":                {"a.png", "b.csv", "100%_c.txt"},
		"?sort=made":                {"100%_c.txt", "a.png", "b.csv"},
		"?sort=id;drop+table+files": {"100%_c.txt", "a.png", "b.csv"},
		"?category=image":           {"a.png"},
		"?category=nonsense":        {"100%_c.txt", "a.png", "b.csv"},
		"?source=upload":            {"100%_c.txt"},
		"?source=web&sort=name":     {"a.png", "b.csv"},
		"?within=1h":                {"100%_c.txt"},
		"?within=24h&source=web":    nil,
		"?q=%25_":                   {"100%_c.txt"},
		"?q=A.P":                    {"a.png"},
		"?q=nothing":                nil,
	} {
		if got := ada.get("/files" + query).want(200).listed(); !slices.Equal(got, want) {
			t.Errorf("/files%s lists %q, not %q", query, got, want)
		}
	}
	page := ada.get("/files?sort=name").page()
	if made := page.Find("tbody tr").Eq(2).Find(".made-by a"); made.Text() != "Web: make()" || made.AttrOr("href", "") != "/runs/"+string(run.ID) {
		t.Errorf("made by %q at %q", made.Text(), made.AttrOr("href", ""))
	}
	if title := ada.get("/files?category=image").words(".file-count"); title != "1 of 3 · 1 B" {
		t.Errorf("the count says %q", title)
	}
}

func TestALongListHasPages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	f := r.keep(ada.id, "f.txt", "x")
	r.exec(`INSERT INTO files (id, user_id, source, name, version, size, category, state, blob_key, expires_at)
		SELECT '42_1_' || lpad(translate(n::text, '0189', 'abcd'), 26, 'a'), '42', 'upload', 'n' || lpad(n::text, 3, '0'), 1, 1, 'text', 'ready', n::text, now() + interval '1 day'
		FROM generate_series(1, 119) AS n`)
	for _, c := range []struct {
		query string
		first string
		n     int
		span  string
	}{
		{"?sort=name", "f.txt", 50, "1–50 of 120"},
		{"?sort=name&page=2", "n050", 50, "51–100 of 120"},
		{"?sort=name&page=3", "n100", 20, "101–120 of 120"},
		{"?sort=name&page=99", "n100", 20, "101–120 of 120"}, // the list grew shorter
		{"?sort=name&page=0", "f.txt", 50, "1–50 of 120"},
		{"?q=n11&sort=-name&page=2", "n119", 10, "1–10 of 10"},
	} {
		a := ada.get("/files" + c.query).want(200)
		got := a.listed()
		if len(got) != c.n || got[0] != c.first || a.words(".pager-words") != c.span {
			t.Errorf("/files%s: %d from %s, %q", c.query, len(got), got[0], a.words(".pager-words"))
		}
	}
	ada.post("/files/"+string(f.ID)+"/delete", url.Values{}).want(303)
	if got := ada.get("/files?sort=name").listed(); got[0] != "n001" {
		t.Errorf("the list begins with %s", got[0])
	}
}

func TestHtmxGetsTheListAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	r.keep(ada.id, "a.csv", "x")
	a := ada.do(part(ada.request(http.MethodGet, "/files?q=a", nil))).want(200)
	if a.page().Find("#file-list").Length() != 1 || strings.Contains(a.body, "<html") || !slices.Equal(a.listed(), []string{"a.csv"}) {
		t.Errorf("the fragment: %.300s", a.body)
	}
	for _, got := range []*answer{a, ada.get("/files")} {
		if vary := strings.Join(got.Header.Values("Vary"), ","); !strings.Contains(vary, "HX-Request") {
			t.Errorf("Vary is %q", vary)
		}
	}
	full := ada.request(http.MethodGet, "/files", nil)
	full.Header.Set("HX-Request", "true")
	full.Header.Set("HX-Request-Type", "full")
	if a := ada.do(full); !strings.Contains(a.body, "<html") {
		t.Error("a page asked for whole is not whole")
	}
}

func TestAFilePageTellsAllOfIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	input := r.keep(ada.id, "ledger.csv", "x")
	run := r.begin(r.queue(ada.id, "import os\nresult = load_file('ledger.csv')", input.ID).ID)
	older := r.keep(ada.id, "sales.csv", "a")
	f := r.keep(ada.id, "sales.csv", "item,gold\n<script>alert(1)</script>,7\n", run.ID)
	r.finish(run, models.Verdict{Ending: models.OK, Wall: 840 * time.Millisecond})
	a := ada.get("/files/" + string(f.ID)).want(200)
	page := a.page()
	if got := a.words("h1"); got != "sales.csv" {
		t.Errorf("the heading is %q", got)
	}
	if pre := page.Find(".preview-text"); !strings.Contains(pre.Text(), "<script>alert(1)</script>,7") || pre.Find("script").Length() != 0 {
		t.Errorf("the preview is %q", pre.Text())
	}
	if chain := a.words(".chain"); !strings.Contains(chain, "ledger.csv") || !strings.Contains(chain, "result = load_file") || !strings.Contains(chain, "version 2, this file") {
		t.Errorf("the chain is %q", chain)
	}
	for _, id := range []models.FileID{f.ID, older.ID} {
		if page.Find(`.side-list a[href="/files/`+string(id)+`"]`).Length() != 1 {
			t.Errorf("the versions do not name %s", id)
		}
	}
	if facts := a.words(".facts"); !strings.Contains(facts, "text/csv") || !strings.Contains(a.body, f.SHA256) {
		t.Errorf("the facts are %q", facts)
	}
	if use := a.words(".code-line code"); use != `load_file("sales.csv")` {
		t.Errorf("use it as %q", use)
	}
}

func TestAPreviewIsTextPictureOrNone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for name, c := range map[string]struct{ content, shows string }{
		"a.png":     {"x", "img"},
		"a.svg":     {"<svg onload=alert(1)></svg>", "img"},
		"a.html":    {"<script>alert(1)</script>", "pre"},
		"a.bin":     {"\x00\x01\x02", "none"},
		"latin.txt": {"caf\xe9", "none"},
		"empty.txt": {"", "none"},
		"long.txt":  {strings.Repeat("é", 20_000), "pre"}, // the cut falls into a character
		"lines.log": {strings.Repeat("x\n", 500), "pre"},
	} {
		f := r.keep(ada.id, name, c.content)
		page := ada.get("/files/" + string(f.ID)).want(200).page()
		got := "none"
		if img := page.Find(".preview-image img"); img.Length() == 1 && img.AttrOr("src", "") == "/files/"+string(f.ID)+"/content?inline=1" {
			got = "img"
		} else if page.Find(".preview-text").Length() == 1 {
			got = "pre"
		}
		if got != c.shows {
			t.Errorf("%s shows %s, not %s", name, got, c.shows)
		}
		if strings.Contains(page.Find(".preview-text").Text(), "\ufffd") || page.Find(".preview-text *").Length() > 0 {
			t.Errorf("%s: the preview is not the text alone", name)
		}
		if name == "lines.log" && !strings.Contains(page.Find(".panel-note").Text(), "the first 200 lines") {
			t.Errorf("%s: %q", name, page.Find(".panel-note").Text())
		}
	}
}

func TestSEC18AGoneFileIsATombstoneToItsOwnerAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	run := r.done(ada.id, "df.to_csv('a.csv')  # the recipe")
	f := r.keep(ada.id, "a.csv", "old", run.ID)
	newer := r.keep(ada.id, "a.csv", "new", run.ID)
	path := "/files/" + string(f.ID)
	ada.get(path).want(200)
	testkit.Age(t, r.pool, "files", string(f.ID), 48*time.Hour) // at that very second
	a := ada.get(path).want(http.StatusGone)
	if code := a.words(".code"); !strings.Contains(code, "# the recipe") || !strings.Contains(a.words("#gone-head"), "Expired") {
		t.Errorf("the tombstone: %q %q", a.words("#gone-head"), code)
	}
	if a.page().Find(`a[href="/files/`+string(newer.ID)+`"]`).Length() != 1 || a.page().Find(`a[href="/?from=`+string(run.ID)+`"]`).Length() != 1 {
		t.Error("the tombstone names no newer version, or no way to make it again")
	}
	bob.get(path).want(http.StatusNotFound)
	ada.get(path + "/content").want(http.StatusGone)
	bob.get(path + "/content").want(http.StatusNotFound)
	if got := ada.get("/files").listed(); slices.Contains(got, "a.csv") && len(got) != 1 {
		t.Errorf("the list still holds %q", got)
	}
	ada.post(path+"/delete", url.Values{}).want(http.StatusNotFound)
	r.exec("DELETE FROM runs") // forgotten before its files
	if a := ada.get(path).want(http.StatusGone); a.page().Find(".code").Length() != 0 {
		t.Error("a forgotten run still has code")
	}
	testkit.Age(t, r.pool, "files", string(f.ID), models.TombstoneLifetime)
	ada.get(path).want(http.StatusNotFound)
}

func TestADeletedFileSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	f := r.keep(ada.id, "a.csv", "x")
	ada.post("/files/"+string(f.ID)+"/delete", url.Values{}).want(303)
	if a := ada.get("/files/" + string(f.ID)).want(410); !strings.Contains(a.words("#gone-head"), "Deleted") {
		t.Errorf("the tombstone says %q", a.words("#gone-head"))
	}
}

func TestHostileNamesAreShownAsTextAndDoNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	for i, name := range []string{
		`<img src=x onerror=alert(1)>.csv`, `" hx-get="/logout" x=".csv`, "דוח מכירות.xlsx", "🦀 crab.png", strings.Repeat("long", 60) + ".parquet",
		`javascript:alert(1).html`, "a\u202egnp.exe",
	} {
		f := r.keep(ada.id, name, fmt.Sprint(i))
		for _, path := range []string{"/files", "/files/" + string(f.ID)} {
			page := ada.get(path).want(200).page()
			if page.Find("img[onerror], [hx-get='/logout']").Length() != 0 {
				t.Errorf("%q acts on %s", name, path)
			}
			if !strings.Contains(page.Find("main").Text()+page.Find("main [title]").AttrOr("title", ""), models.CleanName(name)[:4]) {
				t.Errorf("%q is not shown on %s", name, path)
			}
		}
	}
}
