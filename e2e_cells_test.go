package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// Keys as chromedp names them.
const (
	enter  = "\r"
	escape = "\x1b"
	down   = "\u0301"
	up     = "\u0304"
)

// newNotebook opens a new notebook, whose cells hold the given code.
func newNotebook(tab *browser.Tab, cells ...string) {
	tab.Go("/notebooks")
	tab.Press("New notebook")
	tab.At("/notebooks/*")
	tab.Wait("customElements.get('notebook-page') && document.querySelector('code-editor').shadowRoot?.querySelector('.cm-content')")
	tab.Wait(inEditor(1)) // who has made one types at once
	for i, code := range cells {
		if i > 0 {
			tab.Keys("b")
			tab.Wait(isSelected(i + 1))
		}
		tab.Paste(cell(i+1, ".cell-editor"), code)
		tab.Keys(escape)
		tab.Wait(onCell(i + 1))
	}
	saved(tab)
}

func saved(tab *browser.Tab) { tab.SeeIn("#save-state", "Saved") }

// isSelected, onCell and inEditor say in JavaScript which cell is selected, and
// whether somebody is in its editor.
func isSelected(n int) string {
	return fmt.Sprintf("document.querySelector('#cells > li:nth-child(%d)[data-selected]')", n)
}

func onCell(n int) string {
	return isSelected(n) + " && document.activeElement == " + isSelected(n)
}

func inEditor(n int) string {
	return isSelected(n) + fmt.Sprintf(" && document.activeElement == document.querySelector('#cells > li:nth-child(%d) code-editor')", n)
}

// texts are the cells' texts, in order.
func texts(tab *browser.Tab) string {
	return strings.Join(browser.Ask[[]string](tab, "[...document.querySelectorAll('#cells > li code-editor')].map((e) => e.value)"), "|")
}

func haveTexts(tab *browser.Tab, want string) {
	tab.Wait(fmt.Sprintf("[...document.querySelectorAll('#cells > li code-editor')].map((e) => e.value).join('|') == %q", want))
}

// TestANotebookGoesByKeys walks through the keys of both modes.
func TestANotebookGoesByKeys(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	newNotebook(tab, "x = 20", "x + 1", "print('third', x)")
	tab.Keys("k")
	tab.Keys(up)
	tab.Wait(onCell(1))
	tab.Keys("j")
	tab.Wait(onCell(2))
	tab.Keys(enter, browser.Shift)
	tab.Wait(onCell(3))
	tab.SeeIn(cell(2, ".cell-strip"), "raised NameError") // x is not run yet
	tab.Wait("document.querySelector('#cells > li:nth-child(2) code-editor').shadowRoot.querySelector('.cm-wrongLine')")
	tab.Keys("k")
	tab.Keys("k")
	tab.Keys(enter)
	tab.Wait(inEditor(1))
	tab.Keys(enter, browser.Shift)
	tab.Keys(enter, browser.Ctrl)
	tab.Wait(onCell(2))
	tab.SeeIn(cell(2, ".outputs"), "21")
	haveTexts(tab, "x = 20|x + 1|print('third', x)")
	tab.Keys(enter, browser.Alt)
	tab.Wait(inEditor(3))
	tab.Type(cell(3, ".cell-editor"), "# new")
	tab.Keys(escape)
	tab.Keys("m")
	tab.Wait("document.querySelector('#cells > li:nth-child(3)').dataset.kind == 'markdown'")
	tab.Keys("y")
	tab.Wait("document.querySelector('#cells > li:nth-child(3)').dataset.kind == 'code'")
	haveTexts(tab, "x = 20|x + 1|# new|print('third', x)")
	tab.Keys(up, browser.Ctrl, browser.Shift)
	tab.SeeIn("#announcer", "Cell 3 moved to 2 of 4.")
	tab.Wait(onCell(2))
	haveTexts(tab, "x = 20|# new|x + 1|print('third', x)")
	tab.Keys("d")
	tab.Keys("d")
	haveTexts(tab, "x = 20|x + 1|print('third', x)")
	tab.Wait(onCell(2))
	tab.Keys("z")
	haveTexts(tab, "x = 20|# new|x + 1|print('third', x)")
	tab.Wait(onCell(2))
	tab.Keys("a")
	tab.Wait(onCell(2) + " && document.querySelectorAll('#cells > li').length == 5")

	tab.Keys("?")
	tab.SeeIn("dialog.keys", "Undo delete")
	lookAt(t, tab, "keys")
	tab.Keys("d")
	tab.Keys("d")
	tab.Keys(escape)
	tab.Gone("dialog.keys")
	tab.Click("#notebook-name")
	tab.Keys("b")
	tab.Keys("j")
	if n := browser.Ask[int](tab, "document.querySelectorAll('#cells > li').length"); n != 5 {
		t.Errorf("keys in a dialog or a field did something: %d cells", n)
	}
	tab.Keys("k", browser.Ctrl)
	tab.Type(".palette input", "run all")
	tab.Keys(enter)
	tab.SeeIn(cell(5, ".outputs"), "third 20")
	tab.Click(cell(3, ".cell-editor"))
	lookAt(t, tab, "notebook-keys")
}

// TestNothingTypedIsLost: what is typed is saved at a pause and on leaving; while
// the server is away it stays in the browser, and comes back from there.
func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	mira := signedIn(t, s, "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	newNotebook(tab, "first", "second")
	path := tab.At("/notebooks/*")
	tab.Reload()
	haveTexts(tab, "first|second")
	tab.Paste(cell(2, ".cell-editor"), "typed and left")
	tab.Reload()
	haveTexts(tab, "first|typed and left")
	saved(tab)

	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	tab.Expect("Failed to load resource")
	tab.Expect("htmx")
	tab.Paste(cell(2, ".cell-editor"), "typed with no server")
	tab.SeeIn("#save-state", "Not saved")
	tab.SeeIn(".toast", "Your draft is safe in this browser")
	lookAt(t, tab, "notebook-unsaved")
	tab.Away()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	tab.Go(path)
	haveTexts(tab, "first|typed with no server")
	saved(tab)
	tab.Reload()
	haveTexts(tab, "first|typed with no server")

	tab.Expect("401")
	s.database(t, "DELETE FROM sessions")
	tab.Paste(cell(1, ".cell-editor"), "typed signed out")
	tab.SeeIn(".toast", "you are signed out")
	tab.Press("Sign in")
	tab.See("Sign in on this machine")
	again := signedInAs(t, s, mira.id, "Mira")
	again.carry(tab)
	tab.Go(path)
	haveTexts(tab, "typed signed out|typed with no server")
	saved(tab)
}

// TestTwoTabsKeepBothTexts: a text that changed in another tab comes here by
// itself, and beside one that was typed here, for somebody to choose.
func TestTwoTabsKeepBothTexts(t *testing.T) {
	t.Parallel()
	here := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	here.Expect("409")
	newNotebook(here, "a = 1\nb = 2", "second")
	there := here.Twin()
	there.Expect("409")
	there.Go(here.At("/notebooks/*"))
	haveTexts(there, "a = 1\nb = 2|second")
	here.Paste(cell(1, ".cell-editor"), "a = 1\nb = here")
	saved(here)
	there.Paste(cell(1, ".cell-editor"), "a = 1\nb = there")
	there.SeeIn(".cell-conflict", "Changed in another tab")
	there.SeeIn(".cell-conflict-line[data-own]", "b = here")
	there.SeeIn(".cell-conflict-line[data-own]", "b = there")
	lookAt(t, there, "conflict")
	there.Keys(enter, browser.Ctrl)
	there.SeeIn("#announcer", "Choose one of the two texts first")
	there.Press("Keep both")
	haveTexts(there, "a = 1\nb = here|a = 1\nb = there|second")
	there.Gone(".cell-conflict")
	saved(there)

	there.Paste(cell(1, ".cell-editor"), "c = 3")
	saved(there)
	here.Paste(cell(1, ".cell-editor"), "c = 4")
	here.SeeIn(".cell-conflict", "Changed in another tab")
	here.Reload()
	here.SeeIn(".cell-conflict-line[data-own]", "c = 4") // both are kept until somebody chooses
	here.Press("Keep mine")
	here.Gone(".cell-conflict")
	saved(here)
	there.Reload()
	haveTexts(there, "c = 4|a = 1\nb = there|second")

	here.Paste(cell(1, ".cell-editor"), "d = 5")
	saved(here)
	there.Paste(cell(1, ".cell-editor"), "d = 6")
	there.Press("Take theirs")
	haveTexts(there, "d = 5|a = 1\nb = there|second")
	there.Gone(".cell-conflict")
	there.Wait(onCell(1))
	saved(there)
}

// holdSaves keeps what a page saves from going off until it is let go.
const holdSaves = `(() => {
	const send = fetch
	window.fetch = (url, how) => String(url).endsWith('/text') ? new Promise((done) => (window.letGo = () => done(send(url, how)))) : send(url, how)
	return true
})()`

// TestTextOfACellThatIsGoneIsOffered: somebody types in a cell that is deleted in
// another tab before that is saved; the text outlives a reload, and comes back in
// a cell of its own.
func TestTextOfACellThatIsGoneIsOffered(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Expect("404")
	newNotebook(tab, "first", "second", "third")
	browser.Ask[bool](tab, holdSaves)
	tab.Paste(cell(2, ".cell-editor"), "typed, not saved")
	tab.Wait("window.letGo")
	id := browser.Ask[string](tab, "document.querySelector('#cells > li:nth-child(2)').dataset.cell")
	if a := mira.post("/cells/"+id+"/delete", url.Values{}); a.status != http.StatusSeeOther {
		t.Fatalf("the cell's deletion answered %d", a.status)
	}
	browser.Ask[bool](tab, "(letGo(), true)")
	tab.SeeIn(".toast", "Cell 2 was deleted before what you typed was saved. It is kept here: typed, not saved")
	haveTexts(tab, "first|third")
	tab.SeeIn("#save-state", "Not saved")
	lookAt(t, tab, "lone-text")
	tab.Reload()
	tab.SeeIn(".toast", "typed, not saved")
	tab.Press("Put it back")
	haveTexts(tab, "first|typed, not saved|third")
	tab.Wait(inEditor(2))
	tab.Gone(".toast")
	saved(tab)
	tab.Reload()
	haveTexts(tab, "first|typed, not saved|third")
	tab.Gone(".toast")
}

// TestTheEditorCompletesAndCellsAreDragged: names come from the notebook and,
// after a dot, from the live interpreter; a cell follows the mouse.
func TestTheEditorCompletesAndCellsAreDragged(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	tab.Expect("410") // there is no interpreter yet
	newNotebook(tab, "import math\nlighthouse = math.pi", "")
	tab.Keys(enter)
	tab.Wait(inEditor(2))
	offered := func(n int) string {
		return fmt.Sprintf("[...document.querySelector('#cells > li:nth-child(%d) code-editor').shadowRoot.querySelectorAll('.cm-tooltip-autocomplete li')].map((o) => o.textContent).join(' ')", n)
	}
	tab.Keys("light")
	tab.Wait(offered(2) + ".includes('lighthouse')")
	tab.Keys("\t")
	haveTexts(tab, "import math\nlighthouse = math.pi|lighthouse")
	tab.Keys(escape)
	tab.Keys("k")
	tab.Keys(enter, browser.Ctrl)
	tab.SeeIn(cell(1, ".cell-strip"), "done")
	tab.Keys("j")
	tab.Keys(enter)
	tab.Keys(".is_int")
	tab.Wait(offered(2) + ".includes('is_integer')")
	tab.Keys("\t")
	haveTexts(tab, "import math\nlighthouse = math.pi|lighthouse.is_integer")
	saved(tab)
	tab.Click(cell(2, ".cell-strip"))
	tab.Drag(cell(2, "[data-handle]"), cell(1, "[data-do=run]"))
	haveTexts(tab, "lighthouse.is_integer|import math\nlighthouse = math.pi")
	tab.SeeIn("#announcer", "Cell 2 moved to 1 of 2.")
}
