package models

import (
	"time"

	"gorm.io/gorm"
)

// runFacts are the columns of a run in a list of cells: all but its code.
const runFacts = `id, user_id, source, state, ending, return_code, node, exception, line, signal, wall_limit, memory_limit, wall,
	paused, cpu, peak_memory, output_bytes, log_bytes, notebook_id, cell_id, digest, chain, count, changes, job_id, interrupt_at, queued_at,
	started_at, beat_at, finished_at, expires_at, trimmed_at`

// readLastRuns gives each cell its last run, how long the one before took, and
// its validity.
func readLastRuns(db *gorm.DB, owner UserID, n *Notebook) error {
	var last []*Run
	err := db.Raw(`SELECT last.*, now() AS read_at, (SELECT asked_at FROM questions WHERE run_id = last.id AND `+open+`) AS asked_at
		FROM cells CROSS JOIN LATERAL (SELECT `+runFacts+` FROM runs WHERE cell_id = cells.id AND user_id = ? AND ending <> 'cancelled'
			ORDER BY queued_at DESC, id DESC LIMIT 1) AS last
		WHERE cells.notebook_id = ? AND cells.deleted_at IS NULL`, owner, n.ID).Scan(&last).Error
	if err != nil || len(last) == 0 {
		judge(n.Cells, n.Kernel, nil)
		return err
	}
	of := make(map[CellID]*Run, len(last))
	for _, r := range last {
		of[*r.CellID] = r
	}
	var before []struct {
		CellID CellID
		Wall   time.Duration
	}
	err = db.Raw(`SELECT cells.id AS cell_id, before.wall FROM cells CROSS JOIN LATERAL (SELECT wall FROM runs
			WHERE cell_id = cells.id AND user_id = ? AND state = 'done' AND ending <> 'cancelled' ORDER BY queued_at DESC, id DESC
			LIMIT 1 OFFSET (SELECT (state = 'done')::int FROM runs WHERE cell_id = cells.id AND ending <> 'cancelled'
				ORDER BY queued_at DESC, id DESC LIMIT 1)) AS before
		WHERE cells.notebook_id = ? AND cells.deleted_at IS NULL`, owner, n.ID).Scan(&before).Error
	if err != nil {
		return err
	}
	previous := make(map[CellID]time.Duration, len(before))
	for _, b := range before {
		previous[b.CellID] = b.Wall
	}
	for i := range n.Cells {
		c := &n.Cells[i]
		c.Last, c.Previous = of[c.ID], previous[c.ID]
	}
	gone, err := runsWithoutInputs(db, owner, last)
	judge(n.Cells, n.Kernel, gone)
	return err
}

// runsWithoutInputs are those of the runs that read a file which is not there
// any more.
func runsWithoutInputs(db *gorm.DB, owner UserID, runs []*Run) (map[RunID]bool, error) {
	ids := make([]RunID, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	var without []RunID
	err := db.Raw(`SELECT DISTINCT run_id FROM run_inputs WHERE run_id IN ? AND NOT EXISTS (
		SELECT FROM files WHERE files.id = run_inputs.file_id AND user_id = ? AND `+live+`)`, ids, owner).Scan(&without).Error
	gone := make(map[RunID]bool, len(without))
	for _, id := range without {
		gone[id] = true
	}
	return gone, err
}
