package views

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mayfly/views/ui"
)

// CellView is one cell with what its last run says.
type CellView struct {
	ID, Notebook string
	Kind         string // code, markdown
	Text         string
	Version      int
	Place, Of    int // from 1, of how many
	Validity     string
	Before       int           // place of the earlier cell that made it stale; 0: not known, or its own text did
	Own          bool          // its own text made it stale
	Left         string        // its interpreter is gone and made it stale: restart, lost, earlier; else ""
	Run          *RunView      // its last run, nil when it was never run
	Previous     time.Duration // how long the run before that took, 0: there was none
	Behind       int           // queued: place of the cell that it waits for, 0: of another
	Line         int           // in its notebook's line while it waits, from 1
	Exception    string        // the name of what was raised
	ErrorLine    int           // of the text as it stands, 0: none
	FormKey      string        // of its next run
	Log          *CellLog      // what the run said, where it was drawn already
	Lazy         bool          // its output is large and comes when it is looked at
	Imported     bool          // what it shows came with a file, and not from a run here
	Said         *Transcript   // that, where the reader has not seen it
	Theirs       bool          // its text changed since the reader's page: it comes along
}

func (c CellView) code() bool { return c.Kind == "code" }

func (c CellView) live() bool { return c.Run != nil && c.Run.Live() }

// state is the word by which style and script know how the cell is.
func (c CellView) state() string {
	switch {
	case !c.code():
		return "text"
	case c.Run == nil:
		return "fresh"
	case c.Run.Live():
		return c.Run.State
	case c.Run.Ending == "ok":
		return "done"
	case c.Run.Ending == "interrupted":
		return "interrupted"
	}
	return "error"
}

// Doubt is the validity where it says anything: stale or input_expired.
func (c CellView) Doubt() string {
	if c.code() && !c.live() && (c.Validity == "stale" || c.Validity == "input_expired") {
		return c.Validity
	}
	return ""
}

// status is how its state is drawn.
func (c CellView) status() look {
	if c.Run == nil {
		return look{ui.Quiet, "circle-dashed", "not run yet"}
	}
	switch {
	case c.Run.State == "queued" && c.Line > 0:
		return look{ui.Quiet, "hourglass", "queued, " + ui.Ordinal(c.Line)}
	case c.Run.State == "asking":
		return look{ui.Busy, "message-circle-question-mark", "waiting for you"}
	case c.Run.Ending == "ok":
		return look{ui.Good, "check", "done"}
	case c.Run.Ending == "raised" && c.Exception != "":
		return look{ui.Bad, "circle-x", "raised " + c.Exception}
	}
	return lookOf(c.Run.State, c.Run.Ending, 0)
}

// validity is how doubt is drawn.
func (c CellView) validity() look {
	if c.Doubt() == "input_expired" {
		return look{ui.Quiet, "file-clock", "input expired"}
	}
	return look{ui.Busy, "history", "stale"}
}

// why says what the doubt comes from.
func (c CellView) why() string {
	switch {
	case c.Doubt() == "input_expired":
		return "a file that it read is gone"
	case c.Own:
		return "its text changed since"
	case c.Left == "restart":
		return "from before the restart"
	case c.Left == "lost":
		return "its interpreter was lost"
	case c.Left != "":
		return "from an earlier interpreter"
	case c.Before > 0:
		return fmt.Sprintf("ran before cell %d changed", c.Before)
	}
	return "the cells above changed since"
}

// facts is the strip's line after the word.
func (c CellView) facts() string {
	r := c.Run
	switch {
	case r == nil:
		return ""
	case r.State == "queued" && c.Behind > 0:
		return fmt.Sprintf("starts when cell %d ends", c.Behind)
	case r.State == "queued":
		return "starts when a place is free"
	case r.Live():
		return ""
	case r.Ending == "interrupted":
		return "by you, after " + ui.Seconds(r.Wall)
	case r.Ending == "timed_out":
		return "at the " + ui.Limit(r.WallLimit) + " limit"
	case r.Ending == "out_of_memory":
		return "at " + ui.Memory(r.MemoryLimit) + ", after " + ui.Seconds(r.Wall)
	}
	return c.took()
}

// took is 1.84 s (was 2.10 s) · 143 MiB · 2 files.
func (c CellView) took() string {
	words := ui.Seconds(c.Run.Wall)
	if c.Previous > 0 {
		words += " (was " + ui.Seconds(c.Previous) + ")"
	}
	if c.Run.PeakMemory > 0 {
		words += " · " + ui.Memory(c.Run.PeakMemory)
	}
	if n := len(c.Run.Files); n > 0 {
		words += " · " + ui.Plural(n, "file")
	}
	return words
}

// label is how the cell is called among those who hear it.
func (c CellView) label() string {
	words := []string{fmt.Sprintf("Cell %d", c.Place)}
	if !c.code() {
		return strings.Join(append(words, "text"), ", ")
	}
	words = append(words, "code", c.status().word)
	if c.Doubt() != "" {
		words = append(words, c.validity().word)
	}
	return strings.Join(words, ", ")
}

// mark is the small sign under the run button.
func (c CellView) mark() string {
	switch {
	case c.Run == nil:
		return "[ ]"
	case c.Run.State == "queued":
		return "[ ]"
	case c.Run.Live():
		return "[*]"
	}
	return fmt.Sprintf("[%d]", c.Place)
}

// shows says that there is anything under its strip.
func (c CellView) shows() bool {
	return c.Run != nil && (c.Lazy || c.said() || c.Run.Question != nil || len(c.Run.Files)+len(c.Run.Refused) > 0 || c.Run.OutputsExpired)
}

// said says that its run printed or showed something.
func (c CellView) said() bool {
	if c.Log != nil {
		return !c.Log.Empty
	}
	return !c.Run.Transcript.Empty()
}

// tall says that its output wants folding.
func (c CellView) tall() bool {
	switch {
	case c.Log != nil:
		return c.Log.Tall
	case c.Run == nil:
		return c.Said.height() > foldHeight
	}
	return c.Run.Transcript.height() > foldHeight
}

// action is where the cell's text goes: to be run, or to be kept.
func (c CellView) action() string {
	if c.code() {
		return NotebookURL(c.Notebook, "run")
	}
	return CellURL(c.ID, "text")
}

func (c CellView) stopWord() string {
	if c.Run.State == "queued" {
		return fmt.Sprintf("Cancel cell %d", c.Place)
	}
	return fmt.Sprintf("Stop cell %d", c.Place)
}

func (c CellView) lang() string {
	if c.code() {
		return "python"
	}
	return "markdown"
}

func (c CellView) fieldLabel() string {
	if c.code() {
		return fmt.Sprintf("Code of cell %d", c.Place)
	}
	return fmt.Sprintf("Text of cell %d", c.Place)
}

func (c CellView) hint() string {
	if c.code() {
		return "Python"
	}
	return "Markdown"
}

// rows is how high the field is before its text gives it its height.
func (c CellView) rows() string {
	return fmt.Sprint(min(30, max(1, strings.Count(c.Text, "\n")+1)))
}

func (c CellView) blank() bool { return strings.TrimSpace(c.Text) == "" }

// prose is the text of a Markdown cell as safe HTML, or as it stands where it is
// too long for that.
func (c CellView) prose(ctx context.Context) string {
	return cleanerOf(ctx).with(CellURL(c.ID, "attachments")).prose(c.Text)
}
