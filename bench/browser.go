package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// How many cells the notebooks of the browser's bench have: one as people have
// them, with what its runs said, and a long one.
const (
	usualCells = 30
	longCells  = 100
)

// browserBench measures what somebody waits for: that a page is there, that a key
// is painted, that a run has something to show. One Chromium, nobody else.
type browserBench struct {
	settings
	server *server
	client *http.Client
	tab    *tab

	usual, long, large string // paths of notebooks
}

func benchBrowser(ctx context.Context, s settings) (err error) {
	above, err := startServer(ctx, s.server, s.runtime, "MAYFLY_RATES="+raised)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	b := &browserBench{settings: s, server: above}
	if err := b.furnish(ctx); err != nil {
		return fmt.Errorf("furnish: %w", err)
	}
	if b.tab, err = openTab(ctx, above.url, b.session()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.tab.close()) }()
	which, err := regexp.Compile(s.programs)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func() error
	}{{"runs", b.runs}, {"loads", b.loads}, {"keys", b.keys}} {
		if !which.MatchString(part.name) {
			continue
		}
		printMachine(os.Stdout)
		if err := part.measure(); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	printMachine(os.Stdout)
	return nil
}

// session is that of the first visitor, who has 50 files and 60 runs.
func (b *browserBench) session() *http.Cookie {
	return &http.Cookie{Name: "mayfly", Value: visitorToken(0)}
}

// furnish gives that visitor the notebooks that are looked at.
func (b *browserBench) furnish(ctx context.Context) error {
	if err := settle(ctx, b.server.data, 1); err != nil {
		return err
	}
	home, err := url.Parse(b.server.url)
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	jar.SetCookies(home, []*http.Cookie{b.session()})
	b.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if b.usual, err = b.notebook(ctx, usualCells, usualText); err != nil {
		return err
	}
	if b.long, err = b.notebook(ctx, longCells, longText); err != nil {
		return err
	}
	b.large, err = b.notebook(ctx, 3, largeText)
	return err
}

// usualText is the text of the cell at a place: prose, tables, a figure, prints.
func usualText(place int) (kind, text string) {
	switch place % 5 {
	case 1:
		return "markdown", fmt.Sprintf("## Step %d\n\nWhat the *rows* of the night say, and `why`.", place)
	case 2:
		return "code", fmt.Sprintf("import pandas as pd\n\nrows_%d = pd.DataFrame({'boss': ['Ash', 'Brim', 'Cold'] * 6, 'hits': range(18)})\nrows_%[1]d", place)
	case 3:
		return "code", fmt.Sprintf("for n in range(12):\n    print('wave', n, 'of step', %d, '=' * n)", place)
	case 4:
		return "code", "import matplotlib.pyplot as plt\n\nplt.plot([1, 4, 9, 16], label='hits')  # of each wave\nplt.legend()\nplt.show()"
	}
	return "code", fmt.Sprintf("def step_%d(rows):\n    \"\"\"Of one step.\"\"\"\n    return [r * %[1]d for r in rows if r]  # all of them\n\nstep_%[1]d(range(9))", place)
}

func longText(place int) (kind, text string) {
	return "code", fmt.Sprintf("import math\n\ndef step_%d(rows):\n    \"\"\"Of one step.\"\"\"\n    return [math.sqrt(r) * %[1]d for r in rows if r]  # all of them\n\nprint(step_%[1]d(range(3)))", place)
}

// largeText makes the second of three cells about as large as a cell may be.
func largeText(place int) (kind, text string) {
	if place == 2 {
		return "code", strings.Repeat("value = compute(alpha, beta, 'gamma')  # one of many\n", 18_000)
	}
	return "code", "1"
}

// notebook makes one and runs all of it but cells that are too large for that.
func (b *browserBench) notebook(ctx context.Context, cells int, text func(place int) (kind, text string)) (string, error) {
	made, err := b.post(ctx, "/notebooks", url.Values{"name": {fmt.Sprintf("Of %d cells", cells)}})
	if err != nil {
		return "", err
	}
	path := strings.TrimPrefix(made.Header.Get("Location"), b.server.url)
	for place := 1; place < cells; place++ { // the empty one that it began with is the last
		kind, words := text(place)
		if _, err := b.post(ctx, path+"/cells", url.Values{"kind": {kind}, "text": {words}, "place": {strconv.Itoa(place)}}); err != nil {
			return "", err
		}
	}
	if cells < usualCells {
		return path, nil
	}
	if _, err := b.post(ctx, path+"/run", url.Values{"span": {"all"}}); err != nil {
		return "", err
	}
	return path, b.ran(ctx, path)
}

// ran waits until no cell of a notebook runs or waits.
func (b *browserBench) ran(ctx context.Context, path string) error {
	for late := time.Now().Add(5 * time.Minute); time.Now().Before(late); time.Sleep(breath) {
		page, err := (&notebookBench{server: b.server}).page(&reader{sessions: []*http.Client{b.client}, notebook: path})
		if err != nil {
			return err
		}
		if !strings.Contains(page, `data-state="queued"`) && !strings.Contains(page, `data-state="running"`) {
			return nil
		}
	}
	return errors.New("its cells run for ever: " + path)
}

func (b *browserBench) post(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	return (&notebookBench{server: b.server}).post(ctx, b.client, path, form, http.StatusSeeOther)
}
