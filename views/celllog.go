package views

import (
	"bytes"
	"context"
)

// CellLog is what a run that is over said, drawn: it does not change any more.
type CellLog struct {
	HTML  string
	Empty bool // nothing to show
	Tall  bool // it wants folding
}

// DrawLog draws what a run said as its cell shows it.
func DrawLog(ctx context.Context, v RunView) (CellLog, error) {
	var html bytes.Buffer
	err := log(v).Render(ctx, &html)
	return CellLog{HTML: html.String(), Empty: v.Transcript.Empty(), Tall: v.Transcript.height() > foldHeight}, err
}

// Another is an empty transcript of another run, for the same reader. The two are
// not used by several goroutines.
func (t *Transcript) Another(run string) *Transcript {
	other := *t
	other.of = saidBy(run)
	other.blocks, other.seq, other.left, other.tables = nil, 0, 0, 0
	return &other
}
