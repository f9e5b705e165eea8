package runner

import (
	"context"
	"maps"
	"slices"

	"github.com/dustin/go-humanize"

	"mayfly/models"
	"mayfly/sandbox"
)

// displays are those that the runs of one live kernel have shown and that a later
// run may change: where they stand, by their name. They are for whoever has the
// kernel's use, and end with the kernel: a name of the one before it is unknown, as
// is one of another notebook's.
type displays struct {
	places map[string][]place
	order  []string // the names, as they were first shown
}

// place is where a display stands: in a run that is over.
type place struct {
	run models.RunID
	seq int
}

// Bounds of what is remembered of a kernel's displays; the oldest go.
const (
	displaysMost = 1000 // names
	placesMost   = 5    // of one name: each is changed
)

// remember takes over the displays of a run that is over.
func (d *displays) remember(run models.RunID, named map[string][]*named) {
	if d == nil {
		return
	}
	if d.places == nil {
		d.places = map[string][]place{}
	}
	for _, id := range slices.Sorted(maps.Keys(named)) {
		all, known := d.places[id]
		for _, one := range named[id] {
			all = append(all, place{run, one.seq})
		}
		if !known {
			d.order = append(d.order, id)
		}
		d.places[id] = slices.Clone(all[max(0, len(all)-placesMost):])
	}
	for len(d.order) > displaysMost {
		delete(d.places, d.order[0])
		d.order = d.order[1:]
	}
}

// of is where displays of that name stand; none for a one-shot.
func (d *displays) of(id string) []place {
	if d == nil {
		return nil
	}
	return d.places[id]
}

// forget drops a place that is not there any more, and reports whether the name
// has another.
func (d *displays) forget(id string, gone place) bool {
	d.places[id] = slices.DeleteFunc(d.places[id], func(p place) bool { return p == gone })
	return len(d.places[id]) > 0
}

// changeEarlier keeps new content for displays of earlier runs until the next
// flush. Of what comes within one, the last counts. It reports false for a name
// that no earlier run knows.
func (rec *recorder) changeEarlier(o sandbox.Output, size int64) bool {
	if len(rec.earlier.of(o.ID)) == 0 {
		return false
	}
	waiting := int64(sizeOf(sandbox.Output{Bundle: rec.changes[o.ID]}))
	if rec.changing+size-waiting > logMax {
		rec.tellFull()
		return true
	}
	if rec.changes == nil {
		rec.changes = map[string]map[string]string{}
	}
	rec.changing += size - waiting
	rec.changes[o.ID] = o.Bundle
	return true
}

// tellFull says once that a display stayed as it was.
func (rec *recorder) tellFull() {
	if !rec.full {
		rec.full = true
		words := "Mayfly: a display of an earlier cell stayed as it was: its run would keep more than " + humanize.Bytes(logMax) + ".\n"
		rec.append(sandbox.Output{Stream: sandbox.Note, Text: words}, len(words))
	}
}

// changesAtOnce bounds the names in one transaction.
const changesAtOnce = 50

// flushChanges writes new content of earlier runs' displays.
func (rec *recorder) flushChanges(ctx context.Context) error {
	for {
		ids, updates := rec.takeChanges()
		if len(updates) == 0 {
			return nil
		}
		refused, err := rec.putChanges(ctx, updates)
		rec.changed(ids, updates, refused, err)
		if err != nil {
			return err
		}
	}
}

func (rec *recorder) putChanges(ctx context.Context, updates []models.DisplayUpdate) ([]error, error) {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return rec.store.System().UpdateDisplays(ctx, rec.run, updates, logMax)
}

// takeChanges is the next ones to write: the name of each, and what to write.
func (rec *recorder) takeChanges() (ids []string, updates []models.DisplayUpdate) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	taken := 0
	for id, bundle := range rec.changes {
		if taken++; taken > changesAtOnce {
			break
		}
		for _, p := range rec.earlier.of(id) {
			ids = append(ids, id)
			updates = append(updates, models.DisplayUpdate{Run: p.run, Seq: p.seq, Bundle: bundle})
		}
		delete(rec.changes, id)
		rec.changing -= int64(sizeOf(sandbox.Output{Bundle: bundle}))
	}
	return ids, updates
}

// changed takes note of what became of the changes: with an error they wait again,
// unless there is newer content. Content whose display is nowhere any more is shown
// as a display of this run, so that nothing is lost.
func (rec *recorder) changed(ids []string, updates []models.DisplayUpdate, refused []error, err error) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for i, u := range updates {
		o := sandbox.Output{Stream: sandbox.Display, ID: ids[i], Bundle: u.Bundle}
		switch {
		case err != nil:
			if _, newer := rec.changes[ids[i]]; !newer {
				rec.changeEarlier(o, int64(sizeOf(o)))
			}
		case models.CodeOf(refused[i]) == models.OverLimit:
			rec.tellFull()
		case refused[i] != nil && !rec.earlier.forget(ids[i], place{u.Run, u.Seq}):
			rec.take(o)
		}
	}
}
