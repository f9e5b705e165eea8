package main

import (
	"net/http"
	"net/url"
	"testing"

	"mayfly/internal/testkit/browser"
)

// inTheEditor is where the n-th cell's CodeMirror draws, in JavaScript.
const inTheEditor = "document.querySelector('#cells > li:nth-child(1) code-editor').shadowRoot"

// TestTheEditorDoesWhatEditorsDo: brackets close, several cursors type, search
// finds, lists go on and end; and with single keys off a letter is only a letter.
func TestTheEditorDoesWhatEditorsDo(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	newNotebook(tab, "", "second")
	tab.Keys("k")
	tab.Keys(enter)
	tab.Wait(inEditor(1))
	tab.Keys("print([")
	haveTexts(tab, "print([])|second")
	tab.Keys("1)") // the one that is there is typed over, the other is new
	haveTexts(tab, "print([1)])|second")
	tab.Type(cell(1, ".cell-editor"), "gold = gold + gold")
	tab.Keys("d", browser.Ctrl) // the word where one is
	tab.Keys("d", browser.Ctrl) // and the next like it
	tab.Keys("ore")
	tab.Wait(inTheEditor + ".querySelectorAll('.cm-cursor').length == 2")
	tab.Keys("f", browser.Ctrl)
	tab.Wait(inTheEditor + ".activeElement?.name == 'search'")
	tab.Keys("gold")
	tab.Wait(inTheEditor + ".querySelectorAll('.cm-searchMatch').length == 1")
	lookAt(t, tab, "editor-search")
	tab.Keys(escape)
	tab.Wait("!" + inTheEditor + ".querySelector('.cm-search')")
	tab.Wait(inEditor(1))
	saved(tab)

	tab.Keys(escape) // leaves one cursor
	tab.Keys(escape)
	tab.Wait(onCell(1))
	tab.Keys("m")
	tab.Wait("document.querySelector('#cells > li').dataset.kind == 'markdown'")
	for _, typed := range [][2]string{
		{"- one\r\rend", "- one\nend"}, {"1. one\rtwo\r\rend", "1. one\n2. two\nend"}, {"- one\r\ttwo\r\r\rend", "- one\n    - two\nend"}, {"2026 was\rfine", "2026 was\nfine"},
	} {
		tab.Keys(enter)
		tab.Wait(inEditor(1))
		tab.Keys("a", browser.Ctrl)
		tab.Keys("\u007f" + typed[0])
		haveTexts(tab, typed[1]+"|second")
		tab.Keys(escape)
		tab.Wait(onCell(1))
	}
	saved(tab)

	if a := mira.post("/settings/shortcuts", url.Values{"on": {"0"}}); a.status != http.StatusSeeOther {
		t.Fatalf("switching single keys off answered %d", a.status)
	}
	tab.Reload()
	tab.Click(cell(2, ".cell-strip"))
	tab.Keys("abddmkz?")
	tab.Keys(enter, browser.Ctrl)
	tab.SeeIn(cell(2, ".cell-strip"), "raised NameError")
	haveTexts(tab, "2026 was\nfine|second")
	tab.Wait(onCell(2) + " && !document.querySelector('dialog[open]')")
}
