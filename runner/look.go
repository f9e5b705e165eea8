package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/sandbox"
)

// lookWait is how long an answer from another node is waited for: what the
// kernel may take, and the way there and back.
const lookWait = sandbox.LookMax + 3*time.Second

// sheetWait is the same for a whole table.
const sheetWait = sandbox.SheetMax + 3*time.Second

// look is a question to a live kernel while nothing runs in it: one of the three.
type look struct {
	Page     *sandbox.PageOf `json:"page,omitempty"`
	Sheet    *sheetOf        `json:"sheet,omitempty"`
	Complete *cursor         `json:"complete,omitempty"`
}

// wait is how long its answer is waited for.
func (l look) wait() time.Duration {
	if l.Sheet != nil {
		return sheetWait
	}
	return lookWait
}

// sheetOf is a place in a whole table as CSV, in bytes.
type sheetOf struct {
	Table string `json:"table"`
	From  int    `json:"from"`
}

// cursor is a place in a text, in characters.
type cursor struct {
	Code string `json:"code"`
	At   int    `json:"at"`
}

// seen is the answer.
type seen struct {
	Table *sandbox.Table      `json:"table,omitempty"`
	Sheet *sandbox.Sheet      `json:"sheet,omitempty"`
	Names *sandbox.Completion `json:"names,omitempty"`
	Fault models.Code         `json:"fault,omitempty"`
}

// Page returns other rows of a table that a cell of the owner's notebook showed,
// from whichever node holds the kernel. gone means that it does not hold the
// table any more, busy that it runs something now, unavailable that it gave no
// answer.
func (r *Runner) Page(ctx context.Context, owner models.UserID, notebook models.NotebookID, of sandbox.PageOf) (*sandbox.Table, error) {
	answer, err := r.look(ctx, owner, notebook, look{Page: &of})
	if err == nil && answer.Table == nil {
		err = lookFault(models.Unavailable)
	}
	return answer.Table, err
}

// Table returns the rows of a table from the first on, of all columns that one
// page holds: at most so many rows. The terms are those of Page.
func (r *Runner) Table(ctx context.Context, owner models.UserID, notebook models.NotebookID, id string, most int) (*sandbox.Table, error) {
	of := sandbox.PageOf{Table: id, Rows: sandbox.PageRowsMax, Width: sandbox.PageColumnsMax}
	all, err := r.Page(ctx, owner, notebook, of)
	for err == nil && len(all.Body) < min(most, all.Rows) {
		of.From = len(all.Body)
		var next *sandbox.Table
		if next, err = r.Page(ctx, owner, notebook, of); err == nil && len(next.Body) == 0 {
			break // it became shorter
		}
		if err == nil {
			all.Body = append(all.Body, next.Body...)
		}
	}
	return all, err
}

// Sheet returns a piece of a whole table as CSV, as its own library writes it, from
// a byte on. The terms are those of Page; it takes sandbox.SheetMax at most.
func (r *Runner) Sheet(ctx context.Context, owner models.UserID, notebook models.NotebookID, table string, from int) (*sandbox.Sheet, error) {
	answer, err := r.look(ctx, owner, notebook, look{Sheet: &sheetOf{table, from}})
	if err == nil && answer.Sheet == nil {
		err = lookFault(models.Unavailable)
	}
	return answer.Sheet, err
}

// Complete names what could stand at a cursor of a cell, under the same terms.
// The cursor counts characters.
func (r *Runner) Complete(ctx context.Context, owner models.UserID, notebook models.NotebookID, code string, at int) (sandbox.Completion, error) {
	if len(code) > models.MaxCellText {
		return sandbox.Completion{}, models.Invalid("A cell holds 1 MB at most.")
	}
	answer, err := r.look(ctx, owner, notebook, look{Complete: &cursor{code, at}})
	if err != nil || answer.Names == nil {
		return sandbox.Completion{}, errors.Join(err, lookFault(models.Unavailable))
	}
	return *answer.Names, nil
}

func (r *Runner) look(ctx context.Context, owner models.UserID, notebook models.NotebookID, ask look) (seen, error) {
	kernel, err := r.Store.Kernel(ctx, owner, notebook)
	if err == nil && (kernel == nil || !kernel.Alive()) {
		err = models.Gone("The notebook has no live interpreter. Run a cell first.")
	}
	if err != nil {
		return seen{}, err
	}
	answer := seen{}
	if l := r.keeper.holds(kernel.ID); l != nil {
		answer = see(ctx, l.kernel, ask)
	} else if answer, err = r.lookFrom(ctx, owner, kernel, ask); err != nil {
		return seen{}, err
	}
	return answer, lookFault(answer.Fault)
}

// lookFrom asks another node.
func (r *Runner) lookFrom(ctx context.Context, owner models.UserID, kernel *models.Kernel, ask look) (answer seen, err error) {
	text, err := json.Marshal(ask)
	if err != nil {
		return answer, fmt.Errorf("look: %w", err)
	}
	changes := r.Hub.Watch(events.OfKernel(kernel.ID))
	defer changes.Close()
	asked, err := r.Store.AskKernel(ctx, owner, kernel.ID, string(text))
	if err != nil {
		return answer, err
	}
	late := time.NewTimer(ask.wait())
	defer late.Stop()
	for {
		told, err := r.Store.LookAnswer(ctx, owner, asked.ID)
		if err != nil {
			return answer, err
		}
		if told != nil {
			return answer, json.Unmarshal([]byte(*told), &answer)
		}
		select {
		case <-changes.C:
		case <-ctx.Done():
			return answer, ctx.Err()
		case <-late.C:
			return answer, lookFault(models.Unavailable)
		}
	}
}

// lookFault is nil for "".
func lookFault(code models.Code) error {
	switch code {
	case "":
		return nil
	case models.Busy:
		return &models.Error{Code: code, Message: "The notebook runs something. Try again when it is done."}
	case models.GoneCode:
		return models.Gone("The interpreter does not hold this table any more. Run the cell again.")
	}
	return &models.Error{Code: models.Unavailable, Message: "The interpreter gave no answer. Try again."}
}

// see asks a kernel that is here.
func see(ctx context.Context, kernel sandbox.Kernel, ask look) (answer seen) {
	var err error
	switch {
	case ask.Page != nil:
		answer.Table, err = kernel.Page(ctx, *ask.Page)
	case ask.Sheet != nil:
		answer.Sheet, err = kernel.Sheet(ctx, ask.Sheet.Table, ask.Sheet.From)
	case ask.Complete != nil:
		var names sandbox.Completion
		names, err = kernel.Complete(ctx, ask.Complete.Code, ask.Complete.At)
		answer.Names = &names
	default:
		err = sandbox.ErrNoAnswer
	}
	switch {
	case err == nil:
		return answer
	case errors.Is(err, sandbox.ErrBusy):
		return seen{Fault: models.Busy}
	case errors.Is(err, sandbox.ErrNotHeld):
		return seen{Fault: models.GoneCode}
	}
	return seen{Fault: models.Unavailable}
}

// holds returns the live kernel if it is on this node.
func (k *keeper) holds(id models.KernelID) *liveKernel {
	for _, l := range k.all() {
		if l.row.ID == id {
			return l
		}
	}
	return nil
}

// answerLooks answers what other nodes ask of a kernel. An asker whose answer
// cannot be written down waits no longer than lookWait.
func (k *keeper) answerLooks(ctx context.Context, l *liveKernel) {
	ctx, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	looks, err := k.Store.System().OpenLooks(ctx, l.row.ID)
	if err != nil {
		return
	}
	for _, asked := range looks {
		var ask look
		answer := seen{Fault: models.Unavailable}
		if json.Unmarshal([]byte(asked.Ask), &ask) == nil {
			answer = see(ctx, l.kernel, ask)
		}
		text, err := json.Marshal(answer)
		if err == nil {
			err = k.Store.System().AnswerLook(ctx, asked, string(text))
		}
		if err != nil {
			k.Logger.Warn("a look could not be answered", "kernel", l.row.ID, "cause", err)
			return
		}
	}
}
