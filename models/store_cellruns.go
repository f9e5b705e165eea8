package models

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Span says which cells of a notebook are run: one, or those around it too.
type Span string

// The spans. Cells without code are left out.
const (
	OneCell    Span = "one"
	AllCells   Span = "all"
	CellsAbove Span = "above" // before the cell
	CellsBelow Span = "below" // the cell and those after it
)

// CellRuns asks for runs of a notebook's cells.
type CellRuns struct {
	Cell    CellID // where the span stands; "" with AllCells
	Span    Span
	Source  Source
	FormKey string // "" makes runs at every call
	Wall    time.Duration
	Edit    *CellEdit // of the one cell, in the same moment: what is run is what was typed
}

// CellEdit is a text that is not saved yet.
type CellEdit struct {
	Version int // that the editor saw
	Text    string
}

// QueueCells queues a run for each cell of the span, in order, with the texts
// that they have now. A notebook's runs are worked one after the other; when one
// does not end ok, those that wait behind it are cancelled. However many wait,
// they take one place in their owner's queue.
//
// The same form key gives the same runs again. not_found is somebody else's
// notebook or cell, conflict an edit that is too late (see EditCell), over_limit
// a full queue. A span without any code is no fault: the edit is saved, and no run
// is queued.
func (s *Store) QueueCells(ctx context.Context, owner UserID, notebook NotebookID, ask CellRuns) ([]Run, error) {
	if err := ask.check(); err != nil {
		return nil, err
	}
	var runs []Run
	err := s.inTx(ctx, "queue cells", func(tx *tx) (err error) {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.lockNotebook(owner, notebook); err != nil {
			return err
		}
		if runs, err = tx.runsOfKey(owner, notebook, ask.FormKey); len(runs) > 0 || err != nil {
			return err
		}
		if err := tx.editFirst(owner, notebook, ask); err != nil {
			return err
		}
		if runs, err = tx.queueSpan(owner, notebook, ask, s.limits); err != nil {
			return err
		}
		if len(runs) == 0 {
			return tx.hint(Hint{User: owner, Notebook: notebook})
		}
		if err := tx.enqueueNext(ctx, owner, s.limits); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner, Notebook: notebook, Run: runs[0].ID})
	})
	return runs, err
}

func (ask CellRuns) check() error {
	switch {
	case !slices.Contains([]Span{OneCell, AllCells, CellsAbove, CellsBelow}, ask.Span):
		return Invalid("Run one cell, all of them, those above, or those below.")
	case ask.Span != AllCells && !ask.Cell.wellFormed():
		return NotFound("cell")
	case len(ask.FormKey) > maxFormKey-4 || !asksFor(ask.FormKey):
		return errFormKey
	case ask.Edit != nil && ask.Span == AllCells && ask.Cell == "":
		return Invalid("An edit is of one cell.")
	case ask.Edit != nil:
		return checkCellText(ask.Edit.Text)
	}
	return nil
}

var errFormKey = Invalid("The form's key is no key of ours. Reload the page and run it again.")

// runKey is the form key of the n-th run.
func (ask CellRuns) runKey(n int) string {
	if ask.FormKey == "" {
		return ""
	}
	return fmt.Sprintf("%s/%d", ask.FormKey, n)
}

// runsOfKey are the runs of a form that was sent before. A key of another
// notebook's form, or of a run without one, is invalid.
func (tx *tx) runsOfKey(owner UserID, notebook NotebookID, key string) (runs []Run, err error) {
	if key == "" {
		return nil, nil
	}
	keys := make([]string, MaxCells)
	for n := range keys {
		keys[n] = CellRuns{FormKey: key}.runKey(n)
	}
	err = tx.db.Raw(`SELECT *, now() AS read_at FROM runs WHERE user_id = ? AND form_key IN ?
		ORDER BY queued_at, id`, owner, keys).Scan(&runs).Error
	elsewhere := func(r Run) bool { return r.NotebookID == nil || *r.NotebookID != notebook }
	if slices.ContainsFunc(runs, elsewhere) { // a key is the owner's once, wherever it was used
		return nil, errFormKey
	}
	return runs, err
}

func (tx *tx) editFirst(owner UserID, notebook NotebookID, ask CellRuns) error {
	if ask.Edit == nil {
		return nil
	}
	c, err := tx.cell(owner, ask.Cell, "cells.deleted_at IS NULL")
	if err == nil && c.NotebookID != notebook {
		err = NotFound("cell")
	}
	if err != nil {
		return err
	}
	if err := tx.editCell(c, ask.Edit.Version, ask.Edit.Text); err != nil {
		return err
	}
	return tx.touched(owner, notebook)
}

// queueSpan writes the runs, none where there is no code. What earlier cells did to the state is what was run
// of them last; those that never ran are taken as they stand.
func (tx *tx) queueSpan(owner UserID, notebook NotebookID, ask CellRuns, limits Limits) ([]Run, error) {
	var cells []cellRan
	err := tx.db.Raw(`SELECT cells.*, (SELECT digest FROM runs WHERE cell_id = cells.id AND user_id = ? AND ending <> 'cancelled'
			ORDER BY queued_at DESC, id DESC LIMIT 1) AS ran
		FROM cells WHERE notebook_id = ? AND deleted_at IS NULL ORDER BY place`, owner, notebook).Scan(&cells).Error
	if err != nil {
		return nil, err
	}
	from, to, err := ask.bounds(cells)
	if err != nil {
		return nil, err
	}
	var runs []Run
	var digests []string
	for i, c := range cells[:to] {
		if c.Kind != CodeCell {
			continue
		}
		queued := i >= from && c.Digest != ""
		if c.Ran != nil && !queued {
			c.Digest = *c.Ran
		}
		if c.Digest == "" {
			continue
		}
		digests = append(digests, c.Digest)
		if queued {
			runs = append(runs, Run{CellID: &c.ID, Code: c.Text, Digest: c.Digest, Chain: chainOf(digests)})
		}
	}
	if len(runs) == 0 {
		return nil, nil
	}
	if err := tx.checkLine(owner, notebook, len(runs), limits); err != nil {
		return nil, err
	}
	return runs, tx.insertCellRuns(owner, notebook, ask, runs, limits)
}

// cellRan is a cell with the digest of what was run of it last, nil before that.
type cellRan struct {
	Cell
	Ran *string
}

// bounds are the cells of the span as indexes.
func (ask CellRuns) bounds(cells []cellRan) (from, to int, err error) {
	at := slices.IndexFunc(cells, func(c cellRan) bool { return c.ID == ask.Cell })
	if at < 0 && (ask.Span != AllCells || ask.Cell != "") {
		return 0, 0, NotFound("cell")
	}
	switch ask.Span {
	case CellsAbove:
		return 0, at, nil
	case CellsBelow:
		return at, len(cells), nil
	case AllCells:
		return 0, len(cells), nil
	}
	return at, at + 1, nil
}

// checkLine is checkQueue for a notebook: its line is one place in the queue, and
// no longer than a notebook.
func (tx *tx) checkLine(owner UserID, notebook NotebookID, more int, limits Limits) error {
	var line int
	err := tx.db.Raw("SELECT count(*) FROM runs WHERE notebook_id = ? AND state = 'queued'", notebook).Scan(&line).Error
	switch {
	case err != nil:
		return err
	case line+more > MaxCells:
		return overLimit("%d cells of this notebook wait already. Wait for some to end, or cancel them.", line)
	case line > 0:
		return nil
	}
	return tx.checkQueue(owner, limits)
}

// insertCellRuns writes them a microsecond apart, so that their order is theirs
// for ever: within a transaction the clock stands still.
func (tx *tx) insertCellRuns(owner UserID, notebook NotebookID, ask CellRuns, runs []Run, limits Limits) error {
	var latest time.Time
	err := tx.db.Raw(`SELECT greatest(now(), (SELECT max(queued_at) FROM runs WHERE notebook_id = ? AND state = 'queued'))`, notebook).Scan(&latest).Error
	if err != nil {
		return err
	}
	wall := ask.Wall
	if wall <= 0 {
		wall = limits.Wall
	}
	for i := range runs {
		r := &runs[i]
		var key *string
		if k := ask.runKey(i); k != "" {
			key = &k
		}
		err := tx.db.Raw(`INSERT INTO runs (id, user_id, source, code, state, wall_limit, memory_limit, form_key, expires_at,
				notebook_id, cell_id, digest, chain, queued_at)
			VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, now() + make_interval(secs => ?), ?, ?, ?, ?, ?) RETURNING *, now() AS read_at`,
			NewRunID(), owner, ask.Source, r.Code, int64(wall), limits.Memory, key, limits.FileLifetime.Seconds(),
			notebook, r.CellID, r.Digest, r.Chain, latest.Add(time.Duration(i+1)*time.Microsecond)).Scan(r).Error
		if err != nil {
			return err
		}
	}
	return nil
}
