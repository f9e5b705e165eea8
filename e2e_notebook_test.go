package main

import (
	"fmt"
	"testing"

	"mayfly/internal/testkit/browser"
)

// cell is the n-th cell of a notebook's page, or a part of it.
func cell(n int, part string) string { return fmt.Sprintf("#cells > li:nth-child(%d) %s", n, part) }

// TestANotebookIsWrittenAndRun types into cells, runs them, and puts a cell in
// and takes it out.
func TestANotebookIsWrittenAndRun(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	tab.Go("/notebooks")
	tab.Press("New notebook")
	tab.At("/notebooks/*")
	tab.Paste(cell(1, ".cell-editor"), "x = 20 + 1\nprint('x is', x)")
	tab.Click(cell(1, "[data-do=run]"))
	tab.SeeIn(cell(1, ".cell-strip"), "done")
	tab.SeeIn(cell(1, ".outputs"), "x is 21")
	tab.SeeIn(".notebook-kernel-state", "Ready")
	tab.Press("Code")
	tab.Paste(cell(2, ".cell-editor"), "x * 2")
	tab.Click(cell(2, "[data-do=run]"))
	tab.SeeIn(cell(2, ".outputs"), "42")
	tab.Click(cell(1, "[data-do=delete]"))
	tab.SeeIn(cell(1, ".outputs"), "42")
	tab.Wait("document.querySelectorAll('#cells > li').length == 1")
	tab.Press("Undo")
	tab.SeeIn(cell(2, ".outputs"), "42")
	tab.SeeIn(cell(1, ".outputs"), "x is 21")
	lookAt(t, tab, "notebook")
}
