package runner_test

import (
	"encoding/json"
	"slices"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
	"mayfly/sandbox"
)

func TestATableIsPagedAndANameCompletedFromAnyNode(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{Name: "holds"})
	web := node.New(t, node.Config{Name: "web", Pool: n.Pool, Blobs: n.Blobs})
	stranger := testkit.Person(t, n.Store, "43")
	book := n.Notebook(t, owner, "")
	_, err := web.Runner.Complete(t.Context(), owner, book.ID, "x", 1)
	wantFault(t, "before the first run", err, models.GoneCode)
	run := n.DoCell(t, book, "import pandas as pd\nlongish_name = pd.DataFrame({'a': range(1000)})\nlongish_name")
	mustSay(t, n, run, "")
	var shown sandbox.Table
	for _, o := range n.Outputs(t, run) {
		for _, data := range o.Bundle {
			if t, err := sandbox.ParseTable(data); err == nil && t.Rows == 1000 {
				shown = *t
			}
		}
	}
	for name, from := range map[string]*node.Node{"its own node": n, "another": web} {
		page, err := from.Runner.Page(t.Context(), owner, book.ID, sandbox.PageOf{Table: shown.ID, From: 900, Rows: 10, Width: 5})
		if err != nil || page.From != 900 || len(page.Body) != 10 {
			text, _ := json.Marshal(page)
			t.Errorf("%s: %s %v", name, text, err)
		}
		sheet, err := from.Runner.Sheet(t.Context(), owner, book.ID, shown.ID, 0)
		if err != nil || len(sheet.Data) != sheet.Size || string(sheet.Data[:10]) != ",a\n0,0\n1,1"[:10] {
			t.Errorf("%s: %+v %v", name, sheet, err)
		}
		_, err = from.Runner.Sheet(t.Context(), stranger, book.ID, shown.ID, 0)
		wantFault(t, name+", a stranger's", err, models.NotFoundCode)
		names, err := from.Runner.Complete(t.Context(), owner, book.ID, "longis", 6)
		if err != nil || !slices.Contains(names.Names, "longish_name") {
			t.Errorf("%s: %+v %v", name, names, err)
		}
		_, err = from.Runner.Page(t.Context(), owner, book.ID, sandbox.PageOf{Table: "no such", Rows: 1, Width: 1})
		wantFault(t, name+", a table that is not held", err, models.GoneCode)
		_, err = from.Runner.Page(t.Context(), stranger, book.ID, sandbox.PageOf{Table: shown.ID, Rows: 1, Width: 1})
		wantFault(t, name+", a stranger", err, models.NotFoundCode)
	}
	if k := n.Look(t, book).Kernel; !k.Alive() {
		t.Errorf("the kernel: %+v", k)
	}
	if left := count(t, n.Pool, "SELECT count(*) FROM looks"); left != 0 {
		t.Errorf("%d looks are left", left)
	}
	busy := n.QueueCell(t, book, "print('up')\nimport time\ntime.sleep(600)")
	n.Until(t, busy, "its first words", func() bool { return n.Said(t, busy, "stdout") == "up\n" })
	_, err = web.Runner.Complete(t.Context(), owner, book.ID, "x", 1)
	wantFault(t, "while it runs something", err, models.Busy)
	if err := web.Runner.InterruptNotebook(t.Context(), owner, book.ID); err != nil {
		t.Fatal(err)
	}
	mustEnd(t, n.Await(t, busy), models.Interrupted, 130)
}

func wantFault(t *testing.T, what string, err error, code models.Code) {
	t.Helper()
	if models.CodeOf(err) != code {
		t.Errorf("%s: %v, not %s", what, err, code)
	}
}
