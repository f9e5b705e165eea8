package views_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
	"mayfly/views/ui"
)

func testLimits() views.LimitsView {
	return views.LimitsView{Wall: time.Minute, Memory: 512 << 20, FileMax: 50_000_000, Quota: 1_000_000_000, Lifetime: 48 * time.Hour}
}

// TestFrontWaysIn: the page offers exactly the way in that there is.
func TestFrontWaysIn(t *testing.T) {
	t.Parallel()
	v := views.FrontView{Limits: testLimits(), Now: seen, Discord: true, Return: "/files?q=a b&sort=name"}
	discord := drawn(t, views.Front(views.Frame{}, v))
	if got := discord.Find("a.button-primary").AttrOr("href", ""); got != "/login/discord?return=%2Ffiles%3Fq%3Da+b%26sort%3Dname" {
		t.Errorf("Discord is at %q", got)
	}
	v.Discord, v.Local = false, true
	local := drawn(t, views.Front(views.Frame{}, v)).Find("form[action='/login/local'][method=post]")
	var names []string
	local.Find("input").Each(func(_ int, s *goquery.Selection) { names = append(names, s.AttrOr("name", "")) })
	if slices.Sort(names); strings.Join(names, " ") != "discord_id name return" {
		t.Errorf("the form sends %v", names)
	}
	if got := words(local.Find("button.button-primary[type=submit]")); got != "Sign in on this machine" {
		t.Errorf("the button says %q", got)
	}
	if got := words(local.Find("details button[type=submit]")); got != "Sign in as this person" {
		t.Errorf("the button under the fields says %q", got)
	}
	if local.Find("details[open], details input[required]").Length() > 0 {
		t.Error("the choice of an id is in the way")
	}
	v.Local = false
	closed := drawn(t, views.Front(views.Frame{}, v))
	if closed.Find("form, a.button").Not("[inert] *").Length() > 0 || !strings.Contains(closed.Text(), "Sign-in is not set up here.") {
		t.Error("a way in is offered that does not exist")
	}
}

// TestFrontSample: the sample is the product's own parts, and nothing of it
// can be pressed.
func TestFrontSample(t *testing.T) {
	t.Parallel()
	doc := drawn(t, views.Front(views.Frame{}, views.FrontView{Discord: true, Limits: testLimits(), Now: seen}))
	if doc.Find(".sample [inert] .chip").Length() != 2 || doc.Find(".sample [inert] expiry-clock").Length() != 2 {
		t.Error("no files with clocks")
	}
	if doc.Find(".chip").Length() != doc.Find("[inert] .chip").Length() || doc.Find("figure figcaption").Length() != 1 {
		t.Error("the sample can be pressed, or is not described")
	}
	var clocks []string
	doc.Find(".sample .clock-words").Each(func(_ int, s *goquery.Selection) { clocks = append(clocks, words(s)) })
	if got := strings.Join(clocks, ", "); got != "1d 23h left, 5h 12m soon" {
		t.Errorf("clocks: %s", got)
	}
	if got := words(doc.Find("h1")); got != "Python for your Discord.Files that live 48 hours." {
		t.Errorf("says %q", got)
	}
}

func TestProblemPage(t *testing.T) {
	t.Parallel()
	v := views.ErrorView{Status: 503, Title: "Mayfly is busy", What: "Too many.", Safe: "Your files are kept.", Next: "Try again.", RequestID: "01JD7XK3P9", Retry: true}
	doc := drawn(t, views.Problem(views.Frame{}, v))
	var said []string
	doc.Find(".problem-words > p, .problem-words > h1").Each(func(_ int, s *goquery.Selection) { said = append(said, words(s)) })
	want := "503|Mayfly is busy|Too many.|Your files are kept.|Try again.|Go to the start|Request 01JD7XK3P9"
	if got := strings.Join(said, "|"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := doc.Find("noscript meta[http-equiv=refresh]").AttrOr("content", ""); got != "15" {
		t.Errorf("tries again after %q s", got)
	}
	v.Action, v.ActionURL = "Sign in again", "/login/discord"
	if got := drawn(t, views.Problem(views.Frame{}, v)).Find(".problem-actions a").AttrOr("href", ""); got != "/login/discord" {
		t.Errorf("leads to %q", got)
	}
	v.Status, v.Retry, v.SignIn = 401, false, &views.FrontView{Local: true, Return: "/files"}
	doc = drawn(t, views.Problem(views.Frame{}, v))
	if doc.Find("form[action='/login/local'] input[name=return][value='/files']").Length() != 1 || doc.Find("meta[http-equiv=refresh], .problem-actions").Length() > 0 {
		t.Error("no way to sign in and come back")
	}
}

func TestHelpPage(t *testing.T) {
	t.Parallel()
	v := views.HelpView{Limits: testLimits(), Python: "3.11.2", Packages: []views.Package{{Name: "numpy", Version: "2.3.1"}, {Name: "pandas", Version: "2.3.3"}}}
	doc := drawn(t, views.Help(views.Frame{}, v))
	for fact, want := range map[string]string{"Time a run": "60 s", "Memory a run": "512 MiB", "A file": "50 MB", "All your files": "1 GB"} {
		if got := factOf(doc, fact); got != want {
			t.Errorf("%s: %q, want %q", fact, got, want)
		}
	}
	if got := words(doc.Find(".packages")); got != "numpy 2.3.1pandas 2.3.3" {
		t.Errorf("packages %q", got)
	}
	if _, hidden := doc.Find("[data-search]").Attr("hidden"); !hidden {
		t.Error("a filter that does nothing is shown without script")
	}
	if doc.Find(".packages [hidden]").Length() > 0 {
		t.Error("packages cannot be found without script")
	}
	v.Packages = nil
	if got := drawn(t, views.Help(views.Frame{}, v)).Find("#packages p").Text(); !strings.Contains(got, "still starting") {
		t.Errorf("without a list it says %q", got)
	}
}

// TestUploadForm: without script it is a form that takes several files.
func TestUploadForm(t *testing.T) {
	t.Parallel()
	doc := drawn(t, views.Upload(testLimits(), 588_000_000))
	form := doc.Find("form[action='/files'][method=post][enctype='multipart/form-data']")
	if form.Find("input[type=file][name=file][multiple]").Length() != 1 || form.Find("button[type=submit]").Length() != 1 {
		t.Error("the form cannot send files")
	}
	if got := form.Find("#upload-limits").Text(); got != "Up to 50 MB each. 588 MB of your 1 GB is free." {
		t.Errorf("limits: %q", got)
	}
	element := doc.Find("file-upload")
	for name, want := range map[string]string{"data-file-max": "50000000", "data-free": "588000000", "data-lifetime": "172800000"} {
		if got := element.AttrOr(name, ""); got != want {
			t.Errorf("%s=%q, want %q", name, got, want)
		}
	}
}

func TestToasts(t *testing.T) {
	t.Parallel()
	doc := drawn(t, views.Home(views.Frame{Toasts: []views.Toast{
		views.Deleted([]string{"a.csv"}, []string{"1_1_a"}, "/files?page=2"),
		views.Deleted([]string{"a.csv", "b.csv"}, []string{"1_1_a", "1_1_b"}, "/files"),
		{Icon: "circle-alert", Text: "That is too large.", Request: "01JD7XK3P9"},
	}}, views.HomeView{}))
	var said []string
	doc.Find("#toasts .toast-text").Each(func(_ int, s *goquery.Selection) { said = append(said, words(s)) })
	if got := strings.Join(said, "|"); got != "a.csv deleted|2 files deleted|That is too large. Request 01JD7XK3P9" {
		t.Errorf("said %q", got)
	}
	undo := doc.Find("#toasts form[action='/files/restore']")
	if undo.Length() != 2 || undo.Find("input[name=id]").Length() != 3 || undo.First().Find("input[name=return]").AttrOr("value", "") != "/files?page=2" {
		t.Error("undo does not bring back what was deleted, or loses the way back")
	}
	stays := doc.Find("toast-note[data-stay]")
	if stays.Length() != 1 || !strings.Contains(stays.Text(), "too large") || doc.Find("toast-note[data-files]").Length() != 2 {
		t.Error("faults must stay, and only the others concern files")
	}
}

// TestFrame: one entry is lit, and pages reload without script only while
// something moves.
func TestFrame(t *testing.T) {
	t.Parallel()
	f := views.Frame{Active: views.SectionFiles, User: views.Person{ID: "42", Name: "óðinn"}, Space: ui.Gauge{Label: "Space", Used: "1 MB", Limit: "1 GB", Value: 1, Max: 1000}}
	doc := drawn(t, views.Files(f, manyFiles(1)))
	if got := words(doc.Find("[aria-current=page]")); got != "FilesFiles" || doc.Find("[aria-current='']").Length() > 0 {
		t.Errorf("lit: %q", got)
	}
	if got := doc.Find("#rail-space").AttrOr("hx-select", ""); got != "#rail-space > *" || doc.Find(got).Length() != 1 {
		t.Errorf("the meter fetches itself by %q", got)
	}
	if doc.Find("meta[http-equiv=refresh]").Length() > 0 {
		t.Error("a page that stands still reloads itself")
	}
	if got := doc.Find(".avatar").First().Text(); got != "Ó" {
		t.Errorf("avatar %q", got)
	}
	f.Refresh = true
	if got := drawn(t, views.Files(f, manyFiles(1))).Find("noscript meta[http-equiv=refresh]").AttrOr("content", ""); got != "3" {
		t.Errorf("reloads after %q s", got)
	}
	out := drawn(t, views.Help(views.Frame{}, views.HelpView{}))
	if out.Find(".rail, .tabs, form[action='/logout']").Length() > 0 {
		t.Error("nobody has a rail")
	}
}

// TestSample: the program that pages offer is one that keeps a table and a
// chart, and each page shows exactly what it runs.
func TestSample(t *testing.T) {
	t.Parallel()
	first := drawn(t, views.Home(views.Frame{}, views.HomeView{Code: views.Sample}))
	if got := first.Find("textarea[name=code]").Text(); strings.TrimPrefix(got, "\n") != views.Sample {
		t.Errorf("the editor holds %q", got)
	}
	for _, want := range []string{".to_csv(", ".savefig("} {
		if !strings.Contains(views.Sample, want) {
			t.Errorf("the sample has no %s", want)
		}
	}
}

// TestRunWords: what is known only at the end is not said before.
func TestRunWords(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][2]string{"running": {"State", "1 line"}, "done": {"Ending", "1 line · 6 B"}} {
		v := views.RunView{ID: "abcdefgh", State: state, Ending: "ok", OutputBytes: 6, Transcript: views.NewTranscript("abcdefgh", false)}
		v.Transcript.Add(views.OutputRow{Seq: 1, Stream: "stdout", Text: "hello\n"})
		doc := drawn(t, views.RunBody(v))
		if got := doc.Find(".facts dt").First().Text(); got != want[0] {
			t.Errorf("%s: the first fact is called %q", state, got)
		}
		if got := doc.Find("#output-head + .panel-note").Text(); got != want[1] {
			t.Errorf("%s: the output has %q", state, got)
		}
	}
}
