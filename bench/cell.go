package main

import (
	"context"
	"fmt"
	"sync"

	"mayfly/models"
)

// cells are the workers' notebooks: each worker has one, with a cell for each
// program, and a kernel that lives. The first run of a cell is not counted by
// anybody, so what is measured is a warm one.
type cells struct {
	*node

	mu    sync.Mutex
	pages map[int]models.NotebookID                      // by worker
	of    map[models.NotebookID]map[string]models.CellID // by program
}

func newCells(n *node) *cells {
	return &cells{node: n, pages: map[int]models.NotebookID{}, of: map[models.NotebookID]map[string]models.CellID{}}
}

// do runs the program's cell of the worker's notebook and waits for its result.
func (c *cells) do(ctx context.Context, p program, worker int) (func() error, error) {
	page, cell, warm, err := c.cellOf(ctx, p, worker)
	if err != nil {
		return nil, err
	}
	if !warm {
		if err := c.once(ctx, p, worker, page, cell); err != nil {
			return nil, err
		}
	}
	return nil, c.once(ctx, p, worker, page, cell)
}

func (c *cells) once(ctx context.Context, p program, worker int, page models.NotebookID, cell models.CellID) error {
	runs, err := c.runner.SubmitCells(ctx, person(worker), page, models.CellRuns{Cell: cell, Span: models.OneCell, Source: models.FromWeb})
	if err != nil {
		return err
	}
	c.clock.mark("submitted")
	run, err := c.runner.Await(ctx, person(worker), runs[0].ID)
	if err == nil && run.Ending != models.OK {
		err = fmt.Errorf("it ended %s (%s)", run.Ending, run.Exception)
	}
	return err
}

// cellOf finds or makes the worker's cell; a new one is not warm.
func (c *cells) cellOf(ctx context.Context, p program, worker int) (page models.NotebookID, cell models.CellID, warm bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	page, there := c.pages[worker]
	if !there {
		made, err := c.store.MakeNotebook(ctx, person(worker), models.NewNotebook{Name: "bench"})
		if err != nil {
			return "", "", false, err
		}
		page = made.ID
		c.pages[worker], c.of[page] = page, map[string]models.CellID{}
	}
	if cell, warm = c.of[page][p.name]; warm {
		return page, cell, true, nil
	}
	made, err := c.store.InsertCell(ctx, person(worker), page, 1, models.NewCell{Kind: models.CodeCell, Text: p.code})
	if err != nil {
		return "", "", false, err
	}
	c.of[page][p.name] = made.ID
	return page, made.ID, false, nil
}
