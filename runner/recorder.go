package runner

import (
	"fmt"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"mayfly/models"
	"mayfly/sandbox"
)

// Bounds of a run's log (docs/operations.md).
const (
	logMax   = 10_000_000 // bytes kept of what a run says
	rowsMax  = 20_000     // and rows: pieces of one byte cost more than their byte
	pieceMax = 64 << 10   // bytes of text in one row
)

// How the log is written.
const (
	flushEvery = 50 * time.Millisecond // how far behind the live page may be
	batchRows  = 1000                  // rows in one statement
	batchBytes = 1 << 20               // and about as much text
	writeTime  = 5 * time.Second       // for one statement, before the database counts as away
	retryEvery = time.Second           // while it is
)

// recorder takes down one run's output as numbered rows: at most 50 ms late
// while it runs, and all of it at the end. While the database is away it keeps
// what it has, which the bounds of the log keep small.
type recorder struct {
	store *models.Store
	run   *models.Run
	wake  chan struct{} // something is pending
	over  chan struct{} // nothing more will come
	ended chan struct{} // the writer has ended

	mu       sync.Mutex // guards what follows
	pending  []models.Output
	tried    int // of the pending rows: what may be written already does not change
	seq      int
	rows     int // that will be stored in the end
	kept     int64
	skipped  int64
	tail     tail
	notes    notes
	named    map[string][]*named // displays that may change later
	cleared  bool
	earlier  *displays                    // of the runs before in the same kernel; nil for a one-shot
	changes  map[string]map[string]string // what is to be shown in their place, by name
	changing int64                        // bytes of that
	full     bool                         // it was told that one of them could not change
	leaves   bool                         // the last rows are the verdict's to write, when they are few
	fault    error
}

// named is one display that may change: the number of its first row, and the
// bytes that it holds now.
type named struct {
	seq  int
	size int64
}

// notes is what clear_output() does not take back.
type notes struct {
	rows int
	kept int64
}

func newRecorder(store *models.Store, run *models.Run, earlier *displays) *recorder {
	rec := &recorder{
		store: store, run: run, named: map[string][]*named{}, earlier: earlier,
		wake: make(chan struct{}, 1), over: make(chan struct{}), ended: make(chan struct{}),
	}
	go rec.write()
	return rec
}

// Emit takes the next piece, and never waits for the database.
func (rec *recorder) Emit(o sandbox.Output) error {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if rec.fault != nil {
		return rec.fault
	}
	rec.take(o)
	nudge(rec.wake)
	return nil
}

// take keeps the piece, or once the log is full only the end of what is said.
func (rec *recorder) take(o sandbox.Output) {
	size := sizeOf(o)
	if o.Stream == sandbox.Clear {
		rec.clear()
		return
	}
	if o.Update && rec.update(o, int64(size)) {
		return
	}
	if rec.skipped > 0 || rec.kept+int64(size) > logMax || rec.rows >= rowsMax {
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
	if n := len(rec.pending); n > rec.tried && o.Bundle == nil && o.Stream != sandbox.Note {
		last := &rec.pending[n-1]
		if last.Stream == string(o.Stream) && last.Bundle == nil && len(last.Text)+size <= pieceMax {
			last.Text += o.Text
			return
		}
	}
	rec.push(models.Output{Stream: string(o.Stream), Text: o.Text, Bundle: o.Bundle, Value: o.Value})
	rec.rows++
	if o.ID != "" {
		places := append(rec.named[o.ID], &named{seq: rec.seq, size: int64(size)})
		rec.named[o.ID] = places[max(0, len(places)-placesMost):]
	}
	if o.Stream == sandbox.Note {
		rec.notes.rows, rec.notes.kept = rec.notes.rows+1, rec.notes.kept+int64(size)
	}
}

func (rec *recorder) push(row models.Output) {
	rec.seq++
	row.RunID, row.Seq = rec.run.ID, rec.seq
	rec.pending = append(rec.pending, row)
}

// close writes what is left, and when the log was full, how much is missing
// and the end of it. It returns the bytes that were kept.
func (rec *recorder) close() (kept int64, err error) {
	_, kept, err = rec.settle(false)
	return kept, err
}

// settle is close that leaves the last rows, when they are few, to be written with
// the verdict.
func (rec *recorder) settle(leaves bool) (last []models.Output, kept int64, err error) {
	rec.mu.Lock()
	rec.leaves = leaves
	if rec.skipped > 0 {
		words := fmt.Sprintf("Mayfly: %s of output are not kept here; a run's log holds %s. The end follows.\n",
			humanize.Bytes(uint64(max(0, rec.skipped-int64(rec.tail.size)))), humanize.Bytes(logMax))
		rec.append(sandbox.Output{Stream: sandbox.Note, Text: words}, len(words))
		for _, o := range rec.tail.pieces {
			rec.append(o, sizeOf(o))
		}
	}
	rec.mu.Unlock()
	close(rec.over)
	<-rec.ended
	return rec.pending, rec.kept, rec.fault
}

func sizeOf(o sandbox.Output) int {
	size := len(o.Text)
	for media, data := range o.Bundle {
		size += len(media) + len(data)
	}
	return size
}
