package handlers

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net/http"

	"mayfly/views"
)

// seen names all that a reader's page shows of a notebook, part by part, so that
// only what differs is sent: to a stream that comes back, to a second tab, to a
// restarted server, and in answer to a form. It is the browser's to keep, and
// hostile: whatever is no such text has seen nothing.
type seen struct {
	known                           bool // it could be read
	head, files, kernel, order, bin uint32
	cells                           map[uint32]seenCell
	list                            []seenCell
}

// seenCell is one cell: its id, the version of its text, and the rest of it.
type seenCell struct {
	id, facts, output, version uint32
}

// Sizes of a seen text in bytes, before it is base64.
const (
	seenHead = 15
	seenOne  = 12
	seenMark = "n3."
	seenMax  = 16 << 10
)

// seenHeader bears what a page has seen.
const seenHeader = "Mayfly-Seen"

func seenNothing() seen { return seen{cells: map[uint32]seenCell{}} }

// seenOf reads what the browser says its page shows.
func seenOf(r *http.Request) seen { return parseSeen(r.Header.Get(seenHeader)) }

func parseSeen(text string) seen {
	s := seenNothing()
	if len(text) > seenMax || len(text) < len(seenMark) || text[:len(seenMark)] != seenMark {
		return s
	}
	raw, err := base64.RawURLEncoding.DecodeString(text[len(seenMark):])
	if err != nil || len(raw) < seenHead || (len(raw)-seenHead)%seenOne != 0 {
		return s
	}
	s.known = true
	s.head, s.files, s.kernel, s.order = three(raw), three(raw[3:]), three(raw[6:]), three(raw[9:])
	s.bin = three(raw[12:])
	for rest := raw[seenHead:]; len(rest) > 0; rest = rest[seenOne:] {
		c := seenCell{id: three(rest), facts: three(rest[3:]), output: three(rest[6:]), version: three(rest[9:])}
		if _, twice := s.cells[c.id]; twice {
			c = seenCell{id: c.id} // which of the two is not known: both are sent
		}
		s.cells[c.id] = c
	}
	return s
}

func (s seen) String() string {
	raw := make([]byte, 0, seenHead+seenOne*len(s.list))
	for _, sum := range []uint32{s.head, s.files, s.kernel, s.order, s.bin} {
		raw = append(raw, byte(sum>>16), byte(sum>>8), byte(sum))
	}
	for _, c := range s.list {
		for _, sum := range []uint32{c.id, c.facts, c.output, c.version} {
			raw = append(raw, byte(sum>>16), byte(sum>>8), byte(sum))
		}
	}
	return seenMark + base64.RawURLEncoding.EncodeToString(raw)
}

func three(raw []byte) uint32 {
	return binary.BigEndian.Uint32([]byte{0, raw[0], raw[1], raw[2]})
}

// sum names a text in 24 bits.
func sum(format string, args ...any) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, format, args...)
	all := h.Sum32()
	return (all>>24 ^ all) & 0xffffff
}

// hasOutput reports whether the reader has what a run that is over said.
func (s seen) hasOutput(c views.CellView) bool {
	had, found := s.cells[sum("%s", c.ID)]
	return found && had.output == outputSum(c)
}

// showsOutput reports whether the reader's page shows output of the cell, be it as
// it was before.
func (s seen) showsOutput(c views.CellView) bool {
	return s.cells[sum("%s", c.ID)].output != 0
}

// importedSum names what a cell brought along, which changes only by going.
const importedSum = 1

func outputSum(c views.CellView) uint32 {
	r := c.Run
	switch {
	case r == nil && c.Imported:
		return importedSum
	case r == nil:
		return 0
	}
	said := 0
	if r.Live() {
		said = r.Transcript.Seq()
	}
	names := ""
	for _, f := range r.Files {
		names += fmt.Sprint(f.ID, f.Gone(), ";")
	}
	question := 0
	if r.Question != nil {
		question = r.Question.Number
	}
	return sum("%s %t %s %d %d %t %d %s %d", r.ID, r.State == "queued", r.Ending, said, r.Changes, r.OutputsExpired, question, names, len(r.Refused))
}

func factsSum(c views.CellView) uint32 {
	run := ""
	if r := c.Run; r != nil {
		run = fmt.Sprint(r.ID, r.State, r.Ending, r.Wall, r.PeakMemory, len(r.Files), c.Line, c.Behind, c.Exception)
	}
	return sum("%d/%d %s %s %t %d %s %d %s %d", c.Place, c.Of, c.Kind, c.Validity, c.Own, c.Before, c.Left, c.Previous, run, c.ErrorLine)
}

// compare says what of the notebook the reader has not seen as it is now.
func (n *shownNotebook) compare(before seen) {
	v := &n.view
	now := seen{
		known:  true,
		head:   sum("%s %s %s %d %t %t %d", v.Warming, v.Name, v.Kernel.State, v.Kernel.Memory, v.Live, v.Busy(), len(v.Files)),
		order:  sum("%s", v.Order()),
		kernel: sum("%s %d %s %s %t", v.Kernel.State, v.Kernel.Memory, v.Kernel.Why, v.Kernel.Lost, v.Kernel.Left > 0),
	}
	files := ""
	for _, f := range v.Files {
		files += fmt.Sprint(f.ID, f.Clock.Expires.Unix(), f.CellPlace, ";")
	}
	now.files = sum("%s", files)
	bin := ""
	for _, c := range v.Bin {
		bin += c.ID + ";"
	}
	now.bin = sum("%s", bin)
	n.change.Bin = now.bin != before.bin
	n.change.Head, n.change.Files, n.change.Order, n.change.Kernel = now.head != before.head, now.files != before.files, now.order != before.order, now.kernel != before.kernel
	for i := range v.Cells {
		c := &v.Cells[i]
		is := seenCell{id: sum("%s", c.ID), facts: factsSum(*c), output: outputSum(*c), version: uint32(c.Version) & 0xffffff}
		now.list = append(now.list, is)
		n.compareCell(c, is, before)
	}
	n.seen, v.Cursor = now, now.String()
	n.change.View = *v
}

func (n *shownNotebook) compareCell(c *views.CellView, is seenCell, before seen) {
	had, found := before.cells[is.id]
	switch {
	case !found:
		n.change.New = append(n.change.New, *c)
		return
	case had == is:
		return
	case had.facts != is.facts || had.version != is.version:
		c.Theirs = had.version != is.version
		n.change.Facts = append(n.change.Facts, *c)
	}
	if had.output != is.output {
		n.change.Outputs = append(n.change.Outputs, *c)
	}
}
