package runner

import (
	"slices"

	"mayfly/models"
	"mayfly/sandbox"
)

// This file is what a log does with displays that change and output that is
// taken back (docs/adr/0025): at any moment it holds one bundle for each display,
// however often it changes.

// update puts new content into displays of this run and of earlier ones in the
// same kernel. It reports false for a name that nobody knows: that is shown anew.
func (rec *recorder) update(o sandbox.Output, size int64) bool {
	known := rec.changeEarlier(o, size)
	for _, old := range rec.named[o.ID] {
		rec.replace(old, o.Bundle, size)
		known = true
	}
	return known || rec.cleared // then it was taken back
}

// replace puts new content into one display of this run.
func (rec *recorder) replace(old *named, bundle map[string]string, size int64) {
	if rec.kept+size-old.size > logMax {
		rec.skipped += size
		return
	}
	rec.kept += size - old.size
	old.size = size
	for i := len(rec.pending) - 1; i >= rec.tried; i-- { // those may still change
		if row := &rec.pending[i]; row.Seq == old.seq || row.Replaces == old.seq {
			row.Bundle = bundle
			return
		}
	}
	rec.push(models.Output{Stream: string(sandbox.Display), Bundle: bundle, Replaces: old.seq})
}

// clear takes back all but notes, and so there is room again.
func (rec *recorder) clear() {
	waiting := slices.DeleteFunc(slices.Clone(rec.pending[rec.tried:]), func(row models.Output) bool {
		return row.Stream != string(sandbox.Note)
	})
	rec.pending = append(rec.pending[:rec.tried:rec.tried], waiting...)
	rec.rows, rec.kept, rec.skipped, rec.tail = rec.notes.rows, rec.notes.kept, 0, tail{}
	rec.named, rec.cleared = map[string][]*named{}, true
	rec.push(models.Output{Stream: string(sandbox.Clear)})
}

func bytesOf(row models.Output) int {
	return sizeOf(sandbox.Output{Text: row.Text, Bundle: row.Bundle})
}
