package jail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"mayfly/sandbox"
)

// A look is a turn without code of the owner's: the same clock, the same
// checks. User code may run in it all the same, since a cell of a table prints
// itself; that is muted inside. What else is printed meanwhile, by what a cell has
// left behind, is the next cell's to show.

// Page returns other rows of a table that was shown.
func (k *kernel) Page(ctx context.Context, of sandbox.PageOf) (*sandbox.Table, error) {
	seen, err := k.look(ctx, map[string]any{
		"at": "page", "table": cutBytes(valid(of.Table), 64), "from": max(0, of.From), "rows": bound(of.Rows, sandbox.PageRowsMax),
		"column": max(0, of.Column), "width": bound(of.Width, sandbox.PageColumnsMax),
	}, "", sandbox.LookMax)
	if err != nil {
		return nil, err
	}
	table, err := sandbox.ParseTable(seen)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", sandbox.ErrNoAnswer, err)
	}
	if table.ID != of.Table {
		return nil, sandbox.ErrNoAnswer
	}
	return table, nil
}

// Sheet returns a piece of a whole table as CSV.
func (k *kernel) Sheet(ctx context.Context, table string, from int) (*sandbox.Sheet, error) {
	at := map[string]any{"at": "csv", "table": cutBytes(valid(table), 64), "from": max(0, from)}
	seen, err := k.look(ctx, at, "", sandbox.SheetMax)
	if err != nil {
		return nil, err
	}
	return sandbox.ParseSheet(seen, max(0, from))
}

func bound(n, most int) int { return min(max(1, n), most) }

// Complete names what could stand at the cursor.
func (k *kernel) Complete(ctx context.Context, code string, cursor int) (sandbox.Completion, error) {
	code = valid(code)
	characters := utf8.RuneCountInString(code)
	seen, err := k.look(ctx, map[string]any{"at": "complete", "cursor": min(max(0, cursor), characters)}, code, sandbox.LookMax)
	if err != nil {
		return sandbox.Completion{}, err
	}
	var c sandbox.Completion
	if json.Unmarshal([]byte(seen), &c) != nil {
		return sandbox.Completion{}, sandbox.ErrNoAnswer
	}
	return c, c.Fit(characters)
}

// look asks, and returns the kernel's answer in JSON, unchecked.
// One that was begun goes on to its end, at most so long: who asks for another
// meanwhile, or closes the page, must not cost the owner the kernel.
func (k *kernel) look(ctx context.Context, at map[string]any, code string, most time.Duration) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if !k.use.TryLock() {
		return "", sandbox.ErrBusy
	}
	defer k.use.Unlock()
	if k.isOver() || k.bell < 0 {
		return "", fmt.Errorf("%w: it has ended", sandbox.ErrNoAnswer)
	}
	t, err := k.newTurn(context.WithoutCancel(ctx), &k.aside)
	if err != nil {
		return "", err
	}
	t.look, t.limit = at, most
	switch result, err := t.through(code); {
	case err != nil:
		return "", err
	case result.Ending != sandbox.OK || t.done == nil:
		return "", fmt.Errorf("%w: %s", sandbox.ErrNoAnswer, result.Ending)
	case t.done.Seen == "":
		return "", sandbox.ErrNotHeld
	default:
		return t.done.Seen, nil
	}
}

// aside keeps what comes between two cells for the next one. Guarded by use.
type aside struct {
	said []sandbox.Output
	size int
	lost int
}

// asideMax bounds it, in bytes.
const asideMax = 1 << 20

// Emit keeps text. A display in a look is nobody's.
func (a *aside) Emit(o sandbox.Output) error {
	switch {
	case o.Stream != sandbox.Stdout && o.Stream != sandbox.Stderr:
	case a.size+len(o.Text) > asideMax || len(a.said) >= asideMax/64:
		a.lost += len(o.Text)
	default:
		a.said, a.size = append(a.said, o), a.size+len(o.Text)
	}
	return nil
}

// Input answers nothing.
func (*aside) Input(context.Context, sandbox.Question) (string, error) { return "", io.EOF }

// catchUp begins a cell's output with what was set aside.
func (t *turn) catchUp() {
	a := t.k.aside
	t.k.aside = aside{}
	for _, o := range a.said {
		t.written += int64(len(o.Text))
		t.emit(o)
	}
	if a.lost > 0 {
		t.note("%s that was printed between two cells is not kept.", size(int64(a.lost)))
	}
}
