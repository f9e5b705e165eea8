package gallery

import (
	"strings"
	"time"

	"mayfly/views"
	"mayfly/views/ui"
)

// shareLines are links of each kind of thing, in their order on a page.
func shareLines() []views.ShareLine {
	line := func(n int, title string, run bool, left time.Duration) views.ShareLine {
		return views.ShareLine{ID: token(n), Title: title, Run: run, Page: "/", Made: now.Add(-3 * time.Hour), Clock: ui.Clock{Expires: now.Add(left), Now: now}}
	}
	return []views.ShareLine{
		line(401, "Raid night, week 47", false, 45*time.Hour), line(402, hostile, true, 37*time.Minute),
		line(403, strings.Repeat("A long name ", 16), false, 38*time.Second),
	}
}

// sharePages are where links are made, and what they lead to.
func sharePages() []Named {
	list, nobody := frame("Share", views.SectionNotebooks), views.Frame{Title: "Shared"}
	view := views.ShareView{Title: "Raid night, week 47", Base: "/notebooks/" + token(299), Lifetime: 48 * time.Hour}
	fresh := view
	fresh.Fresh, fresh.FreshClock = "https://mayfly.example/s/"+token(404), ui.Clock{Expires: now.Add(5 * time.Hour), Now: now}
	fresh.Shares = shareLines()
	code, brought := states()[2], views.NewTranscript(token(405), false)
	brought.Add(views.OutputRow{Seq: 1, Stream: "stdout", Text: ansi})
	ran := with(run(406, code), printed("loaded sales.csv\n"), shown(map[string]string{"text/html": table}))
	shared := views.SharedView{Token: token(404), Title: hostile, Clock: fresh.FreshClock, Cells: []views.SharedCell{
		{Kind: "markdown", Text: "# What it shows\n\n" + hostile}, {Kind: "code", Text: burstCode, Run: &ran},
		{Kind: "code", Text: "1", Said: brought}, {Kind: "code", Text: "2"}, {Kind: "code", Text: "3", Run: &ran, TooMuch: true},
	}}
	for _, f := range append(files()[:3], oddFiles()...) {
		shared.Files = append(shared.Files, views.SharedFile{FileLine: f, Tail: token(407)})
	}
	return []Named{
		{"share", views.Share(list, view)}, {"share-fresh", views.Share(list, fresh)}, {"share-copy", views.OfferCopy(list, shared)},
		{"shared", views.Shared(nobody, shared)}, {"shared-empty", views.Shared(nobody, views.SharedView{Token: token(404), Title: "Untitled", Clock: fresh.FreshClock})},
		{"shared-over", views.SharedOver(nobody)},
	}
}
