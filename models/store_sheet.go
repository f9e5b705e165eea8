package models

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// This file reads one notebook whole, past GORM and in one round trip: its page and
// its streams ask for it all the time, and a round trip costs more than a query.

// Sheet is all that a notebook's page shows, but for what its runs said and made.
type Sheet struct {
	*Notebook
	Files []File // as NotebookFiles returns them
	Bin   []Cell // deleted cells that can be brought back, with the beginning of their texts, the last first
	Usage Usage  // of its owner
}

// Sheet returns a notebook of the owner's as its page shows it; or not_found, also
// when it is in the bin.
func (s *Store) Sheet(ctx context.Context, owner UserID, id NotebookID) (*Sheet, error) {
	sheet := &Sheet{}
	err := s.notebook(ctx, owner, id, &sheet.Notebook, []string{panelFiles, binnedRows, "SELECT " + usageRow}, func(answers pgx.BatchResults) error {
		rows, err := answers.Query()
		if err == nil {
			sheet.Files, err = placedFiles(rows, owner)
		}
		if err == nil {
			rows, err = answers.Query()
		}
		if err == nil {
			sheet.Bin, err = binned(rows, id)
		}
		if err == nil {
			sheet.Usage, err = s.usageOf(answers.QueryRow())
		}
		return err
	})
	return sheet, err
}

// Notebook returns a notebook of the owner's with its cells in order, their last
// runs and validity, and its kernel; or not_found, also when it is in the bin.
func (s *Store) Notebook(ctx context.Context, owner UserID, id NotebookID) (n *Notebook, err error) {
	err = s.notebook(ctx, owner, id, &n, nil, func(pgx.BatchResults) error { return nil })
	return n, err
}

// notebook reads a notebook and whatever else is asked of it, in one round trip.
func (s *Store) notebook(ctx context.Context, owner UserID, id NotebookID, n **Notebook, more []string, read func(pgx.BatchResults) error) error {
	if !id.wellFormed() {
		return NotFound("notebook")
	}
	args := pgx.NamedArgs{"owner": owner, "id": id, "bin": BinTime.Seconds(), "cells": binnedCells, "files": notebookFiles}
	batch := &pgx.Batch{}
	for _, sql := range append([]string{notebookRow, cellRows, lastRunRows, kernelRow}, more...) {
		batch.Queue(sql, args)
	}
	answers := s.pool.SendBatch(ctx, batch)
	var err error
	if *n, err = readNotebook(answers, owner, id); err == nil {
		err = read(answers)
	}
	if closed := answers.Close(); err == nil {
		err = closed
	}
	return failed("read notebook", err)
}

// ownNotebook is the notebook, where it is its owner's and not deleted.
const ownNotebook = "notebooks WHERE id = @id AND user_id = @owner AND deleted_at IS NULL"

const (
	notebookRow = "SELECT name, facts, created_at, changed_at, from_run, now() FROM " + ownNotebook

	cellRows = `SELECT id, place, kind, text, digest, version, created_at, changed_at,
			EXISTS (SELECT FROM imports WHERE cell_id = cells.id AND outputs <> '')
		FROM cells WHERE notebook_id = (SELECT id FROM ` + ownNotebook + `) AND deleted_at IS NULL ORDER BY place`

	// lastRunRows is of each cell the newest run that was not cancelled, without its
	// code; beside it how long the one before took, whether a file that it read is
	// gone, and whether it left anything behind.
	lastRunRows = `SELECT last.*, now(), CASE last.state WHEN 'running' THEN (SELECT asked_at FROM questions WHERE run_id = last.id AND ` + open + `) END,
			coalesce((SELECT wall FROM runs WHERE cell_id = last.cell_id AND user_id = @owner AND state = 'done' AND ending <> 'cancelled'
				AND (queued_at, id) < (last.queued_at, last.id) ORDER BY queued_at DESC, id DESC LIMIT 1), 0),
			EXISTS (SELECT FROM run_inputs WHERE run_id = last.id AND NOT EXISTS (
				SELECT FROM files WHERE files.id = run_inputs.file_id AND user_id = @owner AND ` + live + `)),
			last.state <> 'queued' AND (EXISTS (SELECT FROM files WHERE run_id = last.id AND state <> 'pending')
				OR EXISTS (SELECT FROM refusals WHERE run_id = last.id))
		FROM cells CROSS JOIN LATERAL (SELECT ` + runFacts + ` FROM runs WHERE cell_id = cells.id AND user_id = @owner AND ending <> 'cancelled'
			ORDER BY queued_at DESC, id DESC LIMIT 1) AS last
		WHERE cells.notebook_id = @id AND cells.deleted_at IS NULL`

	runFacts = `id, cell_id, source, state, ending, return_code, exception, line, signal, wall_limit, memory_limit, wall, paused, cpu,
		peak_memory, output_bytes, log_bytes, digest, chain, count, changes, queued_at, started_at, finished_at, expires_at`

	kernelRow = `SELECT id, node, started_at, used_at, idle_until, names, ended_at, why, now(), ` + busy + ` FROM kernels
		WHERE user_id = @owner AND notebook_id = @id ORDER BY started_at DESC, id LIMIT 1`

	binnedRows = `SELECT id, place, kind, left(text, 200), deleted_at FROM cells WHERE notebook_id = (SELECT id FROM ` + ownNotebook + `)
		AND deleted_at > now() - make_interval(secs => @bin) ORDER BY deleted_at DESC, id LIMIT @cells`
)

// notebookFiles and binnedCells bound the lists beside a notebook.
const (
	notebookFiles = 200
	binnedCells   = 50
)

// readNotebook reads the answers in the order of the questions.
func readNotebook(answers pgx.BatchResults, owner UserID, id NotebookID) (*Notebook, error) {
	n := &Notebook{ID: id, UserID: owner}
	err := answers.QueryRow().Scan(&n.Name, &n.Facts, &n.CreatedAt, &n.ChangedAt, &n.FromRun, &n.ReadAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, NotFound("notebook")
	}
	var rows pgx.Rows
	if err == nil {
		rows, err = answers.Query()
	}
	if err == nil {
		err = n.scanCells(rows)
	}
	if err == nil {
		rows, err = answers.Query()
	}
	var gone map[RunID]bool
	if err == nil {
		gone, err = n.scanLastRuns(rows)
	}
	if err == nil {
		n.Kernel, err = scanKernel(answers.QueryRow(), owner, id)
	}
	if err != nil {
		return nil, err
	}
	judge(n.Cells, n.Kernel, gone)
	return n, nil
}

func (n *Notebook) scanCells(rows pgx.Rows) error {
	defer rows.Close()
	for rows.Next() {
		n.Cells = append(n.Cells, Cell{NotebookID: n.ID})
		c := &n.Cells[len(n.Cells)-1]
		if err := rows.Scan(&c.ID, &c.Place, &c.Kind, &c.Text, &c.Digest, &c.Version, &c.CreatedAt, &c.ChangedAt, &c.Brought); err != nil {
			return err
		}
	}
	n.CellCount = len(n.Cells)
	return rows.Err()
}

// scanLastRuns gives the cells their runs, and names those that read a file which
// is not there any more.
func (n *Notebook) scanLastRuns(rows pgx.Rows) (gone map[RunID]bool, err error) {
	defer rows.Close()
	at := make(map[CellID]*Cell, len(n.Cells))
	for i := range n.Cells {
		at[n.Cells[i].ID] = &n.Cells[i]
	}
	gone = map[RunID]bool{}
	for rows.Next() {
		r, before, lost := &Run{UserID: n.UserID, NotebookID: &n.ID}, time.Duration(0), false
		err := rows.Scan(&r.ID, &r.CellID, &r.Source, &r.State, &r.Ending, &r.ReturnCode, &r.Exception, &r.Line, &r.Signal, &r.WallLimit, &r.MemoryLimit,
			&r.Wall, &r.Paused, &r.CPU, &r.PeakMemory, &r.OutputBytes, &r.LogBytes, &r.Digest, &r.Chain, &r.Count, &r.Changes, &r.QueuedAt,
			&r.StartedAt, &r.FinishedAt, &r.ExpiresAt, &r.ReadAt, &r.AskedAt, &before, &lost, &r.Made)
		if err != nil {
			return nil, err
		}
		if c := at[*r.CellID]; c != nil { // one that was made since the cells were read has none
			c.Last, c.Previous = r, before
		}
		if lost {
			gone[r.ID] = true
		}
	}
	return gone, rows.Err()
}

func scanKernel(row pgx.Row, owner UserID, notebook NotebookID) (*Kernel, error) {
	k := &Kernel{UserID: owner, NotebookID: notebook}
	err := row.Scan(&k.ID, &k.Node, &k.StartedAt, &k.UsedAt, &k.IdleUntil, &k.Names, &k.EndedAt, &k.Why, &k.ReadAt, &k.Busy)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return k, err
}

func binned(rows pgx.Rows, notebook NotebookID) ([]Cell, error) {
	defer rows.Close()
	var cells []Cell
	for rows.Next() {
		cells = append(cells, Cell{NotebookID: notebook})
		c := &cells[len(cells)-1]
		if err := rows.Scan(&c.ID, &c.Place, &c.Kind, &c.Text, &c.DeletedAt); err != nil {
			return nil, err
		}
	}
	return cells, rows.Err()
}
