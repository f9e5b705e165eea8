package runner

import (
	"context"
	"errors"
	"io"
	"sync"

	"mayfly/models"
	"mayfly/sandbox"
)

// CellRuns asks for runs of a notebook's cells.
type CellRuns = models.CellRuns

// SubmitCells queues runs of a notebook's cells, in order, and returns at once.
func (r *Runner) SubmitCells(ctx context.Context, owner models.UserID, notebook models.NotebookID, ask CellRuns) ([]models.Run, error) {
	return r.Store.QueueCells(ctx, owner, notebook, ask)
}

// Restart ends the notebook's kernel, on whichever node it is. The next run has
// a fresh one and says what was lost.
func (r *Runner) Restart(ctx context.Context, owner models.UserID, notebook models.NotebookID) error {
	return r.Store.RestartKernel(ctx, owner, notebook)
}

// InterruptNotebook stops what a notebook runs and cancels what waits, on
// whichever node it is. Variables survive.
func (r *Runner) InterruptNotebook(ctx context.Context, owner models.UserID, notebook models.NotebookID) error {
	return r.Store.InterruptNotebook(ctx, owner, notebook)
}

var errStopping = errors.New("this node stops")

// loan is the kernel that one run uses: a fresh one, closed after it, or its
// notebook's, given back.
type loan struct {
	kernel sandbox.Kernel
	live   *liveKernel // nil for a one-shot
	notes  []string
	use    *models.KernelUse
}

// lend gives the run its kernel. What it returned with an error is still to be
// given back.
func (r *Runner) lend(ctx context.Context, run *models.Run) (*loan, error) {
	if run.NotebookID == nil {
		r.keeper.makeRoom(ctx)
		kernel, notes, err := r.open(ctx, run)
		return &loan{kernel: kernel, notes: notes}, err
	}
	if l := r.keeper.take(ctx, run); l != nil {
		l.shelf.lendTo(&shelf{runner: r, run: run})
		l.kernel.LimitWall(run.WallLimit)
		return &loan{kernel: l.kernel, live: l, use: &models.KernelUse{ID: l.row.ID, Idle: r.KernelIdle}}, nil
	}
	return r.openLive(ctx, run)
}

// openLive gives a notebook a fresh kernel, in which its live files lie, and
// tells what the one before took with it.
func (r *Runner) openLive(ctx context.Context, run *models.Run) (*loan, error) {
	row, before, err := r.Store.System().OpenKernel(ctx, run, r.Node)
	if err != nil {
		return &loan{}, err
	}
	r.keeper.makeRoom(ctx)
	lent := &loan{use: &models.KernelUse{ID: row.ID, Idle: r.KernelIdle}}
	reach := &lentShelf{}
	kernel, notes, err := r.openNotebook(ctx, run, reach)
	if err == nil {
		lent.kernel, lent.notes = kernel, append(farewell(before), notes...)
		lent.live, err = r.keeper.add(row, kernel, reach)
	}
	if err != nil {
		r.keeper.dropRow(ctx, row.ID)
	}
	return lent, err
}

// farewell tells of the kernel before, once: the next fresh one has another
// before it.
func farewell(before *models.Kernel) []string {
	if before == nil {
		return nil
	}
	words := "Mayfly: this is a fresh interpreter. " + before.Sentence()
	if lost := before.Lost(); lost != "" {
		words += " " + lost
	}
	return []string{words + "\n"}
}

// displays are those of the runs before in the same kernel; nil for a one-shot.
func (l *loan) displays() *displays {
	if l.live == nil {
		return nil
	}
	return &l.live.shown
}

// settle says in the verdict what the run did to its notebook's kernel.
func (l *loan) settle(verdict *models.Verdict, names []string, ours bool) {
	if l.use == nil {
		return
	}
	verdict.Kernel = l.use
	switch {
	case ours:
		l.use.Ended = models.EndedLost // nobody knows what it is in
	case isOver(l.kernel):
		l.use.Ended = models.KernelEnd(verdict.Ending)
		if verdict.Ending == models.OK || verdict.Ending == models.Raised {
			l.use.Ended = models.EndedKilled // right after it
		}
	default:
		l.use.Names = models.NamesOf(names)
	}
}

// giveBack ends the loan, after the verdict, which nobody shall wait longer for.
// A kernel whose run was given up is not used again.
func (r *Runner) giveBack(ctx context.Context, l *loan, written bool) {
	switch {
	case l == nil:
	case l.live == nil:
		r.close(ctx, l.kernel)
	case l.use.Ended == "" && !written:
		r.keeper.giveBack(ctx, l.live, models.EndedLost)
	default:
		r.keeper.giveBack(ctx, l.live, l.use.Ended)
	}
}

// openNotebook opens a kernel with the notebook's live files in its working
// folder.
func (r *Runner) openNotebook(ctx context.Context, run *models.Run, reach *lentShelf) (sandbox.Kernel, []string, error) {
	for try := 1; ; try++ {
		d := &desk{shelf: &shelf{runner: r, run: run}, laid: map[string]bool{}}
		files, err := r.Store.System().NotebookFiles(ctx, *run.NotebookID)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			d.lay(ctx, f, r.Limits.InputsMax)
		}
		reach.lendTo(d.shelf)
		spec := sandbox.Spec{Limits: r.Limits, Shelf: reach, Inputs: d.inputs}
		spec.Limits.Wall = run.WallLimit
		kernel, err := r.Sandbox.Open(ctx, spec)
		if models.CodeOf(err) != models.GoneCode || try == openTries {
			return kernel, d.notes, err
		}
	}
}

// lentShelf is a live kernel's shelf: that of the run which it serves.
type lentShelf struct {
	mu  sync.Mutex
	now *shelf
}

func (s *lentShelf) lendTo(run *shelf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = run
}

func (s *lentShelf) ofRun() *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// List returns every live file that the run sees.
func (s *lentShelf) List(ctx context.Context) ([]sandbox.Entry, error) { return s.ofRun().List(ctx) }

// Open finds a live file for the run.
func (s *lentShelf) Open(ctx context.Context, ref string) (sandbox.Entry, io.ReadCloser, error) {
	return s.ofRun().Open(ctx, ref)
}
