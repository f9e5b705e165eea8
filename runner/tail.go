package runner

import (
	"strings"

	"mayfly/sandbox"
)

// What is kept of the end of a log that is full.
const (
	tailMax  = 64 << 10 // bytes
	tailMost = 1000     // pieces
)

// tail keeps the last text within its bounds. It merges what it can, so that
// small pieces reach as far back as large ones.
type tail struct {
	pieces []sandbox.Output
	size   int
}

func (t *tail) add(o sandbox.Output) {
	if o.Bundle != nil {
		return
	}
	if cut := len(o.Text) - tailMax; cut > 0 {
		o.Text = strings.ToValidUTF8(o.Text[cut:], "")
	}
	t.size += len(o.Text)
	if n := len(t.pieces); n > 0 && t.pieces[n-1].Stream == o.Stream && len(t.pieces[n-1].Text)+len(o.Text) <= tailMax/tailMost {
		t.pieces[n-1].Text += o.Text
	} else {
		t.pieces = append(t.pieces, o)
	}
	for t.size > tailMax || len(t.pieces) > tailMost {
		t.size -= len(t.pieces[0].Text)
		t.pieces = t.pieces[1:]
	}
}
