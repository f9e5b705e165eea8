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
	logs  map[string]views.CellLog
	order []string
	size  int
}

// drawnMost bounds all of it, in bytes.
const drawnMost = 32 << 20

// logKey names a log with all that changes how it is drawn.
func logKey(v *views.RunView) string {
	return fmt.Sprint(v.ID, v.Pages, v.Where, len(v.Around))
}

func (d *drawnLogs) get(key string) (views.CellLog, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l, found := d.logs[key]
	return l, found
}

func (d *drawnLogs) put(key string, l views.CellLog) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, found := d.logs[key]; found || len(l.HTML) > drawnMost/8 {
		return
	}
	if d.logs == nil {
		d.logs = map[string]views.CellLog{}
	}
	d.logs[key], d.order, d.size = l, append(d.order, key), d.size+len(l.HTML)+len(key)
	for d.size > drawnMost {
		first := d.order[0]
		d.size -= len(d.logs[first].HTML) + len(first)
		delete(d.logs, first)
		d.order = d.order[1:]
	}
}
