package runner

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"mayfly/models"
	"mayfly/sandbox"
)

// Bounds of a run's log (docs/operations.md).
const (
	flushEvery = 50 * time.Millisecond // how far behind the live page may be
	pieceMax   = 64 << 10              // bytes of text in one row
	pendingMax = 1 << 20               // bytes waiting in memory before Emit writes them itself
	logMax     = 10_000_000            // bytes kept of what a run says
	tailMax    = 64 << 10              // bytes of the end that are kept when there is more
)

// recorder writes one run's output as numbered rows: at most 50 ms late while
// it runs, and all of it at the end. It is the sandbox's IO for one Exec.
type recorder struct {
	store *models.Store
	run   *models.Run

	mu      sync.Mutex
	pending []models.Output
	size    int // bytes in pending
	seq     int
	kept    int64
	skipped int64
	tail    tail
	fault   error
	timer   *time.Timer
	closed  bool
}

func newRecorder(store *models.Store, run *models.Run) *recorder {
	return &recorder{store: store, run: run}
}

// Emit takes the next piece. It writes only when much is waiting; else a timer
// does.
func (rec *recorder) Emit(o sandbox.Output) error {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.fault != nil {
		return rec.fault
	}
	rec.take(clean(o))
	if rec.size >= pendingMax {
		rec.flush(context.Background())
		return rec.fault
	}
	if rec.timer == nil && len(rec.pending) > 0 {
		rec.timer = time.AfterFunc(flushEvery, rec.flushLater)
	}
	return nil
}

// Input answers input(): in a one-shot run nobody can.
func (rec *recorder) Input(context.Context, string) (string, error) { return "", io.EOF }

func (rec *recorder) take(o sandbox.Output) {
	size := sizeOf(o)
	if rec.kept+int64(size) > logMax {
		rec.skipped += int64(size)
		rec.tail.add(o)
		return
	}
	rec.append(o, size)
}

// append merges text of the same stream that is still waiting, so that a loop
// of prints is one row.
func (rec *recorder) append(o sandbox.Output, size int) {
	rec.kept += int64(size)
	rec.size += size
	if n := len(rec.pending); n > 0 && o.Bundle == nil {
		last := &rec.pending[n-1]
		if last.Stream == string(o.Stream) && last.Bundle == nil && len(last.Text)+size <= pieceMax {
			last.Text += o.Text
			return
		}
	}
	rec.seq++
	rec.pending = append(rec.pending, models.Output{RunID: rec.run.ID, Seq: rec.seq, Stream: string(o.Stream), Text: o.Text, Bundle: o.Bundle})
}

func (rec *recorder) flushLater() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.timer = nil
	if !rec.closed {
		rec.flush(context.Background())
	}
}

// flush is called with the lock held: rows must be written in their order.
func (rec *recorder) flush(ctx context.Context) {
	if rec.timer != nil {
		rec.timer.Stop()
		rec.timer = nil
	}
	if len(rec.pending) == 0 || rec.fault != nil {
		return
	}
	if err := rec.store.System().AppendOutputs(ctx, rec.run.ID, rec.pending); err != nil {
		rec.fault = fmt.Errorf("write output: %w", err)
		return
	}
	rec.pending, rec.size = nil, 0
}

// close writes what is left, and when the log was full, how much is missing
// and the end of it.
func (rec *recorder) close(ctx context.Context) error {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.closed = true
	if rec.skipped > 0 {
		words := fmt.Sprintf("Mayfly: %s of output are not kept here; a run's log holds %s. The end follows.\n",
			humanize.Bytes(uint64(max(0, rec.skipped-int64(rec.tail.size)))), humanize.Bytes(logMax))
		rec.append(sandbox.Output{Stream: sandbox.Note, Text: words}, len(words))
		for _, o := range rec.tail.pieces {
			rec.append(o, sizeOf(o))
		}
	}
	rec.flush(ctx)
	return rec.fault
}

// clean makes a piece what Postgres can store: its text type has no NUL.
func clean(o sandbox.Output) sandbox.Output {
	o.Text = storable(o.Text)
	for media, data := range o.Bundle {
		o.Bundle[media] = storable(data)
	}
	return o
}

func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\u2400")
}

func sizeOf(o sandbox.Output) int {
	size := len(o.Text)
	for media, data := range o.Bundle {
		size += len(media) + len(data)
	}
	return size
}

// tail keeps the last tailMax bytes of text.
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
	t.pieces = append(t.pieces, o)
	t.size += len(o.Text)
	for t.size > tailMax && len(t.pieces) > 1 {
		t.size -= len(t.pieces[0].Text)
		t.pieces = t.pieces[1:]
	}
}
