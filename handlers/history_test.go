package handlers_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestTheHistoryIsNarrowedByItsForm(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	if got := ada.get("/runs").want(200).words("#run-list"); !strings.Contains(got, "No runs yet") {
		t.Errorf("an empty history says %q", got)
	}
	old := r.done(ada.id, "old_code()")
	testkit.Age(t, r.pool, "runs", string(old.ID), 72*time.Hour)
	bot, err := r.store.QueueRun(t.Context(), ada.id, models.NewRun{Code: "bot_code()", Source: models.FromDiscord})
	if err != nil {
		t.Fatal(err)
	}
	book, err := r.store.MakeNotebook(t.Context(), ada.id, models.NewNotebook{Name: "Raid night", Cells: []models.NewCell{{Kind: models.CodeCell, Text: "x = 1"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.QueueCells(t.Context(), ada.id, book.ID, models.CellRuns{Span: models.AllCells, Source: models.FromWeb}); err != nil {
		t.Fatal(err)
	}
	r.done(r.person("43").id, "foreign_code()")
	for query, want := range map[string]string{
		"":                                     "Raid night · cell 1 | bot_code() | old_code()",
		"source=discord":                       "bot_code()",
		"ending=ok":                            "old_code()",
		"ending=queued":                        "Raid night · cell 1 | bot_code()",
		"notebook=" + string(book.ID):          "Raid night · cell 1",
		"q=OLD_":                               "old_code()",
		"day=" + day(bot.QueuedAt, -72):        "old_code()",
		"day=" + day(bot.QueuedAt, 0) + "&q=b": "bot_code()",
		"q=foreign":                            "",
		"ending=puce":                          "",
		"source=%00":                           "",
		"app=%27--":                            "",
		"before=x":                             "",
	} {
		page := ada.get("/runs?" + query).want(200).page()
		var titles []string
		for _, row := range page.Find(".run-line").EachIter() {
			titles = append(titles, row.Text())
		}
		if got := strings.Join(titles, " | "); got != want {
			t.Errorf("%q: %q, not %q", query, got, want)
		}
		if want == "" && page.Find("#no-run-fits").Length() != 1 {
			t.Errorf("%q: nothing says that none fits", query)
		}
	}
	bad := ada.get("/runs?day=yesterday").want(200)
	if got := bad.words("#day-fault"); got == "" {
		t.Error("a bad day is not told")
	}
	fragment := ada.do(part(ada.request("GET", "/runs?q=old", nil))).want(200)
	if strings.Contains(fragment.body, "<html") || fragment.page().Find("#run-list").Length() != 1 {
		t.Errorf("htmx gets %.200s", fragment.body)
	}
}

func day(at time.Time, hours int) string {
	return at.UTC().Add(time.Duration(hours) * time.Hour).Format(time.DateOnly)
}

func TestARunOpensAsANotebookAndRunsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	given := r.keep(ada.id, "given.csv", "a\n")
	run := r.begin(r.queue(ada.id, "one_shot()", given.ID).ID)
	r.finish(run, models.Verdict{Ending: models.OK})
	path := "/runs/" + string(run.ID)
	page := ada.get(path).want(200).page()
	if page.Find("form[action='/notebooks/from-run'] input[value='"+string(run.ID)+"']").Length() != 1 {
		t.Error("it cannot be opened as a notebook")
	}
	first := ada.post("/notebooks/from-run", url.Values{"run": {string(run.ID)}}).want(303).at()
	if second := ada.post("/notebooks/from-run", url.Values{"run": {string(run.ID)}}).want(303).at(); first != second || !strings.HasPrefix(first, "/notebooks/") {
		t.Errorf("%s, then %s", first, second)
	}
	for _, bad := range []string{"", "x", "\x00", strings.Repeat("a", 26)} {
		if got := ada.post("/notebooks/from-run", url.Values{"run": {bad}}).StatusCode; got != 404 && got != 400 {
			t.Errorf("%q answers %d", bad, got)
		}
	}

	form := url.Values{"form_key": {"once"}}
	again := ada.post(path+"/again", form).want(303).at()
	if twice := ada.post(path+"/again", form).want(303).at(); twice != again || again == path {
		t.Errorf("a double press: %s and %s", again, twice)
	}
	if n := r.count("SELECT count(*) FROM run_inputs WHERE given AND file_id = $1", given.ID); n != 2 {
		t.Errorf("the file was given %d times", n)
	}
	if err := r.store.DeleteFile(t.Context(), ada.id, given.ID, nil); err != nil {
		t.Fatal(err)
	}
	gone := ada.get(path).want(200)
	if gone.page().Find("form[action$='/again']").Length() != 0 || !strings.Contains(gone.words(".notice"), "given.csv") {
		t.Errorf("without its file: %q", gone.words(".notice"))
	}
	ada.post(path+"/again", url.Values{}).want(410)
	r.person("43").post(path+"/again", url.Values{}).want(404)
}

func TestACellsRunLeadsToItsCell(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ada := r.person("42")
	book, err := r.store.MakeNotebook(t.Context(), ada.id, models.NewNotebook{Name: "Raid <night>", Cells: []models.NewCell{{Kind: models.CodeCell, Text: "x = 1"}}})
	if err != nil {
		t.Fatal(err)
	}
	runs, err := r.store.QueueCells(t.Context(), ada.id, book.ID, models.CellRuns{Span: models.AllCells, Source: models.FromWeb})
	if err != nil {
		t.Fatal(err)
	}
	home := ada.get("/").want(200)
	if got := home.words("#running"); !strings.Contains(got, "Raid <night>") || !strings.Contains(got, "cell 1") {
		t.Errorf("Home says %q", got)
	}
	if got := home.words("#books"); !strings.Contains(got, "Raid <night>") {
		t.Errorf("Home's notebooks: %q", got)
	}
	r.finish(r.begin(runs[0].ID), models.Verdict{Ending: models.OK})
	cell := "/notebooks/" + string(book.ID) + "#cell-" + string(book.Cells[0].ID)
	page := ada.get("/runs/" + string(runs[0].ID)).want(200).page()
	if page.Find(".page-actions a[href='"+cell+"']").Length() != 1 || page.Find("form[action$='/again']").Length() != 0 {
		t.Errorf("its page: %s", page.Find(".page-actions").Text())
	}
}
