package views

import (
	"context"
	"slices"
	"strings"
	"time"

	"mayfly/views/ui"
)

// Paths of what is shared.
const (
	ImportPath = NotebooksPath + "/import"
	sharedPath = "/s"
)

// SharedURL is the page that anybody with the token sees.
func SharedURL(token string) string { return sharedPath + "/" + token }

// EndShareURL takes a POST that ends a link.
func EndShareURL(share string) string { return "/shares/" + share + "/end" }

// ShareView is where somebody shares a notebook or a run.
type ShareView struct {
	Title      string
	Run        bool   // it is a run, not a notebook
	Base       string // the page of the thing
	Shares     []ShareLine
	Fresh      string   // the address of a link made just now, "" when none was
	FreshClock ui.Clock // of that
	Lifetime   time.Duration
}

// ShareLine is one link that works. Its address is known to nobody here.
type ShareLine struct {
	ID, Title string
	Run       bool
	Page      string // of what it shows, for its owner
	Made      time.Time
	Clock     ui.Clock
}

func (v ShareView) thing() string {
	if v.Run {
		return "run"
	}
	return "notebook"
}

func (l ShareLine) icon() string {
	if l.Run {
		return "play"
	}
	return "notebook-text"
}

// SharedView is what somebody with a link sees.
type SharedView struct {
	Token string
	Title string
	Run   bool
	Clock ui.Clock // of the link
	Cells []SharedCell
	Files []SharedFile
}

// SharedCell is a cell, or the code of a run, with what it shows.
type SharedCell struct {
	Kind, Text string
	Attached   string      // where the pictures are that its text holds
	Run        *RunView    // its last run, nil when it was never run
	Said       *Transcript // else what came with it from a file; nil: nothing
	TooMuch    bool        // what the run said is too much for one page
}

// SharedFile is a file by the part of its id that says nothing of its owner.
type SharedFile struct {
	FileLine
	Tail string
}

func (v SharedView) fileURL(f SharedFile) string { return SharedURL(v.Token) + "/files/" + f.Tail }

// maxDrawn bounds the text of a shared page that is drawn as Markdown or coloured,
// in bytes: that takes seconds for each megabyte, and anybody may ask for it.
const maxDrawn = 128 << 10

// bare says whether a cell's text stands as it was written: those before it are as
// much as is drawn.
func (v SharedView) bare(cell int) bool {
	sum := 0
	for _, c := range v.Cells[:cell+1] {
		sum += len(c.Text)
	}
	return sum > maxDrawn
}

func (v SharedView) kind() string {
	if v.Run {
		return "run"
	}
	return "notebook"
}

// empty says that there is nothing of a cell to be seen.
func (c SharedCell) empty() bool {
	return strings.TrimSpace(c.Text) == "" && (c.Run == nil || c.Run.OutputsExpired || c.Run.Transcript.Empty()) && c.Said.Empty() && !c.TooMuch
}

func (v SharedView) empty() bool {
	return !slices.ContainsFunc(v.Cells, func(c SharedCell) bool { return !c.empty() })
}

func (c SharedCell) code() bool { return c.Kind != "markdown" }

func (c SharedCell) prose(ctx context.Context) string {
	return cleanerOf(ctx).with(c.Attached).prose(c.Text)
}

// said is what came with the cell, as a run that is over.
func said(t *Transcript) RunView { return RunView{State: "done", Transcript: t} }
