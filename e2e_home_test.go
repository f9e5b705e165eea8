package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// The README's first five clicks, on a server that has no Discord settings.
func TestTheSampleOfAFirstVisit(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	s.database(t, "DELETE FROM users WHERE id = '1'") // whom a repeated test left
	tab := browser.Open(t, s.url, browser.Screen{})
	tab.Go("/")
	tab.Click("form[action='/login/local'] button")
	tab.SeeIn("h1", "Home")
	tab.Press("Run")
	tab.SeeIn("#quick-result .out-table", "Wed")
	tab.SeeIn("#quick-result .made", "messages.csv")
	tab.Click("#quick-result .chip-main:has([title='messages.png'])")
	tab.At("/files/*")
	tab.Wait("document.querySelector('main img')?.naturalWidth > 100")
	chart := tab.Download(func() { tab.Press("Download") })
	if chart.Name != "messages.png" || !bytes.HasPrefix(chart.Data, []byte("\x89PNG\r\n")) {
		t.Errorf("downloaded %q, %d bytes", chart.Name, len(chart.Data))
	}
	tab.Click(".rail a[href='/files']")
	tab.SeeIn("table", "messages.png")
	tab.SeeIn("table", "messages.csv")
}

const loop = `import time
i = 0
while True:
    i += 1
    print("tick", i, flush=True)
    time.sleep(0.1)
`

func TestALoopIsSeenLiveEverywhereAndStopped(t *testing.T) {
	t.Parallel()
	ada := signedIn(t, withLocal.get(t), "Ada")
	tab := ada.browse(browser.Screen{})
	tab.Go("/")
	tab.Paste(editor, loop)
	tab.Press("Run")
	tab.SeeIn("#quick-result .log", "tick 3")
	tab.SeeIn("#quick-result .run-status", "running")

	twin := tab.Twin()
	tab.Wait("document.querySelector('#quick-result .run-link')")
	twin.Go(browser.Ask[string](tab, "document.querySelector('#quick-result .run-link').pathname"))
	for _, seen := range []int{6, 9} {
		twin.SeeIn(".log", fmt.Sprint("tick ", seen))
		tab.SeeIn("#quick-result .log", fmt.Sprint("tick ", seen))
		twin.Reload() // mid-run: what came before is still there
		twin.SeeIn(".log", "tick 1 tick 2 tick 3")
	}
	tab.Press("Stop")
	twin.SeeIn(".ending", "You stopped it after")
	tab.SeeIn("#quick-result .run-status", "You stopped it after")
	tab.Find("Run")
	here, there := tab.Texts("#quick-result .log")[0], twin.Texts(".log")[0]
	if lines := strings.Fields(here); len(lines) < 18 || strings.Join(lines, " ") != strings.Join(strings.Fields(there), " ") {
		t.Errorf("the two tabs differ:\n%s\n---\n%s", here, there)
	}
}

func TestATracebackNamesTheOwnLine(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Ada").browse(browser.Screen{})
	tab.Go("/")
	tab.Paste(editor, "def half(n):\n    return n / 0\n\nprint('before')\nhalf(3)")
	tab.Press("Run")
	tab.SeeIn("#quick-result .failure", "ZeroDivisionError")
	tab.SeeIn("#quick-result .failure", "return n / 0")
	tab.SeeIn("#quick-result .failure", "half(3)")
	tab.SeeIn("#quick-result .log", "before")
	tab.SeeIn("#quick-result .run-status", "ZeroDivisionError")
}

func TestAnUploadIsThereForLoadFile(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Ada").browse(browser.Screen{})
	folder := t.TempDir()
	paths := []string{filepath.Join(folder, "sales.csv"), filepath.Join(folder, "notes.txt")}
	for i, text := range []string{"day,amount\nMon,19\nTue,23\n", "remember"} {
		if err := os.WriteFile(paths[i], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tab.Go("/files")
	tab.Choose("#upload-files", paths...)
	tab.SeeIn(".tray", "sales.csv")
	tab.SeeIn("table", "sales.csv") // by itself, without a reload
	tab.SeeIn("table", "notes.txt")
	tab.SeeIn(".tray", "2 kept")
	tab.Go("/")
	tab.Paste(editor, "print(load_file('sales.csv')['amount'].sum(), load_file('notes.txt'))")
	tab.Keys("\r", browser.Ctrl)
	tab.SeeIn("#quick-result .log", "42 remember")
}

func TestADeletedFileComesBackByUndo(t *testing.T) {
	t.Parallel()
	ada := signedIn(t, withLocal.get(t), "Ada")
	_, page := ada.finish("open('a.txt', 'w').write('a')\nopen('b.txt', 'w').write('b')")
	if len(filesOn(page)) != 2 {
		t.Fatalf("no files on the page: %.2000s", page)
	}
	tab := ada.browse(browser.Screen{})
	tab.Go("/files")
	row := "table tr:has([title='a.txt'])"
	remove := func() {
		tab.Click(row + " summary")
		tab.Click(row + " .menu-danger")
		tab.SeeIn(".toast", "a.txt")
		tab.Gone(row)
	}
	id := browser.Ask[string](tab, "document.querySelector(\""+row+" .file-link\").pathname")
	remove()
	if status := ada.get(id + "/content").status; status != http.StatusGone && status != http.StatusNotFound {
		t.Errorf("a deleted file's content answers %d", status)
	}
	tab.Press("Undo")
	tab.SeeIn(row, "a.txt")
	if got := ada.download(strings.TrimPrefix(id, "/files/")); got.body != "a" {
		t.Errorf("after the undo its owner got %d %q", got.status, got.body)
	}
	remove()
}

func TestTheEmptyEditorHasAHintAndAWayOut(t *testing.T) {
	t.Parallel()
	tab := signedIn(t, withLocal.get(t), "Ada").browse(browser.Screen{})
	tab.Go("/")
	tab.Paste(editor, "1")
	tab.Press("Run")
	tab.SeeIn("#quick-result .run-status", "ok")
	tab.Go("/")
	const inside = "document.querySelector('code-editor').shadowRoot.querySelector"
	tab.Wait(inside + "('.cm-placeholder')?.textContent == 'Write Python here'")
	tab.Click(editor)
	tab.Keys("\t")
	tab.Wait("document.activeElement.localName == 'code-editor'")
	if hint := browser.Ask[string](tab, inside+"('.cm-content').getAttribute('aria-description')"); !strings.Contains(hint, "Escape") {
		t.Errorf("the editor says %q", hint)
	}
	tab.Keys("\x1b")
	tab.Keys("\t")
	tab.Wait("document.activeElement.matches('[data-run]')")
}

// TestAQuickRunReadsFilesFromADisk: chosen files go with the run and lie beside it;
// the next run has them again, until they are unticked. Without script too.
func TestAQuickRunReadsFilesFromADisk(t *testing.T) {
	t.Parallel()
	sales := filepath.Join(t.TempDir(), "sales.csv")
	if err := os.WriteFile(sales, []byte("item,gold\nrope,7\nlamp,35\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const code = "import pandas as pd\nprint('gold:', pd.read_csv('sales.csv').gold.sum(), len(load_file('sales.csv')))"
	ada := signedIn(t, withLocal.get(t), "Ada")
	tab := ada.browse(browser.Screen{StillMotion: true})
	tab.Go("/")
	tab.Paste(editor, code)
	tab.Choose("add-files input", sales)
	tab.SeeIn("[data-chosen]", "sales.csv · 25 B")
	lookAt(t, tab, "home-add-files")
	tab.Press("Run")
	tab.SeeIn("#quick-result .log", "gold: 42 2")
	tab.SeeIn(".run-with", "sales.csv")
	tab.Find("Run")
	lookAt(t, tab, "home-with-files")
	tab.Press("Run")
	tab.Wait("document.querySelectorAll('#recent .run-row, #recent li').length > 1")
	tab.SeeIn("#quick-result .log", "gold: 42 2")
	tab.SeeIn(".run-with", "sales.csv")
	if got := len(filesOn(ada.get("/files").body)); got != 1 {
		t.Errorf("the file was sent %d times", got)
	}

	plain := ada.browse(browser.Screen{NoScript: true})
	plain.Go("/")
	plain.Type("textarea[name=code]", code)
	plain.Choose("add-files input", sales)
	plain.Press("Run")
	plain.At("/runs/*")
	plain.SeeIn(".log", "gold: 42 2")
}
