package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// quickStart is the code of the seed's Quick Start as it stands there, between
// triple quotes and indented.
const quickStart = `
    import pandas as pd
    df = pd.DataFrame({'x': [1,2,3]})
    df.to_csv('data.csv')
    df.to_json('data.json')
    print('Files created!')
    `

// made is what pandas writes for it.
var made = map[string]string{
	"data.csv":  ",x\n0,1\n1,2\n2,3\n",
	"data.json": `{"x":{"0":1,"1":2,"2":3}}`,
}

var fileID = regexp.MustCompile(`^[1-9][0-9]{0,19}_[0-9]+_[a-z2-7]{26}$`)

// editor is where code is written on Home.
const editor = "code-editor"

func TestTheQuickStartOfTheSeed(t *testing.T) {
	t.Parallel()
	s := withDiscord.get(t)
	ada := browser.Open(t, s.url, browser.Screen{})
	signInAtDiscord(ada, "300000000000000001")

	ada.Paste(editor, quickStart)
	ada.Press("Run")
	ada.SeeIn("#quick-result .log", "Files created!")
	ids := readFiles(t, ada)
	loadLater(ada, ids["data.csv"])

	grace := browser.Open(t, s.url, browser.Screen{})
	signInAtDiscord(grace, "300000000000000002")
	grace.Expect("404")
	for _, id := range ids {
		for _, path := range []string{"/files/" + id, "/files/" + id + "/content"} {
			if status := grace.Go(path); status != http.StatusNotFound {
				t.Errorf("another member got %d for %s", status, path)
			}
		}
	}
	goneAfter48Hours(t, s, ada, ids)
	if got := s.run(t, nil, "cleanup"); got.out != "deleted 2 expired files\n" || got.code != 0 {
		t.Errorf("mayfly cleanup: %+v", got)
	}
	if left := filesBelow(t, filepath.Join(s.settings["DATA"], "blobs", "300000000000000001")); len(left) > 0 {
		t.Errorf("the sweep left bytes: %v", left)
	}
}

// signInAtDiscord goes the way of a member: the front page, Discord's consent,
// and back.
func signInAtDiscord(tab *browser.Tab, id string) {
	tab.Expect("/favicon.ico") // the stand-in has none
	tab.Go("/")
	tab.Press("Continue with Discord")
	tab.See("Who are you?")
	tab.Type("input[name=id]", id)
	tab.Press("Authorize")
	tab.SeeIn("h1", "Home")
}

// readFiles checks the two files of the Quick Start on the run's page, their
// ids, clocks and bytes, and returns the ids by name.
func readFiles(t *testing.T, tab *browser.Tab) map[string]string {
	t.Helper()
	tab.SeeIn("#quick-result .run-status", "2 files") // it is over
	tab.SeeIn("#quick-result .made", "data.json")
	tab.SeeIn("#recent", "2 files") // all of Home is as it stays: nothing above the link goes while it is clicked
	tab.Click("#quick-result .run-link")
	tab.At("/runs/*")
	tab.SeeIn("h2", "Files this run made")
	ids := map[string]string{}
	for name, want := range made {
		row := fmt.Sprintf("[...document.querySelectorAll('.file-row')].find((r) => r.querySelector('.name').title == %q)", name)
		id := browser.Ask[string](tab, row+".querySelector('.file-row-id').textContent")
		if !fileID.MatchString(id) {
			t.Errorf("%s has the id %q", name, id)
		}
		clock := browser.Ask[string](tab, row+".querySelector('expiry-clock').innerText")
		if !strings.Contains(clock, "1d 23h") {
			t.Errorf("the clock of %s says %q", name, clock)
		}
		got := tab.Download(func() { tab.Click(fmt.Sprintf("a[aria-label=%q]", "Download "+name)) })
		if got.Name != name || string(got.Data) != want {
			t.Errorf("downloaded %q: %q", got.Name, got.Data)
		}
		ids[name] = id
	}
	return ids
}

// loadLater reads a file again in another run, as the seed's second step does.
func loadLater(tab *browser.Tab, id string) {
	tab.Go("/")
	tab.Paste(editor, fmt.Sprintf("df = load_file('%s')\nprint(f'Loaded {len(df)} rows')", id))
	tab.Press("Run")
	tab.SeeIn("#quick-result .log", "Loaded 3 rows")
}

// goneAfter48Hours moves the files' times back by two days and looks for them
// everywhere.
func goneAfter48Hours(t *testing.T, s *server, tab *browser.Tab, ids map[string]string) {
	t.Helper()
	tab.Go("/files")
	tab.SeeIn("table", "data.csv")
	tab.Expect("410")
	for _, id := range ids {
		s.database(t, "UPDATE files SET created_at = created_at - interval '48 hours', expires_at = expires_at - interval '48 hours' WHERE id = $1", id)
		for _, path := range []string{"/files/" + id, "/files/" + id + "/content"} {
			if status := tab.Go(path); status != http.StatusGone {
				t.Errorf("an expired file answered %d for %s", status, path)
			}
		}
	}
	for _, path := range []string{"/files", "/"} {
		tab.Go(path)
		for name := range made {
			if tab.Shows("main a", name) {
				t.Errorf("%s still lists %s", path, name)
			}
		}
	}
}

// filesBelow lists the regular files below a folder, which may not be there.
func filesBelow(t *testing.T, folder string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
