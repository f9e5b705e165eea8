package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"mayfly/internal/testkit/browser"
)

// inAnswer says in JavaScript that somebody is in the box of a question.
const inAnswer = "document.activeElement.matches('.question input[name=text]')"

// TestANotebookAsksWhereOneIs: the box of a question takes the focus of who waits
// for it, gives it back to the cell, and takes it from nobody who types elsewhere.
// A cell without code runs without a word.
func TestANotebookAsksWhereOneIs(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	newNotebook(tab, "a = input('First? ')\nb = input('Second? ')\nprint('got', a, b)", "second", "")
	tab.Keys("k")
	tab.Keys("k")
	answer := func(first, second string) {
		t.Helper()
		tab.SeeIn(cell(1, ".question"), "First?")
		tab.Wait(inAnswer)
		tab.Keys(first + enter)
		tab.SeeIn(cell(1, ".question"), "Second?")
		tab.Wait(inAnswer)
		tab.Keys(second + enter)
		tab.SeeIn(cell(1, ".outputs"), "got "+first+" "+second)
		tab.Wait(onCell(1))
		tab.SeeIn(cell(1, ".cell-strip"), "done")
	}
	tab.Keys(enter, browser.Ctrl)
	answer("dd", "jk")
	tab.Keys(enter, browser.Shift) // which goes on to the next cell
	answer("Ada", "Bob")

	tab.Keys(enter, browser.Ctrl)
	tab.Wait(inAnswer)
	lookAt(t, tab, "notebook-asks")
	form := browser.Ask[string](tab, "document.querySelector('.question').getAttribute('action')")
	tab.Click(cell(2, ".cell-editor"))
	if a := mira.post(form, url.Values{"question": {"1"}, "text": {"x"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the answer: %d", a.status)
	}
	tab.SeeIn(cell(1, ".question"), "Second?")
	tab.Wait(inEditor(2))
	tab.Keys(escape)
	tab.Type(cell(1, ".question input[name=text]"), "y")
	tab.Keys(enter)
	tab.SeeIn(cell(1, ".outputs"), "got x y")
	tab.Wait(onCell(1))

	tab.Click(cell(3, "[data-do=run]"))
	tab.SeeIn("#announcer", "Nothing to run")
	tab.Gone(".toast")
	tab.SeeIn(cell(3, ".cell-strip"), "not run yet")

	tab.Type("#notebook-name", "Questions")
	tab.Keys(enter)
	tab.Wait(onCell(3))
	tab.SeeIn("h1", "Questions")
}

// TestANotebookOnAPhone: tools are there for the cell that somebody is at, beside
// what it says of itself, and its files are one press away.
func TestANotebookOnAPhone(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.notebookOf("x = 1\nopen('numbers.csv', 'w').write('a,b')", "print('it has a line that is longer than the phone is wide', x)")
	tab := mira.browse(browser.Screen{StillMotion: true, Phone: true})
	tab.Go(path)
	tab.Press("Run all")
	tab.SeeIn(cell(2, ".outputs"), "it has a line")
	tab.Paste(cell(1, ".cell-editor"), "x = 2\nopen('numbers.csv', 'w').write('a,b')")
	tab.SeeIn(cell(2, ".cell-strip"), "stale")
	for n := 1; n <= 2; n++ {
		tab.Click(cell(n, ".cell-strip .cell-sign"))
		cut := browser.Ask[[]string](tab, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)`, cell(n, ".cell-strip :is(.cell-sign, .cell-sign + .cell-facts:not(:last-child))")))
		over := browser.Ask[[]string](tab, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => {
			const box = e.getBoundingClientRect()
			return document.elementFromPoint(box.right - 1, box.top + box.height / 2).closest('.cell-tools, .cell-gutter')
		}).map((e) => e.textContent)`, cell(n, ".cell-strip .cell-sign")))
		if len(cut)+len(over) > 0 {
			t.Errorf("of cell %d these are cut: %q, and these covered: %q", n, cut, over)
		}
	}
	lookAt(t, tab, "notebook-stale")
	tab.Look(browser.Screen{StillMotion: true, Phone: true})
	tab.Pull(cell(2, "[data-handle]"), cell(1, ".cell-editor"))
	tab.SeeIn("#announcer", "Cell 2 moved to 1 of 3.")
	tab.Wait("document.querySelector('#cells > li textarea').value.startsWith('print')")
	tab.SeeIn(".notebook-to-files", "Files 1")
	tab.Press("Files 1")
	tab.Wait("document.querySelector('#notebook-files').getBoundingClientRect().top < innerHeight / 2")
}
