package views

import (
	"strconv"
	"strings"
	"time"

	"mayfly/views/ui"
)

// HomeView is the signed-in first page.
type HomeView struct {
	Code     string   // in the editor
	FormKey  string   // one-time key of the next run
	Quick    *RunView // the run shown under the editor, nil when none
	Limits   LimitsView
	Running  []RunLine
	Expiring []FileLine
	Recent   []RunLine
	Books    []BookLine // notebooks that were changed last
	Space    []ui.Gauge
	Files    int    // live files, for the upload's words
	Free     int64  // bytes of the quota still free
	Warming  string // "" or a sentence: Python is still starting, how long it takes
}

// LimitsView is what one run may use.
type LimitsView struct {
	Wall     time.Duration
	Memory   int64
	FileMax  int64
	Quota    int64
	Lifetime time.Duration

	WallMax  time.Duration // that a call of the API may ask for
	Kernels  int           // runs of one person at once
	Queue    int           // that wait
	Files    int           // live files of one person
	RunFiles int           // that one run may make
	RunBytes int64         // all of them together
	Written  int64         // bytes that end a run
	Tasks    int           // processes and threads of a run
	Idle     time.Duration // a notebook's interpreter without a run
	Facts    time.Duration // how long code and facts of a run are kept
	Extended time.Duration // a file's longest life; 0 when it is not extended
}

// line is the small print beside the Run button.
func (l LimitsView) line() string {
	return ui.Limit(l.Wall) + " · " + ui.Memory(l.Memory) + " · " + ui.Size(l.FileMax) + " a file · no network"
}

// First says that nothing was ever done here, so the page helps to begin.
func (v HomeView) First() bool {
	return len(v.Recent) == 0 && len(v.Running) == 0 && v.Files == 0 && v.Quick == nil && len(v.Books) == 0
}

// BookLine is one notebook in a list.
type BookLine struct {
	ID, Name     string
	Cells        int
	State        string // of its interpreter: running, ready, or "" when it has none
	Changed, Now time.Time
}

// icon tells a notebook's run from others.
func (r RunLine) icon() string {
	if r.Notebook != "" {
		return "notebook-text"
	}
	return sourceIcon(r.Source)
}

// runningName and runningNote name a run that goes on: a cell's by its notebook.
func (r RunLine) runningName() string {
	if r.Notebook != "" {
		return r.Notebook
	}
	return r.title()
}

func (r RunLine) runningNote() string {
	switch {
	case r.Notebook == "":
		return r.from()
	case r.Cell == 0:
		return "a deleted cell"
	}
	return "cell " + strconv.Itoa(r.Cell)
}

// livesAt is where the run is followed: in its notebook when it is of one.
func (r RunLine) livesAt() string {
	if r.Notebook != "" && r.NotebookID != "" {
		return CellPlaceURL(r.NotebookID, r.CellID)
	}
	return RunURL(r.ID)
}

// homeTargets are what Home fetches anew of itself.
func homeTargets() string {
	var all []string
	for _, id := range []string{warmingID, runningID, expiringID, booksID, recentID, spaceID, railSpaceID} {
		all = append(all, target(id))
	}
	return strings.Join(all, ",")
}

// Sample is a program to begin with: it makes a table and a chart, and both
// are kept. Its lines fit the editor.
const Sample = `import pandas as pd

df = pd.DataFrame({
    "day": ["Mon", "Tue", "Wed", "Thu", "Fri"],
    "messages": [31, 41, 59, 26, 53],
})
df.to_csv("messages.csv", index=False)
chart = df.plot.bar(x="day", y="messages", rot=0, legend=False)
chart.figure.savefig("messages.png")
df`

// FrontView is the signed-out first page.
type FrontView struct {
	Discord bool // Discord sign-in is set up
	Local   bool // local sign-in is offered
	Return  string
	Limits  LimitsView
	Now     time.Time // for the sample's clocks
	Deleted bool      // an account was deleted just now
}

// HelpView is the short help.
type HelpView struct {
	Limits   LimitsView
	Python   string // "3.11.2", "" when unknown
	Packages []Package
	Loaders  []Loader
	SignedIn bool
}

// Package is one installed Python package.
type Package struct{ Name, Version string }

// ErrorView is a page that says what happened, what is safe, what to do.
type ErrorView struct {
	Status    int
	Title     string // what happened, in a few words
	What      string // the particulars, or ""
	Safe      string // what is not lost, or ""
	Next      string // what to do, or ""
	RequestID string
	Action    string // words of the one thing to do; "" leads Home
	ActionURL string
	SignIn    *FrontView // the way in, when signing in would help
	Retry     bool       // without script the page reloads by itself after a while
}

// icon tells kinds of trouble apart before a word is read.
func (v ErrorView) icon() string {
	switch v.Status {
	case 401:
		return "log-in"
	case 404, 410:
		return "search"
	case 408, 429, 503:
		return "hourglass"
	}
	return "circle-alert"
}

// calm says that nothing is broken: there is only something to do first.
func (v ErrorView) calm() bool { return v.icon() != "circle-alert" }

// action is the one thing to do. Home is always there.
func (v ErrorView) action() (words, url string) {
	if v.Action == "" || v.ActionURL == "" {
		return "Go to the start", HomePath
	}
	return v.Action, v.ActionURL
}

func (v ErrorView) actionWords() string { words, _ := v.action(); return words }

func (v ErrorView) actionURL() string { _, url := v.action(); return url }
