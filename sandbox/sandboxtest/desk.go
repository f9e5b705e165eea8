package sandboxtest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"mayfly/sandbox"
)

// desk is the owner's end of a run.
type desk struct {
	answer func(ctx context.Context, q sandbox.Question) (string, error)
	refuse error // what Emit says to everything
	limit  int   // bytes kept; zero for all

	mu     sync.Mutex
	said   []sandbox.Output
	held   int
	ended  bool
	late   int // pieces that came after Exec had returned
	change chan struct{}
}

func newDesk() *desk {
	return &desk{
		change: make(chan struct{}, 1),
		answer: func(context.Context, sandbox.Question) (string, error) { return "", io.EOF },
	}
}

// answers makes a desk that replies one line after another, then EOF.
func answers(lines ...string) *desk {
	d := newDesk()
	d.answer = func(context.Context, sandbox.Question) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}
	return d
}

// Emit takes one piece, in order.
func (d *desk) Emit(o sandbox.Output) error {
	d.mu.Lock()
	if d.ended {
		d.late++
	}
	d.mu.Unlock()
	d.keep(o)
	select {
	case d.change <- struct{}{}:
	default:
	}
	return d.refuse
}

func (d *desk) keep(o sandbox.Output) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.limit == 0 || d.held < d.limit {
		d.said = append(d.said, o)
		d.held += len(o.Text)
	}
}

// Input answers as the test says.
func (d *desk) Input(ctx context.Context, q sandbox.Question) (string, error) {
	return d.answer(ctx, q)
}

// over says whether a run is over: nothing may come then.
func (d *desk) over(over bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ended = over
}

// silent fails the test when something came after the end.
func (d *desk) silent(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.late > 0 {
		t.Errorf("%d pieces came after Exec had returned", d.late)
	}
}

// pieces is what was said, with neighbours of one stream joined. A display is
// always a piece of its own; its text is its plain form.
func (d *desk) pieces() []sandbox.Output {
	d.mu.Lock()
	defer d.mu.Unlock()
	var joined []sandbox.Output
	for _, o := range d.said {
		last := len(joined) - 1
		if o.Stream == sandbox.Display {
			o.Text = o.Bundle["text/plain"]
		} else if last >= 0 && joined[last].Stream == o.Stream {
			joined[last].Text += o.Text
			continue
		}
		joined = append(joined, o)
	}
	return joined
}

// text is all that was said on one stream.
func (d *desk) text(stream sandbox.Stream) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, o := range d.said {
		if o.Stream == stream {
			b.WriteString(o.Text)
		}
	}
	return b.String()
}

func (d *desk) displays() []map[string]string {
	var shown []map[string]string
	for _, o := range d.pieces() {
		if o.Stream == sandbox.Display {
			shown = append(shown, o.Bundle)
		}
	}
	return shown
}

// await returns when stdout holds part.
func (d *desk) await(t *testing.T, part string) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	for !strings.Contains(d.text(sandbox.Stdout), part) {
		select {
		case <-d.change:
		case <-ctx.Done():
			t.Fatalf("the run never printed %q\n%s", part, d)
		}
	}
}

// String is the whole transcript, for a failed test.
func (d *desk) String() string {
	var b strings.Builder
	for _, o := range d.pieces() {
		fmt.Fprintf(&b, "  %s: %q\n", o.Stream, clip(o.Text))
	}
	return b.String()
}

// all is every byte that reached the owner, displays included.
func (d *desk) all() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, o := range d.said {
		b.WriteString(o.Text)
		for kind, form := range o.Bundle {
			b.WriteString(kind)
			b.WriteString(form)
		}
	}
	return b.String()
}
