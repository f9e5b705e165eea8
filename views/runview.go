package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"mayfly/views/ui"
)

// Place is where a run is shown: its fragments look different there.
type Place string

const (
	PlaceQuick Place = "quick" // Home's quick run box
	PlacePage  Place = "page"  // the run's own page
)

// RunView is one run with all that is shown of it.
type RunView struct {
	ID, Short  string
	Source     string // web, api, discord, cli
	State      string // queued, running, asking (running, and waiting for input), done
	Ending     string // one of the nine; "" until done
	Headline   string // the ending as one plain sentence
	Advice     string // what is safe, what to try
	Code       string
	Position   int // place in the queue, 1 is next; 0 when not queued
	QueuedAt   time.Time
	StartedAt  time.Time     // zero until started
	FinishedAt time.Time     // zero until done
	Now        time.Time     // the database clock
	Paused     time.Duration // for how long its clock has stood still, waiting for input
	Question   *QuestionView // what it asks, nil when nothing

	Wall, WallLimit, CPU    time.Duration
	PeakMemory, MemoryLimit int64
	OutputBytes             int64
	ReturnCode              int
	UserName                string

	Transcript     *Transcript
	OutputsExpired bool // the outputs' 48 h are over
	InNotebook     bool // it ran in a notebook's interpreter, where figures are kept by hand
	Changes        int  // how often what it said was changed since it is over
	Files          []FileLine
	Refused        []RefusedFile
	Loaded         []FileLine
	With           []FileLine // given ones that live, to be given again
	Given          []string   // names of given files that are gone: it cannot be run again as it was
	Notebook       string     // the name of the notebook whose cell it ran, "" for a one-shot
	NotebookID     string
	CellID         string     // "" when the cell is gone
	Cell           int        // the cell's place
	App            string     // the name of the app that asked for it
	Opened         string     // the notebook that was opened from it, "" when none
	FormKey        string     // of the next run, so that a double press makes one
	AllLines       bool       // hidden lines are shown
	Where          string     // of what was raised: cell 4, line 2
	Around         []CodeLine // the lines around that
	Pages          bool       // its tables' pages can be turned: its interpreter lives
}

// RefusedFile is one that was not kept, and why.
type RefusedFile struct {
	Name   string
	Size   int64
	Reason string // "over 50 MB a file"
}

// cellURL is where its cell is in its notebook.
func (v RunView) cellURL() string { return CellPlaceURL(v.NotebookID, v.CellID) }

// whyNotAgain names the given files that are gone.
func (v RunView) whyNotAgain() string {
	gone := strings.Join(v.Given, ", ")
	if len(v.Given) == 1 {
		return "It was given " + gone + ", which is gone, so it cannot be run again as it was. Edit it, or open it as a notebook."
	}
	return "It was given files that are gone (" + gone + "), so it cannot be run again as it was. Edit it, or open it as a notebook."
}

// CodeLine is one numbered line of code.
type CodeLine struct {
	Number int
	Text   string
	Here   bool // it is the one that is meant
}

// LinesAround are a line of code and its neighbours; none when there is no such
// line.
func LinesAround(code string, line int) []CodeLine {
	all := strings.Split(code, "\n")
	if line < 1 || line > len(all) {
		return nil
	}
	var lines []CodeLine
	for n := max(1, line-1); n <= min(len(all), line+1); n++ {
		text := []rune(all[n-1])
		lines = append(lines, CodeLine{Number: n, Text: string(text[:min(len(text), 300)]), Here: n == line})
	}
	return lines
}

// Live says that the run is not over, so its page wants a stream.
func (v RunView) Live() bool { return v.State != "done" }

// Elapsed is how long it has been running, without its waits for input.
func (v RunView) Elapsed() time.Duration {
	switch {
	case v.State == "done":
		return v.Wall
	case v.StartedAt.IsZero():
		return 0
	}
	return max(0, v.Now.Sub(v.StartedAt)-v.Paused)
}

// Waited is how long it stood in the queue.
func (v RunView) Waited() time.Duration {
	if v.StartedAt.IsZero() {
		return max(0, v.Now.Sub(v.QueuedAt))
	}
	return max(0, v.StartedAt.Sub(v.QueuedAt))
}

// facts is the short line after a run's badge: 1.84 s · 143 MiB · 2 files.
func (v RunView) facts() string {
	s := ui.Seconds(v.Wall)
	if v.PeakMemory > 0 {
		s += " · " + ui.Memory(v.PeakMemory)
	}
	if n := len(v.Files); n > 0 {
		s += " · " + ui.Plural(n, "file")
	}
	return s
}

// printed says how much text there is. The bytes are known only at the end.
func (v RunView) printed() string {
	lines := ui.Plural(v.Transcript.Lines(), "line")
	if v.Live() {
		return lines
	}
	return lines + " · " + ui.Size(v.OutputBytes)
}

// endingWord names the fact that is a state until there is an ending.
func (v RunView) endingWord() string {
	if v.Live() {
		return "State"
	}
	return "Ending"
}

// kept counts files for the head of their panel.
func (v RunView) kept() string {
	if len(v.Refused) == 0 {
		return fmt.Sprintf("%d kept", len(v.Files))
	}
	return fmt.Sprintf("%d kept, %d not kept", len(v.Files), len(v.Refused))
}

// liveFiles are the ids that can still go into a zip.
func (v RunView) liveFiles() []string {
	var ids []string
	for _, f := range v.Files {
		if !f.Gone() {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// RunLine is one run in a list.
type RunLine struct {
	ID, Short          string
	Source             string
	State              string
	Ending             string
	Line               string // the line of code that names it
	Notebook           string // the name of its notebook, "" for a one-shot
	Cell               int    // the place of its cell there, 0 when it is gone
	NotebookID, CellID string
	App                string // the name of the app that asked for it
	Wall               time.Duration
	Elapsed            time.Duration // while running
	Position           int           // while queued
	Files              int
	At                 time.Time // when it was queued
	Now                time.Time
}

// cellWords name the cell that a run is of.
func cellWords(notebook string, cell int) string {
	if cell == 0 {
		return notebook + " · a deleted cell"
	}
	return notebook + " · cell " + strconv.Itoa(cell)
}

// title names the run: a cell of a notebook, or a line of its code.
func (r RunLine) title() string {
	switch {
	case r.Notebook != "":
		return cellWords(r.Notebook, r.Cell)
	case r.Line == "":
		return "run " + r.Short
	}
	return r.Line
}

// from says where the run came from.
func (r RunLine) from() string { return fromWords(r.Source, r.App) }

func fromWords(source, app string) string {
	if app == "" {
		return sourceWord(source)
	}
	return sourceWord(source) + ", by " + app
}

// look is how a state or ending is drawn.
type look struct {
	tone       ui.Tone
	icon, word string
}

// lookOf knows every state and ending; an unknown one is drawn as its own word.
func lookOf(state, ending string, position int) look {
	switch state {
	case "queued":
		if position > 0 {
			return look{ui.Quiet, "hourglass", "queued " + ui.Ordinal(position)}
		}
		return look{ui.Quiet, "hourglass", "queued"}
	case "running":
		return look{ui.Busy, "loader", "running"}
	case "asking":
		return look{ui.Busy, "message-circle-question-mark", "waiting for input"}
	}
	switch ending {
	case "ok":
		return look{ui.Good, "check", "ok"}
	case "raised":
		return look{ui.Bad, "circle-x", "raised"}
	case "interrupted":
		return look{ui.Quiet, "hand", "interrupted"}
	case "timed_out":
		return look{ui.Bad, "timer-off", "timed out"}
	case "out_of_memory":
		return look{ui.Bad, "memory-stick", "out of memory"}
	case "output_cap":
		return look{ui.Busy, "scissors", "output cap"}
	case "killed":
		return look{ui.Bad, "skull", "killed"}
	case "lost":
		return look{ui.Bad, "unplug", "lost"}
	case "cancelled":
		return look{ui.Quiet, "ban", "cancelled"}
	}
	return look{ui.Quiet, "circle-question-mark", ending}
}

// sourceLook is the icon and word of where something came from.
func sourceLook(source string) (icon, word string) {
	switch source {
	case "discord":
		return "discord", "Discord"
	case "api":
		return "terminal", "API"
	case "cli":
		return "terminal", "Command line"
	case "upload":
		return "upload", "Upload"
	}
	return "globe", "Web"
}

func sourceIcon(source string) string { icon, _ := sourceLook(source); return icon }

func sourceWord(source string) string { _, word := sourceLook(source); return word }

// memoryOf is the peak with its limit: 143 of 512 MiB.
func memoryOf(v RunView) string {
	if v.PeakMemory == 0 {
		return "not measured"
	}
	return ui.Count(max(1, v.PeakMemory>>20)) + " of " + ui.Memory(v.MemoryLimit)
}

func codeLines(code string) int { return lineCount(strings.TrimRight(code, "\n")) }
