package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
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
	tab.Click(cell(1, ".cell-strip")) // its tools are there then
	tab.Click(cell(1, "[data-do=delete]"))
	tab.SeeIn(cell(1, ".outputs"), "42")
	tab.Wait("document.querySelectorAll('#cells > li').length == 1")
	tab.Press("Undo")
	tab.SeeIn(cell(2, ".outputs"), "42")
	tab.SeeIn(cell(1, ".outputs"), "x is 21")
	tab.Type("#notebook-name", "Raid night")
	tab.Keys("\r")
	tab.Wait("document.title == 'Raid night · Mayfly' && document.activeElement.id != 'notebook-name'")
	lookAt(t, tab, "notebook")
}

// notebookOf makes a notebook of code cells for the person and returns its path.
func (p *person) notebookOf(texts ...string) string {
	p.t.Helper()
	path := p.post("/notebooks", url.Values{}).header.Get("Location")
	for i, text := range texts {
		p.post(path+"/cells", url.Values{"kind": {"code"}, "place": {fmt.Sprint(i + 1)}, "text": {text}})
	}
	return path
}

const slowTicks = `import time
secret = 'kept'
i = 0
while True:
    i += 1
    print('tick', i, flush=True)
    time.sleep(0.1)
`

// TestANotebookIsLiveEverywhere: a second tab sees runs, output, edits and the new
// order; a reload in the middle of a run loses nothing; stopping keeps variables,
// restarting says which are lost, and a question is answered under its cell.
func TestANotebookIsLiveEverywhere(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.notebookOf(slowTicks, "print(secret)", "name = input('Who? ')\nprint('hello', name)")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go(path)
	twin := tab.Twin()
	twin.Go(path)
	tab.Click(cell(1, "[data-do=run]"))
	twin.SeeIn(cell(1, ".outputs"), "tick 3") // by itself
	tab.SeeIn(cell(1, ".cell-strip"), "running")
	tab.Reload()
	tab.SeeIn(cell(1, ".outputs"), "tick 1 tick 2")
	tab.Click(cell(1, "[data-do=stop]"))
	for _, b := range []*browser.Tab{tab, twin} {
		b.SeeIn(cell(1, ".cell-strip"), "interrupted by you, after")
	}
	twin.Click(cell(2, "[data-do=run]"))
	tab.SeeIn(cell(2, ".outputs"), "kept")
	tab.Click(cell(3, ".cell-strip"))
	tab.Click(cell(3, "[data-do=up]"))
	twin.Wait("document.querySelector('" + cell(2, "textarea") + "').value.includes('Who?')")
	twin.SeeIn(cell(3, ".outputs"), "kept")
	tab.Click(cell(2, "[data-do=run]"))
	twin.SeeIn(cell(2, ".cell-strip"), "waiting for you")
	twin.Type(cell(2, ".question input[name=text]"), "Tomek")
	twin.Press("Answer")
	tab.SeeIn(cell(2, ".outputs"), "hello Tomek")
	tab.Click("[data-do=restart]")
	tab.SeeIn("dialog[open]", "secret") // it asks
	tab.Shoot("notebook-restart-asks")
	tab.Keys("\r")
	tab.Gone("dialog[open]")
	twin.SeeIn("#notebook-kernel", "You restarted the interpreter.")
	twin.SeeIn("#notebook-kernel", "secret")
	for _, b := range []*browser.Tab{tab, twin} {
		b.SeeIn(cell(3, ".cell-strip"), "stale from before the restart done")
	}
	tab.Click(cell(3, "[data-do=run]"))
	twin.SeeIn(cell(3, ".cell-strip"), "raised NameError")
	twin.SeeIn(cell(3, ".failure-where"), "cell 3, line 1")
}

// TestWhatHappensToANotebookIsSaid: a kernel that is killed under a cell, and the
// pages of a large table, each with a clear state.
func TestWhatHappensToANotebookIsSaid(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.notebookOf("import numpy as np, pandas as pd\npd.DataFrame(np.arange(5_000_000).reshape(10_000, 500))", "import os\nos._exit(3)", "1")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go(path)
	tab.Click(cell(1, "[data-do=run]"))
	tab.SeeIn(cell(1, ".table-pager"), "10,000 rows × 500 columns")
	tab.Click(cell(1, ".table-pager [aria-label='The rows after']"))
	tab.SeeIn(cell(1, ".table-pager"), "rows 21–40")
	tab.Click(cell(1, ".table-pager [aria-label='The columns after']"))
	tab.SeeIn(cell(1, ".table-pager"), "columns 51–100")
	tab.SeeIn(cell(1, "tbody"), "10050")
	whole := tab.Download(func() { tab.Click(cell(1, ".table-pager a[href$='as=csv']")) })
	if lines := bytes.Count(whole.Data, []byte("\n")); lines != 10_001 || !bytes.HasSuffix(whole.Data, []byte(",4999998,4999999\n")) {
		t.Errorf("%s has %d lines", whole.Name, lines)
	}
	tab.Click("[data-do=run-all]")
	tab.SeeIn(cell(2, ".cell-strip"), "killed")
	tab.SeeIn(cell(3, ".cell-strip"), "not run yet") // what waited behind it was cancelled
	tab.SeeIn("#notebook-kernel", "Lost")
	tab.SeeIn("#notebook-kernel", "the code or the system ended it")
	lookAt(t, tab, "notebook-killed")
	tab.Expect("410")
	tab.Click(cell(1, ".table-pager a[href$='as=csv']"))
	tab.SeeIn("h1", "Not the whole table")
	tab.See("What there is instead: 20 of 10,000 rows, the first 50 of 500 columns")
	lookAt(t, tab, "table-gone")
	shown := tab.Download(func() { tab.Press("Download what is shown") })
	if lines := bytes.Count(shown.Data, []byte("\n")); lines != 21 {
		t.Errorf("%s has %d lines", shown.Name, lines)
	}
}

// TestANotebookWithoutScript: a cell is written and run, its output is there after
// a reload, cells are moved, deleted and brought back, and files are found.
func TestANotebookWithoutScript(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{NoScript: true})
	tab.Go("/notebooks")
	tab.Press("New notebook")
	tab.At("/notebooks/*")
	tab.Type(cell(1, "textarea"), "print(6 * 7)\nopen('a.txt', 'w').write('a')")
	tab.Click(cell(1, "[data-do=run]"))
	tab.SeeIn(cell(1, ".outputs"), "42") // the page reloads itself until then
	tab.SeeIn(cell(1, ".cell-strip"), "done")
	tab.SeeIn("#notebook-files", "a.txt")
	tab.Click("[data-do=restart]")
	tab.Press("Restart")
	tab.SeeIn(cell(1, ".cell-strip"), "from before the restart")
	tab.Press("Text")
	tab.Type(cell(2, "textarea"), "## Read me")
	tab.Press("Done")
	tab.SeeIn(cell(2, ".cell-prose h2"), "Read me")
	tab.Click(cell(2, "[data-do=up]"))
	tab.SeeIn(cell(1, ".cell-prose h2"), "Read me")
	tab.Click(cell(1, "[data-do=delete]"))
	tab.SeeIn(cell(1, ".outputs"), "42")
	tab.Press("Undo")
	tab.SeeIn(cell(1, ".cell-prose h2"), "Read me")
	tab.Click(".chip-main")
	tab.At("/files/*")
}

// TestATextThatIsTooLongIsToldOnce: by the answer to its run, which is newer than
// what saving said of it.
func TestATextThatIsTooLongIsToldOnce(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Expect("400")
	tab.Go(mira.notebookOf("1"))
	tab.Paste(cell(1, ".cell-editor"), strings.Repeat("# far too long\n", 70_000))
	tab.SeeIn("#save-state", "Not saved")
	tab.SeeIn("#toasts", "1 MB at most")
	tab.Click(cell(1, "[data-do=run]"))
	tab.SeeIn("#toasts", "Put data into a file")
	tab.Wait("!document.querySelector('.htmx-request, .busy')")
	if said := tab.Texts("#toasts > toast-note"); len(said) != 1 {
		t.Errorf("one fault has %d messages: %q", len(said), said)
	}
}
