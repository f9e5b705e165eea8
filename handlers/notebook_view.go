package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"mayfly/models"
	"mayfly/views"
)

// How much of its cells' output a page of a notebook holds at once; the rest
// comes when it is looked at.
const (
	lateOutput = 256 << 10 // bytes of one run's output
	allOutput  = 4 << 20   // of all of them
)

// shownNotebook is a notebook as a page shows it, and what of that differs from
// what the reader has.
type shownNotebook struct {
	view   views.NotebookView
	usage  models.Usage // of its owner, for the frame around the page
	seen   seen
	change views.NotebookChange
}

// notebookReader reads one notebook for one reader, once or again and again.
type notebookReader struct {
	app   *App
	owner *models.User
	id    models.NotebookID
	live  map[models.RunID]*views.Transcript // of runs whose output changes
}

func (a *App) notebookReader(owner *models.User, id models.NotebookID) *notebookReader {
	return &notebookReader{app: a, owner: owner, id: id, live: map[models.RunID]*views.Transcript{}}
}

// readNotebook reads all that is shown, and compares it with what was seen.
func (a *App) readNotebook(ctx context.Context, owner *models.User, id models.NotebookID, before seen) (*shownNotebook, error) {
	return a.notebookReader(owner, id).read(ctx, before)
}

func (n *notebookReader) read(ctx context.Context, before seen) (*shownNotebook, error) {
	sheet, err := n.app.Store.Sheet(ctx, n.owner.ID, n.id)
	if err != nil {
		return nil, err
	}
	row := sheet.Notebook
	shown := &shownNotebook{view: n.app.notebookFacts(row), usage: sheet.Usage}
	shown.view.NoKeys = !n.owner.Shortcuts
	shown.view.Files, shown.view.Bin = withReady(fileLines(sheet.Files)), binnedCells(sheet.Bin)
	if err := n.addRuns(ctx, row, shown.view.Cells); err != nil {
		return nil, err
	}
	if err := n.addOutputs(ctx, row, shown.view.Cells, before); err != nil {
		return nil, err
	}
	if err := n.addImports(ctx, row, shown.view.Cells, before); err != nil {
		return nil, err
	}
	shown.compare(before)
	return shown, nil
}

// addRuns gives each cell its last run, with what it asks and the files it made.
func (n *notebookReader) addRuns(ctx context.Context, row *models.Notebook, cells []views.CellView) error {
	var made []models.RunID
	for _, c := range row.Cells {
		if c.Last != nil && c.Last.Made {
			made = append(made, c.Last.ID)
		}
	}
	files, refusals, err := n.app.Store.MadeBy(ctx, n.owner.ID, made)
	if err != nil {
		return err
	}
	for i, c := range row.Cells {
		if c.Last == nil {
			continue
		}
		run := runFacts(c.Last)
		run.UserName, run.Files, run.Refused = n.owner.Name, fileLines(files[c.Last.ID]), refusedFiles(refusals[c.Last.ID])
		run.Pages = ranIn(row.Kernel, c.Last)
		if err := n.app.addQuestion(ctx, n.owner.ID, c.Last, &run); err != nil {
			return err
		}
		if line := cells[i].ErrorLine; line > 0 {
			run.Where, run.Around = fmt.Sprintf("cell %d, line %d", c.Place, line), views.LinesAround(c.Text, line)
		}
		cells[i].Run = &run
	}
	return nil
}

// addOutputs gives what the runs said to those cells of which the reader has not
// seen it, and leaves large ones for later.
func (n *notebookReader) addOutputs(ctx context.Context, row *models.Notebook, cells []views.CellView, before seen) error {
	var ids []models.RunID
	room := int64(allOutput)
	for i, c := range row.Cells {
		switch {
		case c.Last == nil || c.Last.State == models.Queued:
		case c.Last.State == models.Running:
			if err := n.follow(ctx, c.Last, cells[i].Run); err != nil {
				return err
			}
		case before.hasOutput(cells[i]):
		case c.Last.Changes > 0 && before.showsOutput(cells[i]): // a later run changes it while it is looked at
			if err := n.follow(ctx, c.Last, cells[i].Run); err != nil {
				return err
			}
		case c.Last.LogBytes > lateOutput || c.Last.LogBytes > room:
			cells[i].Lazy = !cells[i].Run.OutputsExpired
		default:
			room -= c.Last.LogBytes
			ids = append(ids, c.Last.ID)
		}
	}
	return n.draw(ctx, cells, ids)
}

// draw gives the cells what these runs of theirs said. Nothing is read or drawn
// twice that does not change.
func (n *notebookReader) draw(ctx context.Context, cells []views.CellView, ids []models.RunID) error {
	missing := slices.DeleteFunc(ids, func(id models.RunID) bool {
		at := slices.IndexFunc(cells, func(c views.CellView) bool { return c.Run != nil && c.Run.ID == string(id) })
		drawn, found := n.app.logs.get(cells[at].Run)
		if found && !cells[at].Run.OutputsExpired {
			cells[at].Log = &drawn
		}
		return cells[at].Log != nil
	})
	outputs, err := n.app.Store.OutputsOf(ctx, n.owner.ID, missing)
	if err != nil {
		return err
	}
	blank := views.NewTranscript("", false)
	for i := range cells {
		run := cells[i].Run
		if run == nil || run.Transcript != nil || cells[i].Log != nil {
			continue
		}
		run.Transcript = blank.Another(run.ID)
		said, read := outputs[models.RunID(run.ID)]
		if !read {
			continue
		}
		run.Transcript.Add(outputRows(said)...)
		drawn, err := views.DrawLog(ctx, *run)
		if err != nil {
			return err
		}
		n.app.logs.put(run, drawn)
		cells[i].Log = &drawn
	}
	return nil
}

// followed bounds the runs that one reader follows.
const followed = 8

// follow goes on from what a run has said so far that still says more, or whose
// displays a later one changes.
func (n *notebookReader) follow(ctx context.Context, run *models.Run, v *views.RunView) error {
	t := n.live[run.ID]
	if t == nil {
		t = views.NewTranscript(string(run.ID), false)
		if len(n.live) >= followed {
			clear(n.live)
		}
		n.live[run.ID] = t
	}
	v.Transcript = t
	outputs, err := n.app.Store.Outputs(ctx, n.owner.ID, run.ID, t.Seq())
	t.Add(outputRows(outputs)...)
	return err
}

// notebookFacts is a notebook without what its runs said.
func (a *App) notebookFacts(n *models.Notebook) views.NotebookView {
	v := views.NotebookView{
		ID: string(n.ID), Name: n.Name, Limits: a.Limits, Python: a.Python, Packages: len(a.Packages()), FormKey: newFormKey(),
		At: n.ReadAt.UnixMicro(), Warming: cmp.Or(a.Refusing(), a.Warming()), Kernel: a.kernelView(n), Cells: make([]views.CellView, len(n.Cells)),
	}
	v.Live = v.Kernel.Alive()
	for i := range n.Cells {
		v.Cells[i] = cellView(n, i)
		v.Live = v.Live || n.Cells[i].Last != nil && n.Cells[i].Last.State != models.Done
	}
	return v
}

func cellView(n *models.Notebook, at int) views.CellView {
	c := &n.Cells[at]
	v := views.CellView{
		ID: string(c.ID), Notebook: string(n.ID), Kind: string(c.Kind), Text: c.Text, Version: c.Version, Place: c.Place, Of: len(n.Cells),
		Validity: string(c.Validity), Previous: c.Previous, FormKey: newFormKey(),
	}
	if c.Last == nil {
		return v
	}
	v.Exception, _, _ = strings.Cut(c.Last.Exception, ":")
	if c.Last.Ending == models.Raised && c.Last.Digest == c.Digest {
		v.ErrorLine = c.Last.Line
	}
	if c.Validity == models.Stale {
		v.Own, v.Before = madeStale(n, at)
		v.Left = leftBehind(n.Kernel, c.Last)
	}
	if c.Last.State == models.Queued {
		v.Line, v.Behind = lineOf(n, at)
	}
	return v
}

// madeStale finds what a stale cell's output does not fit any more: its own
// text, or the first cell above that is not what it was.
func madeStale(n *models.Notebook, at int) (own bool, before int) {
	c := n.Cells[at]
	if c.Last.Digest != c.Digest {
		return true, 0
	}
	for _, above := range n.Cells[:at] {
		if above.Kind != models.CodeCell {
			continue
		}
		if above.Last == nil && above.Digest != "" || above.Last != nil && (above.Last.Digest != above.Digest || above.Last.QueuedAt.After(c.Last.QueuedAt)) {
			return false, above.Place
		}
	}
	return false, 0
}

// lineOf is a waiting cell's place in its notebook's line, the running one
// counted, and the place of the cell before it; 0 and 0 when it is the first.
func lineOf(n *models.Notebook, at int) (line, behind int) {
	var ahead []models.Cell
	for _, c := range n.Cells {
		if c.Last != nil && c.Last.State != models.Done && c.Last.QueuedAt.Before(n.Cells[at].Last.QueuedAt) {
			ahead = append(ahead, c)
		}
	}
	if len(ahead) == 0 {
		return 0, 0
	}
	last := slices.MaxFunc(ahead, func(a, b models.Cell) int { return a.Last.QueuedAt.Compare(b.Last.QueuedAt) })
	return len(ahead) + 1, last.Place
}

func (a *App) notebookLines(all []*models.Notebook) []views.NotebookLine {
	lines := make([]views.NotebookLine, len(all))
	for i, n := range all {
		lines[i] = views.NotebookLine{
			ID: string(n.ID), Name: cmp.Or(n.Name, "Untitled"), Cells: n.CellCount, Changed: n.ChangedAt, Now: n.ReadAt,
			Kernel: a.kernelView(n), Until: n.BinnedUntil(),
		}
	}
	return lines
}

// wholeCell is a cell with all that its last run said, however much that is.
func (a *App) wholeCell(ctx context.Context, owner *models.User, c *models.Cell) (views.CellView, error) {
	row, err := a.Store.Notebook(ctx, owner.ID, c.NotebookID)
	if err != nil {
		return views.CellView{}, err
	}
	at := slices.IndexFunc(row.Cells, func(other models.Cell) bool { return other.ID == c.ID })
	if at < 0 || row.Cells[at].Last == nil {
		return views.CellView{}, models.NotFound("output")
	}
	v := cellView(row, at)
	run, err := a.runView(ctx, owner, row.Cells[at].Last, nil)
	v.Run = &run
	return v, err
}
