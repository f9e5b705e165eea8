package runner_test

import (
	"strings"
	"testing"

	"mayfly/internal/testkit/node"
	"mayfly/models"
)

// shows is what a run shows now, as one text, and how many rows that are.
func shows(t *testing.T, n *node.Node, run *models.Run) (text string, rows int) {
	t.Helper()
	outputs, err := n.Store.Outputs(t.Context(), run.UserID, run.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outputs {
		if o.Stream == "display" && o.Bundle != nil {
			text += o.Bundle["text/plain"] + ";"
		}
	}
	return text, len(outputs)
}

// TestADisplayOfAnEarlierCellChangesInPlace: where it stands, by its handle and by
// its name, however often; what nobody knows is shown where it was said, and a log
// stays within its bounds.
func TestADisplayOfAnEarlierCellChangesInPlace(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	book, other := n.Notebook(t, owner, ""), n.Notebook(t, owner, "")
	begin := "from IPython.display import display, update_display\n"
	first := n.DoCell(t, book, begin+"h = display('a', display_id='x')\ndisplay('stays', display_id='y')\nprint('text')")
	elsewhere := n.DoCell(t, other, begin+"display('theirs', display_id='x');")
	for _, step := range []struct{ code, first, own string }{
		{"h.update('b')", "'stays';'b';", ""},
		{"for i in range(2_000): h.update(i)\nprint('over')", "'stays';1999;", ""},
		{"update_display('by name', display_id='y')", "1999;'by name';", ""},
		{"update_display('new', display_id='unknown')", "1999;'by name';", "'new';"},
		{"update_display('x' * 11_000_000, display_id='x')", "1999;'by name';", ""},
		{"display('second', display_id='x');", "1999;'by name';", "'second';"},
		{"update_display('both', display_id='x')\n1/0", "'by name';'both';", ""},
	} {
		run := n.DoCell(t, book, step.code)
		own, _ := shows(t, n, run)
		if got, rows := shows(t, n, first); rows > 5 || got != step.first || own != step.own {
			t.Errorf("%.60q: the first cell shows %q in %d rows, its own %q", step.code, got, rows, own)
		}
		if strings.Contains(step.code, "000_000") && !strings.Contains(n.Said(t, run, "note"), "stayed as it was") {
			t.Errorf("it was told %q", n.Said(t, run, "note"))
		}
	}
	if got, _ := shows(t, n, elsewhere); got != "'theirs';" {
		t.Errorf("another notebook shows %q", got)
	}
	now, err := n.Store.Run(t.Context(), owner, first.ID)
	if err != nil || now.LogBytes > 200 || now.Changes < 4 {
		t.Errorf("the first run: %d bytes, %d changes, %v", now.LogBytes, now.Changes, err)
	}
	if err := n.Runner.Restart(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	run := n.DoCell(t, book, begin+"update_display('after', display_id='x')")
	own, _ := shows(t, n, run)
	if got, _ := shows(t, n, first); got != "'by name';'both';" || own != "'after';" {
		t.Errorf("after the restart the first cell shows %q, the last %q", got, own)
	}
}
