package main

import (
	"strconv"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// counted prints numbers until it is told to stop.
const counted = "import time\nfor i in range(100_000):\n    print(f'<{i}>', flush=True)\n    time.sleep(0.05)"

// inOrder checks that what a cell shows begins <0> <1> <2> and leaves none out.
func inOrder(t *testing.T, shown string) {
	t.Helper()
	lines := strings.Fields(shown)
	for i, line := range lines {
		if line != "<"+strconv.Itoa(i)+">" {
			t.Fatalf("line %d of %d is %q", i, len(lines), line)
		}
	}
	if len(lines) == 0 {
		t.Fatal("it shows nothing")
	}
}

// TestAPageOutlivesItsServer: a server that is killed during a stream is said to be
// away, once; the page finds the next one by itself and tells what became of the
// run, with all that it had said.
func TestAPageOutlivesItsServer(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	tab := signedIn(t, s, "Mira").browse(browser.Screen{StillMotion: true})
	tab.Expect("Failed to load resource")
	tab.Expect("htmx")
	newNotebook(tab, counted)
	tab.Keys(enter, browser.Ctrl)
	tab.SeeIn(cell(1, ".outputs"), "<20>")
	s.kill(t)
	for range 2 {
		tab.Click("[data-do=interrupt]")
		tab.SeeIn(".toast", "Mayfly cannot be reached")
	}
	if said := tab.Texts(".toast"); len(said) != 1 {
		t.Errorf("one fault has %d messages: %q", len(said), said)
	}
	lookAt(t, tab, "notebook-away")
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	tab.SeeIn(cell(1, ".cell-strip"), "lost")
	tab.Gone(".toast")
	inOrder(t, tab.Texts(cell(1, ".outputs .out-text"))[0])
	tab.Keys(enter, browser.Ctrl)
	tab.SeeIn(cell(1, ".cell-strip"), "running")
	tab.SeeIn(cell(1, ".outputs"), "<5>")
	inOrder(t, tab.Texts(cell(1, ".outputs .out-text"))[0])
}

// TestASessionThatEndsMidRunLosesNothing: the page says so, the text stays, the
// run goes on; whoever signs in again, in any tab, has both.
func TestASessionThatEndsMidRunLosesNothing(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	mira := signedIn(t, s, "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Expect("401")
	newNotebook(tab, counted, "second")
	tab.Keys("k")
	tab.Keys(enter, browser.Ctrl)
	tab.SeeIn(cell(1, ".outputs"), "<3>")
	s.database(t, "DELETE FROM sessions WHERE user_id = $1", mira.id)
	tab.Paste(cell(2, ".cell-editor"), "typed signed out")
	tab.SeeIn(".toast", "you are signed out")
	tab.SeeIn("#save-state", "Not saved")
	tab.Find("Sign in")
	if kept := browser.Ask[string](tab, "Object.entries(localStorage).filter(([k]) => k.startsWith('mayfly:cell:')).map(([, v]) => JSON.parse(v).text).join()"); kept != "typed signed out" {
		t.Errorf("the draft is %q", kept)
	}
	signedInAs(t, s, mira.id, "Mira").carry(tab)
	saved(tab)
	tab.Gone(".toast")
	before := browser.Ask[int](tab, "document.querySelector('#cells .outputs').innerText.length")
	tab.Wait("document.querySelector('#cells .outputs').innerText.length > " + strconv.Itoa(before))
	tab.Reload()
	haveTexts(tab, counted+"|typed signed out")
	tab.SeeIn(cell(1, ".cell-strip"), "running")
	inOrder(t, tab.Texts(cell(1, ".outputs .out-text"))[0])
	tab.Click(cell(1, "[data-do=stop]"))
	tab.SeeIn(cell(1, ".cell-strip"), "interrupted")
}

// full makes a browser of which no store takes anything.
const full = `(() => {
	const no = () => { throw new DOMException('no room', 'QuotaExceededError') }
	Storage.prototype.setItem = no
	IDBFactory.prototype.open = no
})()`

// TestABrowserWithoutRoomStillSaves: with no room for drafts what is typed goes to
// the server as ever; and while that is away the page says what to do.
func TestABrowserWithoutRoomStillSaves(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	tab.First(full)
	newNotebook(tab, "first")
	browser.Ask[bool](tab, "(window.send = fetch, window.fetch = () => Promise.reject(new TypeError('away')), true)")
	tab.Paste(cell(1, ".cell-editor"), "typed without room")
	tab.SeeIn(".toast", "this browser has no room for a draft. Keep this tab open until it says Saved.")
	tab.SeeIn("#save-state", "Not saved")
	browser.Ask[bool](tab, "(window.fetch = send, true)")
	tab.Press("Try again")
	saved(tab)
	tab.Gone(".toast")
	tab.Reload()
	haveTexts(tab, "typed without room")
}
