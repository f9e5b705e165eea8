package main

import (
	"os"
	"path/filepath"
	"testing"

	"mayfly/internal/testkit/browser"
)

// Everything a person needs works in a browser that runs no scripts.
func TestScriptingOff(t *testing.T) {
	t.Parallel()
	s := withDiscord.get(t)
	tab := browser.Open(t, s.url, browser.Screen{NoScript: true})
	signInAtDiscord(tab, "300000000000000004")

	tab.Type("textarea[name=code]", "import time\nprint('begun', flush=True)\ntime.sleep(4)\nopen('plain.txt', 'w').write('plain words')\nprint('ended')")
	tab.Press("Run")
	tab.At("/runs/*")
	tab.SeeIn(".log", "begun") // by the page's own refreshes
	tab.SeeIn(".log", "ended")
	tab.See("Done in")

	tab.Click(".rail a[href='/files']")
	tab.SeeIn("table", "plain.txt")
	tab.Click("table a.file-link")
	tab.SeeIn("h1", "plain.txt")
	if got := tab.Download(func() { tab.Press("Download") }); got.Name != "plain.txt" || string(got.Data) != "plain words" {
		t.Errorf("downloaded %q: %q", got.Name, got.Data)
	}

	path := filepath.Join(t.TempDir(), "sent.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tab.Click(".rail a[href='/files']")
	tab.Click(".upload summary")
	tab.Choose("#upload-files", path)
	tab.Click("#upload-form button, .upload-form button")
	tab.SeeIn("table", "sent.csv")

	tab.Go("/files")
	tab.Click("tr:has([title='sent.csv']) a.file-link")
	tab.SeeIn("h1", "sent.csv")
	tab.Press("Delete")
	tab.At("/files")
	tab.SeeIn("table", "plain.txt")
	if tab.Shows("table", "sent.csv") {
		t.Error("a deleted file is still listed")
	}
}
