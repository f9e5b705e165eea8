package main

import (
	"net/http"
	"testing"

	"mayfly/internal/testkit/browser"
)

// From a quick run to its notebook, back to it in the history, and out: in one
// browser, as one person would.
func TestAQuickRunBecomesANotebookAndTheAccountGoes(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	ada := signedIn(t, s, "Ada")
	ada.finish("print('something else')")
	tab := ada.browse(browser.Screen{})
	tab.Go("/")
	tab.Paste(editor, "needle = 6 * 7\nneedle")
	tab.Press("Run")
	tab.SeeIn("#quick-result .log", "42")
	tab.Press("Open as notebook")
	first := tab.At("/notebooks/*")
	tab.Go("/runs")
	tab.Type("#run-q", "NEEDLE")
	tab.Wait("document.querySelectorAll('.run-row').length === 1")
	tab.SeeIn(".run-row", "needle = 6 * 7")
	tab.Wait("location.search === '?q=NEEDLE' || location.search.includes('q=NEEDLE')")
	tab.Click(".run-line")
	tab.At("/runs/*")
	tab.Press("Open as notebook")
	if again := tab.At("/notebooks/*"); again != first {
		t.Errorf("pressed again it opened %s, not %s", again, first)
	}

	tab.Go("/settings")
	tab.SeeIn("#sessions", "This browser")
	tab.Press("Dark")
	tab.Wait("document.documentElement.dataset.theme === 'dark'")
	tab.Wait("getComputedStyle(document.body).backgroundColor === 'rgb(17, 24, 27)'")
	tab.Click(".switch")
	tab.Wait("document.querySelector('.switch').getAttribute('aria-checked') === 'false'")
	copied := tab.Download(func() { tab.Press("Download") })
	if copied.Name != "mayfly-data.zip" || len(copied.Data) < 500 {
		t.Errorf("the copy is %q, %d bytes", copied.Name, len(copied.Data))
	}
	tab.Type("#delete-confirm", "delete")
	tab.Press("Delete my account")
	tab.SeeIn(".notice", "Your account is deleted")
	if got := ada.get("/runs").status; got != http.StatusUnauthorized {
		t.Errorf("the session answers %d", got)
	}
}
