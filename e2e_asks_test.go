package main

import (
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
}
