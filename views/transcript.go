package views

import (
	"maps"
	"slices"
	"strings"

	"mayfly/sandbox"

	terminal "github.com/buildkite/terminal-to-html/v3"
)

// OutputRow is one stored piece of a run's output.
type OutputRow struct {
	Seq      int
	Stream   string // stdout, stderr, display, failure, note, clear
	Text     string
	Bundle   map[string]string // of a display: media type to text or base64
	Replaces int               // the number of the display in whose place it is shown, 0 for none
	About    string            // what its owner says that a figure shows, "" for nothing
}

// How much of a stretch of text is shown: its first and last lines, with the
// number of lines between. All shows as much as a browser draws at once.
const (
	headLines, tailLines       = 40, 60
	allHeadLines, allTailLines = 4000, 1000
	terminalColumns            = 400     // wrapped pieces are joined again when drawn
	maxBlocks                  = 60      // of text and displays; the middle ones are left out
	maxTables                  = 1 << 20 // bytes of HTML made safe for one page; what is over is shown as text
)

// Transcript is a run's output as people read it. Text of both streams runs
// through one terminal, so that carriage returns, cursor moves and colours do
// what they do in one; displays and failures stand between. Rows are added in
// order, and only once each. It holds a bounded amount however much was
// printed. Not safe for use by several goroutines.
type Transcript struct {
	of         Said
	head, tail int
	clean      cleaner
	blocks     []*block
	seq        int
	left       int // blocks dropped from the middle
	tables     int // bytes of HTML made safe so far
}

// block is one stretch: a terminal still open, or something finished.
type block struct {
	kind   string // text, display, failure, note
	seq    int    // of a display
	weight int    // of a display: bytes of HTML that were made safe for it
	screen *terminal.Screen
	head   []string // safe HTML, a line each
	hidden int
	show   display
	words  string // of a failure's headline or a note
}

// NewTranscript starts an empty one for a run. All asks for (nearly) all lines.
func NewTranscript(run string, all bool) *Transcript {
	return NewTranscriptOf(saidBy(run), all)
}

// NewTranscriptOf is NewTranscript for outputs that are reached in another way.
func NewTranscriptOf(of Said, all bool) *Transcript {
	t := &Transcript{of: of, head: headLines, tail: tailLines, clean: newCleaner()}
	t.clean.page = &pageFormulas{}
	if all {
		t.head, t.tail = allHeadLines, allTailLines
	}
	return t
}

// Seq is the number of the last row added, to ask for those after it.
func (t *Transcript) Seq() int { return t.seq }

// Empty says that there is nothing to show.
func (t *Transcript) Empty() bool { return t == nil || len(t.blocks) == 0 }

// Add takes rows in the order of their numbers; rows it has seen are skipped.
func (t *Transcript) Add(rows ...OutputRow) {
	for _, row := range rows {
		if row.Seq <= t.seq && t.seq > 0 {
			continue
		}
		t.seq = row.Seq
		switch row.Stream {
		case "stdout", "stderr":
			t.write(row)
		case "display":
			t.show(row)
		case "clear":
			t.clear()
		case "failure":
			t.fail(row.Text)
		default:
			t.push(&block{kind: "note", words: row.Text})
		}
	}
}

// write sends text to the open terminal, or opens one. What stderr says is
// drawn faint, but not its progress bars, which are meant to be watched.
func (t *Transcript) write(row OutputRow) {
	b := t.last()
	if b == nil || b.kind != "text" {
		b = &block{kind: "text"}
		b.screen = t.terminal(b)
		t.push(b)
	}
	text := strings.ReplaceAll(row.Text, "\x00", "\u2400")
	if row.Stream == "stderr" && !strings.Contains(text, "\r") {
		text = "\x1b[2m" + text + "\x1b[22m"
	}
	_, _ = b.screen.Write([]byte(text)) // a screen in memory does not fail
}

// show draws a display, in its own place or in that of the one it replaces. What
// is not there any more is not replaced.
func (t *Transcript) show(row OutputRow) {
	if row.Replaces == 0 {
		b := &block{kind: "display", seq: row.Seq}
		t.draw(b, row)
		t.push(b)
		return
	}
	for _, b := range t.blocks {
		if b.kind == "display" && b.seq == row.Replaces {
			t.draw(b, row)
		}
	}
}

// clear takes everything back but what Mayfly itself said.
func (t *Transcript) clear() {
	t.blocks = slices.DeleteFunc(t.blocks, func(b *block) bool { return b.kind != "note" })
	t.left, t.tables = 0, 0
}

// terminal makes a screen as high as the tail; what scrolls out of it is kept
// as head, then only counted.
func (t *Transcript) terminal(b *block) *terminal.Screen {
	screen, err := terminal.NewScreen(terminal.WithSize(terminalColumns, t.tail), terminal.WithMaxSize(terminalColumns, t.tail))
	if err != nil {
		panic(err) // the sizes are positive constants
	}
	screen.Timestamps = false
	screen.ScrollOutFunc = func(line string) {
		if len(b.head) < t.head {
			b.head = append(b.head, t.clean.terminal(line))
			return
		}
		b.hidden++
	}
	return screen
}

// draw draws one display. Making HTML safe takes time at every look at the page,
// so there is only so much of it.
func (t *Transcript) draw(b *block, row OutputRow) {
	t.tables -= b.weight
	b.weight = 0
	for _, media := range madeSafe {
		if size := len(row.Bundle[media]); size <= maxTableHTML {
			b.weight += size
		}
	}
	if t.tables+b.weight > maxTables {
		b.weight, row.Bundle = 0, maps.Clone(row.Bundle)
		for _, media := range madeSafe {
			delete(row.Bundle, media)
		}
	}
	t.tables += b.weight
	b.show = t.clean.display(t.of, row)
}

// madeSafe are the forms whose drawing takes time.
var madeSafe = []string{htmlMedia, sandbox.TableMIME, "text/markdown", "application/mathml+xml"}

// fail shows a traceback: its last line is the headline.
func (t *Transcript) fail(text string) {
	text = strings.TrimRight(text, "\n ")
	words := text[strings.LastIndexByte(text, '\n')+1:]
	b := &block{kind: "failure", words: stripSGR(words)}
	b.screen = t.terminal(b)
	_, _ = b.screen.Write([]byte(text))
	t.push(b)
}

func (t *Transcript) last() *block {
	if len(t.blocks) == 0 {
		return nil
	}
	return t.blocks[len(t.blocks)-1]
}

// push adds a block; over the limit one in the middle goes.
func (t *Transcript) push(b *block) {
	t.blocks = append(t.blocks, b)
	if len(t.blocks) > maxBlocks {
		mid := maxBlocks / 2
		t.blocks = append(t.blocks[:mid], t.blocks[mid+1:]...)
		t.left++
	}
}

// Lines is how many lines of text there are, hidden ones included.
func (t *Transcript) Lines() int {
	if t == nil {
		return 0
	}
	n := 0
	for _, b := range t.blocks {
		if b.kind == "text" {
			n += len(b.head) + b.hidden + lineCount(b.rest(t.clean))
		}
	}
	return n
}

// rest is what is still on the block's screen, as safe HTML.
func (b *block) rest(c cleaner) string { return c.terminal(b.screen.AsHTMLWithTimestamps(false)) }

// first is the head as safe HTML.
func (b *block) first() string { return strings.TrimSuffix(strings.Join(b.head, ""), "\n") }

// whole is head and rest, when nothing is hidden between.
func (b *block) whole(c cleaner) string { return strings.Join(b.head, "") + b.rest(c) }

// foldHeight is how high an output stands in a notebook before it is folded, in
// CSS pixels; see cell.css.
const foldHeight = 480

// height is about how high it is drawn, in CSS pixels. Frames, which tell their
// own, count nothing.
func (t *Transcript) height() int {
	sum := 0
	for _, b := range t.shown() {
		switch {
		case b.kind == "text":
			sum += 20 * (len(b.head) + min(b.hidden, 3) + lineCount(b.rest(t.clean)))
		case b.kind == "failure":
			sum += 60 + 20*lineCount(b.whole(t.clean))
		case b.kind == "display":
			sum += b.show.height()
		default:
			sum += 20
		}
	}
	return sum
}

func lineCount(html string) int {
	if html == "" {
		return 0
	}
	return strings.Count(html, "\n") + 1
}

// stripSGR drops colour codes from a line.
func stripSGR(s string) string {
	var out strings.Builder
	for {
		start := strings.Index(s, "\x1b[")
		if start < 0 {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(s[:start])
		end := strings.IndexByte(s[start:], 'm')
		if end < 0 {
			return out.String()
		}
		s = s[start+end+1:]
	}
}

// shown and dropped are for templates, which may hold no transcript at all.
func (t *Transcript) shown() []*block {
	if t == nil {
		return nil
	}
	return t.blocks
}

func (t *Transcript) dropped() int {
	if t == nil {
		return 0
	}
	return t.left
}
