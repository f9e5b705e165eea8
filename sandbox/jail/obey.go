package jail

import (
	"errors"
	"io"
	"time"

	"mayfly/sandbox"
)

// fill reads from the link, and reports whether frames may have come.
func (t *turn) fill() bool {
	err := t.k.link.fill()
	switch {
	case errors.Is(err, io.EOF):
		// Usually the kernel has ended and its report is on the way.
		t.linkBrokenAt = time.Now()
	case err != nil:
		t.fail(err)
	}
	return true
}

// obey handles every frame that is whole.
func (t *turn) obey() {
	for t.done == nil && t.fault == nil && t.breach == "" {
		f, whole, err := t.k.link.next()
		if err == nil && !whole {
			return
		}
		if err == nil {
			err = t.handle(f)
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return
		default:
			t.accuse("sent something on the interpreter's channel to Mayfly that does not belong there")
		}
	}
}

func (t *turn) handle(f frame) error {
	if t.show != nil {
		if f.kind != bytesFrame {
			return errBreach
		}
		if err := t.show.add(f.payload); err != nil {
			return err
		}
		return t.showWhole()
	}
	m, err := parse(f)
	if err != nil {
		return err
	}
	return t.heed(m)
}

// heed answers one message.
func (t *turn) heed(m message) error {
	if m.T == "began" && !t.running && m.Run == t.number {
		t.running = true
		if t.stop != "" {
			t.k.interrupt()
		}
		return nil
	}
	if !t.running {
		return errBreach
	}
	if t.errand != nil && !t.errand.asks {
		return t.hear(m)
	}
	if err := t.dropErrand(); err != nil {
		return err
	}
	switch m.T {
	case "done":
		if m.Run != t.number {
			return errBreach
		}
		t.done = &m
	case "display":
		show, err := beginDisplay(m)
		if err != nil {
			return err
		}
		t.show = show
		return t.showWhole()
	case "clear":
		return t.clear(m)
	case "ask":
		t.ask(m)
	case "open":
		t.open(m)
	case "list":
		t.list()
	default:
		return errBreach
	}
	return nil
}

// showWhole passes a display on once all of it is there, and says so: the
// guest waits, so that what it prints next comes after.
func (t *turn) showWhole() error {
	if t.show.left > 0 {
		return nil
	}
	shown := sandbox.Output{Stream: sandbox.Display, Bundle: t.show.bundle(), ID: t.show.id, Update: t.show.update, Value: t.show.value}
	t.show = nil
	for _, text := range shown.Bundle {
		t.shown += int64(len(text))
	}
	if t.shown > t.k.limits.OutputMax {
		t.halt(sandbox.OutputCap)
	} else {
		t.emit(shown)
	}
	return t.k.link.say(map[string]any{"t": "shown"}, sayMax)
}

// clear drops what was said before: at once, or when the next piece comes, so
// that nothing flickers. The guest waits, so that what it prints next comes after.
func (t *turn) clear(m message) error {
	if t.clearNext = m.Wait; !m.Wait {
		t.emit(sandbox.Output{Stream: sandbox.Clear})
	}
	return t.k.link.say(map[string]any{"t": "cleared"}, sayMax)
}
