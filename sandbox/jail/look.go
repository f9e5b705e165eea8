package jail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"mayfly/sandbox"
)

// A look is a turn without code of the owner's: the same clock, the same
// checks, and nothing that is printed meanwhile reaches anybody. User code may
// run in it all the same, since a cell of a table prints itself.

// Page returns other rows of a table that was shown.
func (k *kernel) Page(ctx context.Context, of sandbox.PageOf) (*sandbox.Table, error) {
	seen, err := k.look(ctx, map[string]any{
		"at": "page", "table": cutBytes(valid(of.Table), 64), "from": max(0, of.From), "rows": bound(of.Rows, sandbox.PageRowsMax),
		"column": max(0, of.Column), "width": bound(of.Width, sandbox.PageColumnsMax),
	}, "")
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

func bound(n, most int) int { return min(max(1, n), most) }

// Complete names what could stand at the cursor.
func (k *kernel) Complete(ctx context.Context, code string, cursor int) (sandbox.Completion, error) {
	code = valid(code)
	characters := utf8.RuneCountInString(code)
	seen, err := k.look(ctx, map[string]any{"at": "complete", "cursor": min(max(0, cursor), characters)}, code)
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
func (k *kernel) look(ctx context.Context, at map[string]any, code string) (string, error) {
	if !k.use.TryLock() {
		return "", sandbox.ErrBusy
	}
	defer k.use.Unlock()
	if k.isOver() || k.bell < 0 {
		return "", fmt.Errorf("%w: it has ended", sandbox.ErrNoAnswer)
	}
	t, err := k.newTurn(ctx, nowhere{})
	if err != nil {
		return "", err
	}
	t.look, t.limit = at, sandbox.LookMax
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

// nowhere is where what is said during a look goes.
type nowhere struct{}

func (nowhere) Emit(sandbox.Output) error { return nil }

func (nowhere) Input(context.Context, sandbox.Question) (string, error) { return "", io.EOF }
