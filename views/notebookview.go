package views

import (
	"fmt"
	"strings"
	"time"

	"mayfly/views/ui"
)

// NotebookView is one notebook with all that is shown of it.
type NotebookView struct {
	ID, Name string
	Cells    []CellView
	Files    []FileLine   // live ones of the notebook, and those it loaded
	Bin      []BinnedCell // deleted ones that can be brought back
	Kernel   KernelView
	Limits   LimitsView
	Python   string // its version, "" when unknown
	Packages int    // how many may be imported
	Warming  string // "" or a sentence: why a run has to wait
	FormKey  string // of the next run of many cells
	NoKeys   bool   // single-key shortcuts are off
	Live     bool   // something on the page moves by itself: it wants the stream
	At       int64  // microseconds of the database clock when it was read
	Cursor   string // names all that is shown
}

// BinnedCell is a deleted cell that can be brought back.
type BinnedCell struct {
	ID, Line string // the line that names it, "" when it was empty
	Until    time.Time
}

// KernelView is a notebook's interpreter as people see it.
type KernelView struct {
	State  string        // none, starting, ready, busy, asleep, lost
	Idle   time.Duration // how long it is kept without a run
	Left   time.Duration // until it sleeps; 0 when its clock stands still
	Why    string        // a sentence: why it ended
	Lost   string        // a sentence: what went with it
	Memory int64         // at the most, in its last run; 0 when not known
	Limit  int64
	Names  string // variables that it holds
}

// NotebookLine is one notebook in the list.
type NotebookLine struct {
	ID, Name string
	Cells    int
	Changed  time.Time
	Now      time.Time
	Kernel   KernelView
	Until    time.Time // in the bin: when it goes for good
}

// NotebooksView is the list and the bin.
type NotebooksView struct {
	Notebooks, Bin []NotebookLine
	Most           int // notebooks that one may have
}

// Alive says that it holds variables.
func (k KernelView) Alive() bool {
	return k.State == "starting" || k.State == "ready" || k.State == "busy"
}

func (k KernelView) word() string {
	switch k.State {
	case "starting":
		return "Starting"
	case "ready":
		return "Ready"
	case "busy":
		return "Busy"
	case "asleep":
		return "Asleep"
	case "lost":
		return "Lost"
	}
	return "Not started"
}

// fact is the short line beside the word.
func (k KernelView) fact() string {
	switch k.State {
	case "starting", "busy", "ready":
		return "sleeps " + ui.Limit(k.Idle) + " after last use"
	case "asleep":
		return "variables gone, files kept"
	case "lost":
		return "run the cells again"
	}
	return "starts with the first run"
}

// memory is its meter; false while nothing is known.
func (k KernelView) memory() (ui.Gauge, bool) {
	if k.Memory == 0 || !k.Alive() {
		return ui.Gauge{}, false
	}
	return ui.Gauge{
		Label: "Memory", Used: ui.Count(max(1, k.Memory>>20)), Limit: ui.Memory(k.Limit), Value: min(k.Memory, k.Limit), Max: k.Limit,
	}, true
}

// Busy says that a run goes on or waits.
func (v NotebookView) Busy() bool {
	for _, c := range v.Cells {
		if c.live() {
			return true
		}
	}
	return false
}

// asks says that a field for an answer is on the page.
func (v NotebookView) asks() bool {
	for _, c := range v.Cells {
		if c.Run != nil && c.Run.Question != nil {
			return true
		}
	}
	return false
}

// Refresh says that a page without script does well to reload itself.
func (v NotebookView) Refresh() bool { return v.Busy() && !v.asks() }

// Order names the cells as they stand.
func (v NotebookView) Order() string {
	ids := make([]string, len(v.Cells))
	for i, c := range v.Cells {
		ids[i] = c.ID
	}
	return strings.Join(ids, " ")
}

// about is the small print of the kernel's panel.
func (v NotebookView) about() string {
	var words []string
	if v.Python != "" {
		words = append(words, "Python "+v.Python)
	}
	if v.Packages > 0 {
		words = append(words, ui.Plural(v.Packages, "package"))
	}
	return strings.Join(append(words, "no network"), " · ")
}

func (v NotebookView) fileBytes() (sum int64) {
	for _, f := range v.Files {
		sum += f.Size
	}
	return sum
}

// facts is the second line of a notebook in the list.
func (l NotebookLine) facts() string {
	return ui.Plural(l.Cells, "cell")
}

// full says that no more can be made.
func (v NotebooksView) full() bool { return v.Most > 0 && len(v.Notebooks)+len(v.Bin) >= v.Most }

func (v NotebooksView) lead() string {
	if v.full() {
		return fmt.Sprintf("You have %d notebooks, the bin included, which is the most.", v.Most)
	}
	return "Cells of code and text that share one interpreter. Their text stays until you delete it."
}

func (v NotebookView) shortcuts() string {
	if v.NoKeys {
		return "off"
	}
	return "on"
}

// CellIcons are the signs that cells show many times, drawn once on their page.
func CellIcons() []string {
	return []string{
		"arrow-left", "ban", "check", "chevron-down", "chevron-up", "circle-dashed", "circle-question-mark", "circle-x", "copy-plus", "ellipsis",
		"file-archive", "file-clock", "grip-vertical", "hand", "history", "hourglass", "list-restart", "list-start", "loader", "memory-stick",
		"message-circle-question-mark", "moon", "pencil", "play", "plus", "rotate-ccw", "scissors", "skull", "timer-off", "trash-2", "unplug", "x",
	}
}

// RunningRun is the run that goes on in the notebook, "" when none does.
func (v NotebookView) RunningRun() string {
	for _, c := range v.Cells {
		if c.live() && c.Run.State != "queued" {
			return c.Run.ID
		}
	}
	return ""
}

// Asks is the number of the question that is open, with what is read out of it;
// 0 and "" when there is none.
func (v NotebookView) Asks() (number int, words string) {
	for _, c := range v.Cells {
		if c.Run != nil && c.Run.Question != nil {
			return c.Run.Question.Number, fmt.Sprintf("Cell %d waits for input. %s", c.Place, c.Run.Question.words())
		}
	}
	return 0, ""
}
