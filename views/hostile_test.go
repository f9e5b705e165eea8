package views_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"mayfly/views"
	"mayfly/views/ui"
)

// attack is text that wants to be markup.
const attack = `"'></textarea></pre></code></title><script src="/x">alert(1)</script><img src=x onerror=alert(1)><b hx-get="/x" hx-trigger="load" data-hx-get="/x">`

// In the functions below, text is what a user may choose, and ours what only
// the program says.

func attackFile(text, ours string) views.FileLine {
	at := time.Date(2026, 11, 21, 20, 14, 0, 0, time.UTC)
	return views.FileLine{
		ID: "1_1_abc", Name: text, Icon: ours, Type: ours, Size: 1, Version: 2, Source: ours, RunID: "abcdefgh", MadeBy: text,
		MadeAt: at, Clock: ui.Clock{Expires: at.Add(time.Hour), Now: at},
	}
}

func attackRun(state, text, ours string) views.RunView {
	t := views.NewTranscript("abcdefgh", false)
	for i, row := range []views.OutputRow{
		{Stream: "stdout", Text: text + "\n"},
		{Stream: "stderr", Text: text + "\n\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07\x1b]1338;url='http://evil/x.png'\x07"},
		{Stream: "display", Bundle: map[string]string{"text/plain": text}},
		{Stream: "display", Bundle: map[string]string{"text/html": "<table onclick=x><tr><td>" + text + "</td></tr></table>"}},
		{Stream: "display", Bundle: map[string]string{"text/html": text, "image/svg+xml": text}, Text: text, About: text},
		{Stream: "failure", Text: text},
		{Stream: "note", Text: text},
		{Stream: ours, Text: text},
	} {
		row.Seq = i + 1
		t.Add(row)
	}
	return views.RunView{
		ID: "abcdefgh", Short: "abcdef", Source: ours, State: state, Ending: ours, Headline: text, Advice: ours, Code: text,
		UserName: text, Transcript: t, Files: []views.FileLine{attackFile(text, ours)}, Loaded: []views.FileLine{attackFile(text, ours)},
		Refused: []views.RefusedFile{{Name: text, Size: 1, Reason: ours}}, FormKey: ours, InNotebook: true,
	}
}

// attackPages is every page with nothing but that text.
func attackPages(t *testing.T, text, ours string) map[string][]byte {
	f := views.Frame{Title: text, User: views.Person{ID: "1", Name: text}, Toasts: []views.Toast{{Icon: ours, Subject: text, Text: text, Request: ours, Restore: []string{ours}, Return: ours}}}
	file, run := attackFile(text, ours), attackRun("done", text, ours)
	live := attackRun("running", text, ours)
	line := views.RunLine{ID: "abcdefgh", Short: "abcdef", Source: ours, State: ours, Ending: ours, Line: text, Notebook: text, NotebookID: ours, App: text}
	books := []views.BookLine{{ID: ours, Name: text, State: ours}}
	choice := []views.Choice{{Value: ours, Word: text}}
	list := views.FilesView{
		Files: []views.FileLine{file}, All: 1, Total: 1, Page: 1, From: 1, Categories: []string{ours},
		Filter: views.Filter{Search: text, Category: ours, Source: ours, Within: ours, Sort: ours},
	}
	none := list
	none.Files = nil
	return map[string][]byte{
		"home": rendered(t, views.Home(f, views.HomeView{Code: text, FormKey: ours, Quick: &live, Running: []views.RunLine{line}, Recent: []views.RunLine{line}, Expiring: list.Files, Books: books, Warming: ours})),
		"run":  rendered(t, views.Run(f, run)),
		"live": rendered(t, views.LiveUpdate(live, views.PlaceQuick, views.LimitsView{})),
		"done": rendered(t, views.LiveDone(run, views.PlacePage, views.LimitsView{})),
		"runs": rendered(t, views.Runs(f, views.RunsView{Ever: true, Runs: []views.RunLine{line}, Apps: choice, Notebooks: choice,
			Filter: views.RunFilter{Search: ours, Day: ours, Ending: ours, Source: ours, App: ours, Notebook: ours}})),
		"no runs": rendered(t, views.Runs(f, views.RunsView{Ever: true, Filter: views.RunFilter{Search: text}})),
		"settings": rendered(t, views.Settings(f, views.SettingsView{
			Profile: views.ProfileView{Person: views.Person{ID: ours, Name: text}}, Sessions: []views.SessionLine{{ID: ours, Agent: text, Device: views.DeviceOf(text)}},
			Tokens: []views.TokenLine{{ID: ours, Name: text}}, Apps: []views.AppLine{{ID: ours, Name: text}},
		})),
		"files":     rendered(t, views.Files(f, list)),
		"none":      rendered(t, views.Files(f, none)),
		"file":      rendered(t, views.File(f, views.FileView{File: file, MediaType: ours, SHA256: ours, LoadGives: ours, Run: &line, Loaded: list.Files, Versions: []views.FileLine{file, file}, Text: text})),
		"tombstone": rendered(t, views.Tombstone(f, views.TombstoneView{File: file, MediaType: ours, SHA256: ours, Code: text, Loaded: list.Files, Newer: list.Files})),
		"help":      rendered(t, views.Help(f, views.HelpView{Python: ours, Packages: []views.Package{{Name: ours, Version: ours}}})),
		"problem":   rendered(t, views.Problem(f, views.ErrorView{Title: text, What: text, Safe: text, Next: text, RequestID: text, Action: text, ActionURL: "javascript:alert(1)"})),
		"front":     rendered(t, views.Front(f, views.FrontView{Local: true, Return: ours})),
		"toast":     rendered(t, views.ToastFragment(f.Toasts[0])),
	}
}

// TestUserTextIsEscaped is SEC-13: no text of a user becomes an element or an
// attribute, or a request of htmx.
func TestUserTextIsEscaped(t *testing.T) {
	t.Parallel()
	for name, page := range attackPages(t, attack, attack) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := parsed(t, page)
			for _, forbidden := range []string{"script:not([src^='/static/'])", "[onerror]", "[onclick]", "[hx-get='/x']", "[data-hx-get]", "[src=x]", "b[hx-trigger]", "a[href^=javascript]", "[src*=evil]"} {
				if found := doc.Find(forbidden); found.Length() > 0 {
					t.Errorf("%s got through: %s", forbidden, outer(found))
				}
			}
			if strings.Count(string(page), "<html") > 1 {
				t.Error("the document was broken open")
			}
		})
	}
}

// TestUserTextIsIgnoredByHtmx is SEC-13's second wall: text of a user lies
// under hx-ignore, so that even if it were markup it would send nothing.
func TestUserTextIsIgnoredByHtmx(t *testing.T) {
	t.Parallel()
	for name, page := range attackPages(t, attack, "ours") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := 0
			var walk func(n *html.Node, ignored bool)
			walk = func(n *html.Node, ignored bool) {
				for _, a := range n.Attr {
					ignored = ignored || a.Key == "hx-ignore"
				}
				if n.Type == html.ElementNode && n.Data == "title" {
					return
				}
				if n.Type == html.TextNode && strings.Contains(n.Data, "hx-get") {
					found++
					if !ignored {
						t.Errorf("not under hx-ignore: <%s> %v in <%s> %v", n.Parent.Data, n.Parent.Attr, n.Parent.Parent.Data, n.Parent.Parent.Attr)
					}
				}
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					walk(c, ignored)
				}
			}
			walk(parsed(t, page).Nodes[0], false)
			if found == 0 {
				t.Error("the text is nowhere on the page: this test proves nothing")
			}
		})
	}
}

// TestAttributesOfHtmxHoldNoUserText is SEC-13: hx-* attributes take ids and
// paths of ours alone.
func TestAttributesOfHtmxHoldNoUserText(t *testing.T) {
	t.Parallel()
	for name, page := range attackPages(t, attack, attack) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed(t, page).Find("*").Each(func(_ int, s *goquery.Selection) {
				for _, a := range s.Nodes[0].Attr {
					if strings.HasPrefix(a.Key, "hx-") && strings.ContainsAny(a.Val, "<>") {
						t.Errorf("%s=%q", a.Key, a.Val)
					}
				}
			})
		})
	}
}
