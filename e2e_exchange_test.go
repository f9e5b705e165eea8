package main

import (
	"bytes"
	"cmp"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// jupyter asks Jupyter's own library whether a file is a notebook, strictly.
func jupyter(t *testing.T, text []byte) {
	t.Helper()
	python := filepath.Join(cmp.Or(os.Getenv("MAYFLY_RUNTIME"), "/opt/mayfly/python"), "bin/python3")
	check := exec.CommandContext(t.Context(), python, "-I", "-W", "error", "-c",
		"import json, sys, nbformat; nbformat.validate(nbformat.from_dict(json.load(sys.stdin)), relax_add_props=False)")
	check.Stdin = bytes.NewReader(text)
	if said, err := check.CombinedOutput(); err != nil {
		t.Errorf("nbformat: %v\n%s", err, said)
	}
}

// send posts a file from the disk and returns where that leads.
func (p *person) send(path, file string) (to string) {
	p.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", filepath.Base(file))
	if err == nil {
		_, err = part.Write(text)
	}
	if err != nil || form.Close() != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.server.url+path, &body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", p.server.url)
	a, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer a.Body.Close()
	if said, _ := io.ReadAll(a.Body); a.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("%s of %s answered %d: %.1000s", path, file, a.StatusCode, said)
	}
	return a.Header.Get("Location")
}

// TestNotebooksComeRunAndGo: each committed notebook is imported, runs from top to
// bottom, and what goes out is a notebook to Jupyter, with its outputs.
func TestNotebooksComeRunAndGo(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	for name, want := range map[string]string{
		"pandas": "application/vnd.mayfly.table+json", "seaborn": "image/png", "sympy": "text/latex", "progress": `"name": "stdout"`, "rich": "application/vnd.plotly.v1+json",
	} {
		at := mira.send("/notebooks/import", filepath.Join("testdata", "notebooks", name+".ipynb"))
		var page string
		ran := map[string]bool{}
		for range 10 { // a cell that raises stops those behind it
			if a := mira.post(at+"/run", url.Values{"span": {"all"}}); a.status != http.StatusSeeOther {
				t.Fatalf("run all of %s answered %d", name, a.status)
			}
			until(t, name+" has run", func() (bool, string) {
				page = mira.get(at).body
				return !strings.Contains(page, `data-state="queued"`) && !strings.Contains(page, `data-state="running"`), page
			})
			if ran[page] || !strings.Contains(page, `data-state="fresh"`) || strings.Contains(page, "raised") {
				break
			}
		}
		if strings.Contains(page, `class="from-file"`) {
			t.Errorf("%s brought no outputs and is marked", name)
		}
		out := mira.get(at + "/export/ipynb")
		jupyter(t, []byte(out.body))
		if !strings.Contains(out.body, want) || !strings.Contains(out.body, `"ending": "ok"`) ||
			name == "pandas" && !strings.Contains(out.body, `"output_type": "execute_result"`) {
			t.Errorf("%s goes out without %s: %.1500s", name, want, out.body)
		}
		again := filepath.Join(t.TempDir(), name+".ipynb")
		if err := os.WriteFile(again, []byte(out.body), 0o600); err != nil {
			t.Fatal(err)
		}
		back := mira.get(mira.send("/notebooks/import", again)).body
		if !strings.Contains(back, `class="from-file"`) {
			t.Errorf("%s came back without what it showed", name)
		}
	}
}

// TestANotebookIsImportedSharedAndSeenByNobody: a person brings a notebook, sees
// what stands in it as the file's, runs it, adds a file with a ready cell, and
// shares it with somebody who has no account.
func TestANotebookIsImportedSharedAndSeenByNobody(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	mira := signedIn(t, s, "Mira")
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.Go("/notebooks")
	whole, err := filepath.Abs("exchange/testdata/whole.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	tab.Drop("h1", whole)
	dropped := tab.At("/notebooks/*")
	tab.See("From the imported file, not run here yet")
	tab.Go("/notebooks")
	tab.Choose("#import-file", whole)
	at := tab.At("/notebooks/*")
	if at == dropped {
		t.Errorf("both came to %s", at)
	}
	tab.See("From the imported file, not run here yet")
	tab.Wait("[...document.querySelectorAll('iframe.out-frame')].every((f) => { f.loading = 'eager'; return f.dataset.told !== undefined })")
	if title := browser.Ask[string](tab, "document.title"); strings.Contains(title, "taken") {
		t.Errorf("its script reached the page: %q", title)
	}
	lookAt(t, tab, "imported")

	sales := filepath.Join(t.TempDir(), "sales.csv")
	if err := os.WriteFile(sales, []byte("day,gold\n1,120\n2,90\n3,150\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tab.Choose("#notebook-upload-files", sales)
	tab.See("Describe")
	tab.Gone(".tray") // it says that all was kept, and goes
	lookAt(t, tab, "ready-cells")
	tab.Click(cell(4, ".cell-strip"))
	tab.Click(".ready .ready-cell:nth-child(1) button")
	tab.Wait("document.querySelectorAll('#cells > .cell').length === 5")
	tab.SeeIn(cell(1, ".cell-prose"), "All there is")
	if place := browser.Ask[int](tab, "[...document.querySelectorAll('#cells > .cell')].findIndex((c) => c.querySelector('textarea').value.includes('load_file')) + 1"); place != 5 {
		t.Errorf("the ready cell stands at %d", place)
	}
	tab.Click(cell(5, "[data-do=run]"))
	tab.Wait("document.querySelector('" + cell(5, "") + "').dataset.state === 'done'")
	tab.SeeIn(cell(5, ".cell-out"), "150")

	tab.Click(".notebook-menu > summary")
	tab.Press("Share…")
	tab.SeeIn("dialog", "Whoever has the link")
	tab.Press("Make a link")
	tab.SeeIn("dialog", "Copy it now")
	lookAt(t, tab, "share-dialog")
	link := browser.Ask[string](tab, "document.querySelector('#share-link').value")
	path := strings.TrimPrefix(link, s.url)

	stranger := browser.Open(t, s.url, browser.Screen{StillMotion: true})
	stranger.Go(path)
	stranger.See("All there is")
	stranger.SeeIn(".shared", "150")
	stranger.Wait("[...document.querySelectorAll('iframe.out-frame')].every((f) => { f.loading = 'eager'; return f.dataset.told !== undefined })")
	stranger.Wait("[...document.images].every((i) => { i.loading = 'eager'; return i.complete && i.naturalWidth > 0 })")
	lookAt(t, stranger, "shared")
	if got := stranger.Download(func() { stranger.Click(".file-row a.icon-button") }); got.Name != "sales.csv" || !strings.Contains(string(got.Data), "3,150") {
		t.Errorf("the download: %s %q", got.Name, got.Data)
	}

	tab.Press("End")
	tab.Gone("dialog .share-row")
	stranger.Expect("410")
	if status := stranger.Go(path); status != http.StatusGone {
		t.Errorf("then it answers %d", status)
	}
	stranger.See("This is no longer shared")
	lookAt(t, stranger, "share-over")
	out := mira.get(at + "/export/ipynb")
	jupyter(t, []byte(out.body))
	for _, want := range []string{`"id": "raw-1"`, "attachment:pixel.png", `"ending": "ok"`, "ZeroDivisionError"} {
		if !strings.Contains(out.body, want) {
			t.Errorf("it goes out without %s", want)
		}
	}
}
