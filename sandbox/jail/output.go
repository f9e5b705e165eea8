package jail

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"mayfly/sandbox"
)

// drain reads what lies in both pipes without waiting, at most so much of
// each: a flood must not keep the loop from its clock.
func (t *turn) drain(most int) {
	for _, c := range []*channel{&t.out, &t.err} {
		t.drainOne(c, most)
	}
}

func (t *turn) drainOne(c *channel, most int) {
	if t.piece == nil {
		t.piece = make([]byte, 1<<16)
	}
	piece := t.piece
	for read := 0; read < most && !c.closed; {
		n, err := unix.Read(c.fd, piece)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return
		case err != nil || n == 0:
			c.closed = true // nobody holds the other end any more
			return
		}
		read += n
		t.take(c, piece[:n])
	}
}

// take passes text on up to the cap, and ends the turn there.
func (t *turn) take(c *channel, piece []byte) {
	room := t.k.limits.OutputMax - t.written
	t.written += int64(len(piece))
	if room > 0 {
		t.emit(sandbox.Output{Stream: c.stream, Text: c.text.text(piece[:min(int64(len(piece)), room)])})
	}
	if t.written > t.k.limits.OutputMax {
		t.halt(sandbox.OutputCap)
	}
}

// emit hands on one piece. A listener that fails ends the turn.
func (t *turn) emit(o sandbox.Output) {
	if t.fault != nil || (o.Text == "" && len(o.Bundle) == 0 && o.Stream != sandbox.Clear) {
		return
	}
	if t.clearNext && o.Stream != sandbox.Note {
		t.clearNext = false
		t.emit(sandbox.Output{Stream: sandbox.Clear})
	}
	if err := t.to.Emit(o); err != nil {
		t.fail(fmt.Errorf("pass on output: %w", err))
	}
}

func (t *turn) note(format string, args ...any) {
	t.emit(sandbox.Output{Stream: sandbox.Note, Text: fmt.Sprintf(format, args...)})
}

// Bounds of one display. The guest says instead that it is too large to show.
const (
	formsMax   = 64
	displayMax = 16 << 20
	kindMax    = 200
)

// display is one that is still arriving.
type display struct {
	id     string
	update bool
	value  bool
	forms  []form
	bytes  [][]byte
	left   int64
}

// beginDisplay checks what a display says of itself.
func beginDisplay(m message) (*display, error) {
	d := &display{id: valid(m.ID), update: m.Update, value: m.Value && !m.Update, forms: m.Forms, bytes: make([][]byte, len(m.Forms))}
	if len(m.Forms) > formsMax || len(d.id) > sandbox.DisplayIDMax || (d.update && d.id == "") {
		return nil, errBreach
	}
	for _, f := range m.Forms {
		if f.Size < 0 || f.Size > displayMax || len(f.Kind) > kindMax {
			return nil, errBreach
		}
		d.left += f.Size
	}
	if d.left > displayMax {
		return nil, errBreach
	}
	return d, nil
}

// add takes the next bytes, which belong to the first form that is not whole.
func (d *display) add(piece []byte) error {
	for i, f := range d.forms {
		if room := f.Size - int64(len(d.bytes[i])); room > 0 {
			if int64(len(piece)) > room || len(piece) == 0 {
				return errBreach
			}
			d.bytes[i] = append(d.bytes[i], piece...)
			d.left -= int64(len(piece))
			return nil
		}
	}
	return errBreach
}

func (d *display) bundle() map[string]string {
	whole := make(map[string]string, len(d.forms))
	for i, f := range d.forms {
		whole[valid(f.Kind)] = valid(string(d.bytes[i]))
	}
	return whole
}
