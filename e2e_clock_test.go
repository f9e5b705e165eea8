package main

import (
	"net/http"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// A server of its own, from its first second to its broken end: while Python
// warms up, while a file of a short life runs out, and with its tables gone.
func TestFromWarmingUpToABrokenDatabase(t *testing.T) {
	t.Parallel()
	s := startServer(t, map[string]string{"FILE_LIFETIME": "6s"})
	ada := signedIn(t, s, "Ada")
	if home := ada.get("/").body; !strings.Contains(home, "Python is still warming up") {
		t.Errorf("the first page of a fresh start does not say that Python warms up: %.3000s", home)
	}
	tab := ada.browse(browser.Screen{})
	tab.Go("/")
	path := ada.start("print('first answer')") // waits for Python by itself
	until(t, "the first run is answered", func() (bool, string) {
		page := ada.get(path).body
		return strings.Contains(page, "first answer</") && strings.Contains(page, "Done in"), page
	})
	if home := ada.get("/").body; strings.Contains(home, "warming up") {
		t.Error("Python is warm, and Home still says otherwise")
	}
	tab.Wait("document.querySelector('#warming').hidden") // by itself, on a page opened before
	aClockRunsOutByItself(t, ada, tab)

	s.database(t, "ALTER TABLE runs RENAME TO runs_away")
	tab.Expect("500")
	visit(t, tab, "500", "/runs", http.StatusInternalServerError)
	if a := ada.get("/runs"); strings.Contains(a.body, "runs_away") || strings.Contains(a.body, "SQLSTATE") || strings.Contains(a.body, "relation") {
		t.Errorf("the page tells what only the log should: %s", a.body)
	}
}

func aClockRunsOutByItself(t *testing.T, ada *person, tab *browser.Tab) {
	t.Helper()
	tab.Go("/")
	tab.Paste(editor, "open('brief.txt', 'w').write('soon gone')")
	tab.Press("Run")
	tab.SeeIn("#quick-result .chip", "brief.txt")
	browser.Ask[int](tab, `(window.sameDocument = 1, window.seen = new Set(), setInterval(() => {
		const clock = document.querySelector("#quick-result .chip expiry-clock .clock-time");
		if (clock) window.seen.add(clock.textContent);
	}, 50))`)
	tab.SeeIn("#quick-result .chip", "expired")
	if !browser.Ask[bool](tab, "window.sameDocument === 1 && window.seen.size >= 3") {
		t.Errorf("the clock showed only %v", browser.Ask[[]string](tab, "[...(window.seen ?? [])]"))
	}
	id := browser.Ask[string](tab, "document.querySelector('#quick-result .chip-main').pathname")
	if status := ada.get(id + "/content").status; status != http.StatusGone {
		t.Errorf("an expired file's content answers %d", status)
	}
	tab.Go("/files")
	tab.See("No files yet")
}
