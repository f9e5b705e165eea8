package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// screens are what every page is looked at on.
var screens = map[string]browser.Screen{
	"1280-light": {StillMotion: true}, "1280-dark": {StillMotion: true, Dark: true},
	"390-light": {StillMotion: true, Phone: true}, "390-dark": {StillMotion: true, Phone: true, Dark: true},
}

// lookAt checks the page that is open with axe on every screen, that nothing
// sticks out at the side, and takes its pictures.
func lookAt(t *testing.T, tab *browser.Tab, name string) {
	t.Helper()
	for screen, look := range screens {
		tab.Look(look)
		tab.Accessible(name + " " + screen)
		if over := browser.Ask[int](tab, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
			t.Errorf("%s %s: the page is %d px wider than the window", name, screen, over)
		}
		tab.Shoot(name + "-" + screen)
	}
	tab.Look(screens["1280-light"])
}

// visit opens a page and looks at it.
func visit(t *testing.T, tab *browser.Tab, name, path string, status int) {
	t.Helper()
	if got := tab.Go(path); got != status {
		t.Errorf("%s answered %d, want %d", path, got, status)
	}
	lookAt(t, tab, name)
}

func TestPagesForNobody(t *testing.T) {
	t.Parallel()
	tab := browser.Open(t, withLocal.get(t).url, browser.Screen{})
	tab.Expect("404")
	visit(t, tab, "front-local", "/", http.StatusOK)
	visit(t, tab, "help-nobody", "/docs", http.StatusOK)
	visit(t, tab, "404-nobody", "/nowhere", http.StatusNotFound)
	if status := tab.Go("/gallery"); status != http.StatusOK { // looked at in views/gallery
		t.Errorf("the gallery answered %d", status)
	}
}

func TestPagesForAStranger(t *testing.T) {
	t.Parallel()
	tab := browser.Open(t, withDiscord.get(t).url, browser.Screen{})
	tab.Expect("403")
	tab.Expect("/favicon.ico")
	visit(t, tab, "front", "/", http.StatusOK)
	tab.Press("Continue with Discord")
	tab.Type("input[name=id]", "300000000000000003")
	tab.Press("Authorize")
	tab.SeeIn("h1", "closed circle")
	lookAt(t, tab, "403-stranger")
}

func TestPagesOfABeginner(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	until(t, "Python is warm", func() (bool, string) {
		return !strings.Contains(mira.get("/").body, "warming up"), "it still warms up"
	})
	tab := mira.browse(browser.Screen{})
	tab.Expect("404")
	visit(t, tab, "home-empty", "/", http.StatusOK)
	visit(t, tab, "files-empty", "/files", http.StatusOK)
	visit(t, tab, "runs-empty", "/runs", http.StatusOK)
	visit(t, tab, "help", "/docs", http.StatusOK)
	visit(t, tab, "404", "/nowhere", http.StatusNotFound)
	tab.Go("/")
	tab.Press("Run")
	tab.SeeIn("#quick-result .made", "messages.png")
	tab.Find("Run")
	lookAt(t, tab, "home-after")
	tab.Click("#quick-result .run-link")
	tab.At("/runs/*")
	lookAt(t, tab, "run-ok")
}

// crowd are files as they come in real life: long, right to left, with signs
// and quotes, in every state of the clock.
const crowd = `INSERT INTO files (id, user_id, run_id, source, name, version, size, media_type, category, state, blob_key, created_at, expires_at)
	SELECT f.user_id || '_1700000000_' || translate(left(md5(v.name || v.size), 26), '0189', 'ghij'),
		f.user_id, CASE WHEN v.source = 'upload' THEN NULL ELSE f.run_id END, v.source, v.name, v.version, v.size,
		v.media, v.category, 'ready', 'none/' || f.user_id || '/' || md5(v.name || v.size), now() - interval '1 hour', now() + v.left::interval
	FROM files f, (VALUES
		('quarterly-revenue-by-region-and-product-final-v3-really-final.csv', 1, 1234567, 'web', 'text/csv', 'data', '47 hours'),
		('דוח מכירות רבעוני.xlsx', 1, 52311, 'upload', 'application/octet-stream', 'data', '5 hours 12 minutes'),
		('📊 dashboard.html', 1, 18230, 'web', 'text/html', 'html', '37 minutes'),
		('données "été" & <b>.parquet', 1, 49000000, 'web', 'application/octet-stream', 'data', '58 seconds'),
		('model.pickle', 1, 7400000, 'api', 'application/octet-stream', 'file', '92 hours'),
		('sales.csv', 2, 2210, 'web', 'text/csv', 'data', '20 hours'),
		('a', 1, 0, 'web', 'application/octet-stream', 'file', '9 hours')
	) AS v(name, version, size, source, media, category, "left")
	WHERE f.id = $1`

func TestPagesOfFiles(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	mira := signedIn(t, s, "Mira Lindqvist")
	path, page := mira.finish("import matplotlib.pyplot as plt\nplt.plot([3, 1, 4, 1, 5]); plt.savefig('chart.png')")
	ids := filesOn(page)
	if len(ids) == 0 {
		t.Fatalf("run %s made no file: %.2000s", path, page)
	}
	tab := mira.browse(browser.Screen{})
	tab.Expect("410")
	visit(t, tab, "files-one", "/files", http.StatusOK)
	visit(t, tab, "file-picture", "/files/"+ids[0], http.StatusOK)
	s.database(t, crowd, ids[0])
	visit(t, tab, "files-many", "/files", http.StatusOK)
	tab.Click("table tbody input[type=checkbox]")
	lookAt(t, tab, "files-selected")
	visit(t, tab, "files-no-match", "/files?q=nothing+like+it", http.StatusOK)
	visit(t, tab, "home-expiring", "/", http.StatusOK)

	_, page = mira.finish("open('table.csv', 'w').write('day,amount\\n' + ''.join(f'{i},{i * i}\\n' for i in range(300)))")
	table := filesOn(page)[0]
	visit(t, tab, "file-table", "/files/"+table, http.StatusOK)
	s.database(t, "UPDATE files SET expires_at = now() - interval '1 hour' WHERE id = $1", table)
	visit(t, tab, "410-tombstone", "/files/"+table, http.StatusGone)
}

func TestPagesOfRuns(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	mira := signedIn(t, s, "Mira Lindqvist")
	raised, _ := mira.finish("import pandas as pd\nopen('kept.txt', 'w').write('x')\nfor i in range(300):\n    print('row', i)\npd.DataFrame({'a': [1]})['b']")
	slow, _ := mira.finish("print('the only line')")
	s.database(t, `UPDATE runs SET ending = 'timed_out', return_code = 124, wall = wall_limit WHERE id = $1`, filepath.Base(slow))
	tab := mira.browse(browser.Screen{})
	visit(t, tab, "run-raised", raised, http.StatusOK)
	visit(t, tab, "run-timed-out", slow, http.StatusOK)
	visit(t, tab, "runs", "/runs", http.StatusOK)

	tab.Go("/")
	tab.Paste(editor, loop)
	tab.Press("Run")
	tab.SeeIn("#quick-result .log", "tick 2")
	lookAt(t, tab, "home-live")
	other := mira.start(loop)
	queued := mira.start("print('third')")
	twin := tab.Twin()
	visit(t, twin, "run-queued", queued, http.StatusOK)
	visit(t, twin, "run-live", other, http.StatusOK)
	for _, run := range []string{queued, other} {
		mira.post(run+"/interrupt", url.Values{})
	}
	tab.Press("Stop")
	tab.SeeIn("#quick-result .run-status", "You stopped it")
}
