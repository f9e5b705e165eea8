package handlers

import (
	"fmt"
	"sync"

	"mayfly/views"
)

// drawnLogs keeps what runs that are over said, as it was drawn: drawing it takes
// most of the time of a notebook's page. Whoever asks has found the run, and that
// its outputs still live, as its owner. What was drawn first goes first.
type drawnLogs struct {
	mu    sync.Mutex
	logs  map[string]drawnLog
	order []string
	size  int
}

// drawnLog is one of them, as it was after so many changes.
type drawnLog struct {
	views.CellLog
	changes int
}

// drawnMost bounds all of it, in bytes.
const drawnMost = 32 << 20

// logKey names a log with all that changes how it is drawn.
func logKey(v *views.RunView) string {
	return fmt.Sprint(v.ID, v.Pages, v.Where, len(v.Around))
}

func (d *drawnLogs) get(v *views.RunView) (views.CellLog, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, found := d.logs[logKey(v)]
	return l.CellLog, found && l.changes == v.Changes
}

// put keeps a log in place of the one from before a change.
func (d *drawnLogs) put(v *views.RunView, l views.CellLog) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := logKey(v)
	older, found := d.logs[key]
	if found && older.changes >= v.Changes || len(l.HTML) > drawnMost/8 {
		return
	}
	if d.logs == nil {
		d.logs = map[string]drawnLog{}
	}
	if d.logs[key] = (drawnLog{l, v.Changes}); found {
		d.size += len(l.HTML) - len(older.HTML)
	} else {
		d.order, d.size = append(d.order, key), d.size+len(l.HTML)+len(key)
	}
	for d.size > drawnMost {
		first := d.order[0]
		d.size -= len(d.logs[first].HTML) + len(first)
		delete(d.logs, first)
		d.order = d.order[1:]
	}
}
