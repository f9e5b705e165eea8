package main

import (
	"net/http"
	"testing"

	"mayfly/internal/testkit/browser"
)

// A short life lets the test see what takes two days otherwise. The same
// server breaks at the end: its tables go away.
func TestAClockTicksAndRunsOutByItself(t *testing.T) {
	t.Parallel()
	s := startServer(t, map[string]string{"FILE_LIFETIME": "6s"})
	ada := signedIn(t, s, "7001", "Ada")
	tab := ada.browse(browser.Screen{})
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
