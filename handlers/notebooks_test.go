package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/models"
)

// tab is a notebook's page in a browser, which remembers what it shows.
type tab struct {
	*person
	id   models.NotebookID
	seen string
}

func (p *person) open(id models.NotebookID) *tab {
	p.t.Helper()
	page := p.get("/notebooks/" + string(id)).want(http.StatusOK)
	seen, _ := page.page().Find("#notebook-seen").Attr("data-cursor")
	if seen == "" {
		p.t.Fatal("the page does not say what it shows")
	}
	return &tab{person: p, id: id, seen: seen}
}

// send posts a form as the page's script does, and keeps what came to be shown.
func (b *tab) send(path string, form url.Values) *answer {
	b.t.Helper()
	return b.take(b.do(b.says(part(b.form(path, form)))))
}

// changes asks whether the page shows what is there.
func (b *tab) changes() *answer {
	b.t.Helper()
	return b.take(b.do(b.says(part(b.request(http.MethodGet, "/notebooks/"+string(b.id)+"/changes", nil)))))
}

func (b *tab) says(r *http.Request) *http.Request {
	r.Header.Set("Mayfly-Seen", b.seen)
	return r
}

func (b *tab) take(a *answer) *answer {
	if seen, found := a.parts().Find("#notebook-seen").Attr("data-cursor"); found {
		b.seen = seen
	}
	return a
}

// targets are what an answer's pieces are for, in order.
func (a *answer) targets() []string {
	a.t.Helper()
	var all []string
	for line := range strings.SplitSeq(a.body, "<hx-partial hx-target=\"") {
		if name, _, found := strings.Cut(line, "\""); found && strings.HasPrefix(name, "#") && name != "#notebook-seen" {
			all = append(all, name)
		}
	}
	return all
}

func cellTarget(n *models.Notebook, at int, part string) string {
	return "#cell-" + string(n.Cells[at].ID) + part
}

func TestAPageIsSentWhatDiffersAndNothingElse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "x = 1", "x + 1", "x + 2")
	here, there := ada.open(n.ID), ada.open(n.ID)
	steps := []struct {
		name string
		do   func() *answer
		want []string // that the other tab is sent
	}{
		{"nothing", func() *answer { return here.changes() }, nil},
		{"a name", func() *answer { return here.send("/notebooks/"+string(n.ID)+"/name", url.Values{"name": {"Other"}}) }, []string{"#notebook-head", "#notebook-live", "#warming"}},
		{"a text", func() *answer {
			return here.send("/cells/"+string(n.Cells[1].ID)+"/text", url.Values{"version": {"1"}, "text": {"x + 10"}})
		}, []string{cellTarget(n, 1, "")}},
		{"a run", func() *answer {
			return here.send("/notebooks/"+string(n.ID)+"/run", url.Values{"span": {"cell"}, "cell": {string(n.Cells[0].ID)}})
		}, []string{"#notebook-head", "#notebook-live", "#warming", cellTarget(n, 0, ""), cellTarget(n, 0, "-out")}},
		{"a move", func() *answer { return here.send("/cells/"+string(n.Cells[2].ID)+"/move", url.Values{"place": {"2"}}) },
			[]string{cellTarget(n, 1, ""), cellTarget(n, 2, "")}},
		{"a deletion", func() *answer { return here.send("/cells/"+string(n.Cells[2].ID)+"/delete", url.Values{}) },
			[]string{cellTarget(n, 0, ""), cellTarget(n, 1, ""), "#notebook-bin"}},
	}
	for _, s := range steps {
		if a := s.do(); a.StatusCode >= 300 {
			t.Errorf("%s answered %d: %.300s", s.name, a.StatusCode, a.body)
		}
		got := there.changes().targets()
		slices.Sort(got)
		slices.Sort(s.want)
		if !slices.Equal(got, s.want) {
			t.Errorf("%s: the other tab is sent %v, not %v", s.name, got, s.want)
		}
		if again := there.changes().targets(); len(again) > 0 {
			t.Errorf("%s: sent again: %v", s.name, again)
		}
	}
	if text := r.count("SELECT count(*) FROM cells WHERE text = 'x + 10' AND version = 2"); text != 1 {
		t.Error("the text was not saved")
	}
}

func TestANewCellComesWholeAndADeletedOneComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "1", "2")
	here, there := ada.open(n.ID), ada.open(n.ID)
	made := here.send("/notebooks/"+string(n.ID)+"/cells", url.Values{"kind": {"markdown"}, "place": {"2"}, "text": {"## Hello\r\n<script>x</script>"}}).want(200)
	theirs := there.changes()
	for _, a := range []*answer{made, theirs} {
		if !slices.Contains(a.targets(), "#cells") || !strings.Contains(a.body, `<h2 class="written-2">Hello</h2>`) || strings.Contains(a.body, "<script") {
			t.Errorf("the new cell: %.2000s", a.body)
		}
		if order, _ := a.parts().Find("#notebook-seen").Attr("data-order"); len(strings.Fields(order)) != 3 || !strings.HasPrefix(order, string(n.Cells[0].ID)) || !strings.HasSuffix(order, string(n.Cells[1].ID)) {
			t.Errorf("the order is %q", order)
		}
	}
	gone := here.send("/cells/"+string(n.Cells[0].ID)+"/delete", url.Values{}).want(200)
	if undo, _ := gone.parts().Find("toast-note form").Attr("action"); undo != "/cells/"+string(n.Cells[0].ID)+"/restore" {
		t.Errorf("undo leads to %q", undo)
	}
	back := here.send("/cells/"+string(n.Cells[0].ID)+"/restore", url.Values{}).want(200)
	if !slices.Contains(back.targets(), "#cells") || back.parts().Find("textarea").Text() == "" {
		t.Errorf("it did not come back: %.1000s", back.body)
	}
	plain := ada.post("/cells/"+string(n.Cells[0].ID)+"/delete", url.Values{}).want(303)
	if page := ada.get(plain.at()); page.page().Find(".toast form[action$='/restore']").Length() != 1 {
		t.Error("without script there is no undo")
	}
}

func TestTwoTabsThatEditOneCellLoseNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "old")
	text, run := "/cells/"+string(n.Cells[0].ID)+"/text", "/notebooks/"+string(n.ID)+"/run"
	edit := func(version, text string) url.Values {
		return url.Values{"version": {version}, "text": {text}, "span": {"cell"}, "cell": {string(n.Cells[0].ID)}}
	}
	if a := ada.do(part(ada.form(text, edit("1", "first\r\nline")))).want(204); a.Header.Get("Mayfly-Version") != "2" {
		t.Errorf("the version is %q", a.Header.Get("Mayfly-Version"))
	}
	ada.do(part(ada.form(text, edit("1", "first\nline")))).want(204) // the same again is no conflict
	for path, send := range map[string]func(*http.Request) *http.Request{text: asJSON, run: asJSON} {
		var theirs struct {
			Version int
			Text    string
		}
		a := ada.do(send(ada.form(path, edit("1", "second")))).want(409)
		if err := json.Unmarshal([]byte(a.body), &theirs); err != nil || theirs.Version != 2 || theirs.Text != "first\nline" {
			t.Errorf("%s: %s (%v)", path, a.body, err)
		}
		late := ada.do(part(ada.form(path, edit("1", "second")))).want(409)
		if late.parts().Find("template.cell-theirs[data-version='2']").Length()+late.parts().Find("toast-note").Length() != 2 {
			t.Errorf("%s: htmx is told %s", path, late.body)
		}
		page := ada.post(path, edit("1", "second")).want(409)
		if mine := page.page().Find("#conflict-mine").Text(); strings.TrimSpace(mine) != "second" || !strings.Contains(page.page().Find("#conflict-theirs").Text(), "first") {
			t.Errorf("%s: the page has %q", path, mine)
		}
	}
	if runs := r.count("SELECT count(*) FROM runs"); runs != 0 {
		t.Errorf("%d runs of a text that was refused", runs)
	}
	ada.post(text, edit("2", "second")).want(303)
	if r.count("SELECT count(*) FROM cells WHERE text = 'second' AND version = 3") != 1 {
		t.Error("the text that was kept is not there")
	}
}

// TestATabThatWasAwayLongSeesTheText: however many versions it missed.
func TestATabThatWasAwayLongSeesTheText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "old")
	here := ada.open(n.ID)
	r.exec("UPDATE cells SET text = 'much later', version = version + 256")
	if late := here.changes(); late.parts().Find("template.cell-theirs").Length() != 1 || !strings.Contains(late.body, "much later") {
		t.Errorf("the tab is told %.500s", late.body)
	}
}

func asJSON(r *http.Request) *http.Request {
	r.Header.Set("Accept", "application/json")
	return r
}

func TestBadInputToNotebooksIsRefusedWithWords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada, bob := r.person("42"), r.person("43")
	n, his := r.notebook(ada.id, "1", "2"), r.notebook(bob.id, "secret")
	book, cell := "/notebooks/"+string(n.ID), "/cells/"+string(n.Cells[0].ID)
	big := strings.Repeat("x", models.MaxCellText+1)
	for name, c := range map[string]struct {
		path   string
		form   url.Values
		status int
	}{
		"a place that is none":  {cell + "/move", url.Values{"place": {"first"}}, 400},
		"a place too large":     {cell + "/move", url.Values{"place": {"99999999999999999999"}}, 400},
		"no version":            {cell + "/text", url.Values{"text": {"x"}}, 400},
		"a version that is odd": {cell + "/text", url.Values{"version": {"-1"}, "text": {"x"}}, 400},
		"no text":               {cell + "/text", url.Values{"version": {"1"}}, 400},
		"a text too large":      {cell + "/text", url.Values{"version": {"1"}, "text": {big}}, 400},
		"a kind":                {cell + "/kind", url.Values{"kind": {"image"}}, 400},
		"a new kind":            {book + "/cells", url.Values{"kind": {"image"}}, 400},
		"a new place":           {book + "/cells", url.Values{"place": {"x"}}, 400},
		"a span":                {book + "/run", url.Values{"span": {"everything"}}, 400},
		"a span without a cell": {book + "/run", url.Values{"span": {"below"}}, 404},
		"a foreign cell":        {book + "/run", url.Values{"span": {"cell"}, "cell": {string(his.Cells[0].ID)}}, 404},
		"a foreign edit":        {book + "/run", url.Values{"span": {"cell"}, "cell": {string(his.Cells[0].ID)}, "version": {"1"}, "text": {"x"}}, 404},
		"a cell that is none":   {"/cells/nothing/move", url.Values{"place": {"1"}}, 404},
		"a book that is none":   {"/notebooks/nothing/run", url.Values{"span": {"all"}}, 404},
		"a name too long":       {book + "/name", url.Values{"name": {strings.Repeat("n", 201)}}, 400},
		"a cursor":              {book + "/complete", url.Values{"code": {"a"}, "at": {"7"}}, 400},
		"a restore":             {cell + "/restore", url.Values{}, 404},
	} {
		a := ada.post(c.path, c.form).want(c.status)
		polite(t, name, a)
	}
	ada.post(cell+"/move", url.Values{"place": {"500"}}).want(303) // beyond the end is the end
	ada.post(cell+"/move", url.Values{"place": {"-3"}}).want(303)
	for _, seen := range []string{"", "n3.", "n3.%%%", "n3." + strings.Repeat("A", 20_000), "n3.AAAA"} {
		req := part(ada.request(http.MethodGet, book+"/changes", nil))
		req.Header.Set("Mayfly-Seen", seen)
		if a := ada.do(req).want(204); a.Header.Get("HX-Refresh") != "true" {
			t.Errorf("a page that shows %.20q is not loaded anew", seen)
		}
	}
	if r.count("SELECT count(*) FROM runs") != 0 || r.count("SELECT count(*) FROM cells WHERE text = 'secret' AND version = 1") != 1 {
		t.Error("something was changed")
	}
}

func TestAPageOf500CellsIsLean(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	texts := make([]string, models.MaxCells)
	for i := range texts {
		texts[i] = fmt.Sprintf("x%d = %d\nprint(x%d)", i, i, i)
	}
	n := r.notebook(ada.id, texts...)
	page := ada.get("/notebooks/" + string(n.ID)).want(200)
	if most := 3_000_000; len(page.body) > most {
		t.Errorf("the page has %d bytes, more than %d", len(page.body), most)
	}
	if got := page.page().Find("#cells > li").Length(); got != 500 {
		t.Errorf("%d cells", got)
	}
	here := ada.open(n.ID)
	begin := time.Now()
	moved := here.send("/cells/"+string(n.Cells[3].ID)+"/move", url.Values{"place": {"5"}}).want(200)
	if targets := moved.targets(); len(targets) != 2 || len(moved.body) > 60_000 {
		t.Errorf("a move sends %v, %d bytes, in %s", targets, len(moved.body), time.Since(begin))
	}
	ada.post("/notebooks/"+string(n.ID)+"/cells", url.Values{}).want(429)
}

func TestTheBinOfNotebooks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	n := r.notebook(ada.id, "1")
	gone := ada.post("/notebooks/"+string(n.ID)+"/delete", url.Values{}).want(303)
	list := ada.get(gone.at()).want(200)
	if list.page().Find(".bin .notebook-row").Length() != 1 || list.page().Find(".toast form[action$='/restore']").Length() != 1 {
		t.Errorf("no bin and undo: %.3000s", list.body)
	}
	ada.get("/notebooks/" + string(n.ID)).want(404)
	ada.get("/notebooks/" + string(n.ID) + "/events").want(404)
	back := ada.post("/notebooks/"+string(n.ID)+"/restore", url.Values{}).want(303)
	ada.get(back.at()).want(200)
	twin := ada.post("/notebooks/"+string(n.ID)+"/duplicate", url.Values{}).want(303)
	if h := ada.get(twin.at()).want(200).words("h1"); h != "ada-alone (copy)" {
		t.Errorf("the copy is called %q", h)
	}
}
