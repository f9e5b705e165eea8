package main

import (
	"net/http"
	"testing"

	"mayfly/internal/testkit/browser"
)

// TestThePaletteFindsAndDoesAnything: on any page Ctrl+K finds a file by the
// letters of its name, leads to pages, presses the page's buttons, and gives the
// focus back.
func TestThePaletteFindsAndDoesAnything(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	mira.finish("for n in ('raid_dps_by_class.png', 'raid_attendance.csv', 'other.txt'):\n    open(n, 'w').write(n)")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go("/runs")
	tab.Keys("k", browser.Ctrl)
	tab.SeeIn("dialog.palette", "raid_attendance.csv")
	tab.Type(".palette input", "rdclass")
	tab.SeeIn(".palette-row[aria-selected=true]", "raid_dps_by_class.png")
	tab.Gone(".palette-row:not([aria-selected=true])")
	tab.Type(".palette input", "raid")
	tab.SeeIn(".palette-row", "raid_attendance.csv")
	lookAt(t, tab, "palette")
	tab.Keys("\r")
	tab.At("/files/*")
	tab.SeeIn("h1", "raid_")

	tab.Go("/")
	tab.Paste(editor, "print('kept')")
	tab.Keys("k", browser.Ctrl)
	tab.Type(".palette input", "nothing like it")
	tab.SeeIn(".palette-none", "Nothing by that name")
	tab.Keys("\x1b")
	tab.Gone(".palette")
	tab.Wait("document.querySelector('code-editor').shadowRoot.activeElement?.matches('.cm-content')")
	tab.Keys("k", browser.Ctrl)
	tab.Type(".palette input", "run")
	tab.SeeIn(".palette-row[aria-selected=true]", "Run")
	tab.Keys("\r")
	tab.SeeIn("#quick-result .log", "kept")
	tab.Keys("k", browser.Ctrl)
	tab.Type(".palette input", "sett")
	tab.Keys("\r")
	if path := tab.At("/settings"); path != "/settings" {
		t.Error(path)
	}
	if status := tab.Go("/find?q=raid"); status != http.StatusOK || !tab.Shows(".file-list", "raid_attendance.csv") {
		t.Errorf("the address of the palette's questions leads nowhere: %d", status)
	}
}

// TestWhatIsTypedBeforeTheEditorComesStays: keys that fall into the text field
// while the editor is still on its way are in the editor, with focus and caret.
func TestWhatIsTypedBeforeTheEditorComesStays(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go("/")
	tab.Paste(editor, "a draft of before")
	tab.First(`const define = customElements.define.bind(customElements)
		customElements.define = (name, its) => name === 'code-editor' ? (window.come = () => define(name, its)) : define(name, its)`)
	tab.Reload()
	tab.Type("code-editor textarea", "typed early")
	browser.Ask[bool](tab, "(come(), true)")
	tab.Wait("document.querySelector('code-editor').shadowRoot?.activeElement?.matches('.cm-content')")
	if text := browser.Ask[string](tab, "document.querySelector('code-editor').value"); text != "typed early" {
		t.Errorf("the editor holds %q", text)
	}
	tab.Keys("z", browser.Ctrl)
	if text := browser.Ask[string](tab, "document.querySelector('code-editor').value"); text != "a draft of before" {
		t.Errorf("undo brings %q", text)
	}
}
