package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func lookChecks() []check {
	return []check{
		{"PagesOfATable", pagesOfATable},
		{"PagesOfWhatIsGone", pagesOfWhatIsGone},
		{"Completion", completion},
		{"LooksAtABusyKernel", looksAtABusyKernel},
		{"LooksThatHang", looksThatHang},
		{"LooksOfWhoGivesUp", looksOfWhoGivesUp},
		{"SaidBetweenCells", saidBetweenCells},
		{"HostileAnswersToLooks", hostileAnswers},
	}
}

// shownTable is the first table that d shows.
func shownTable(t *testing.T, d *desk) *sandbox.Table {
	t.Helper()
	for _, bundle := range d.displays() {
		if text := bundle[sandbox.TableMIME]; text != "" {
			table, err := sandbox.ParseTable(text)
			if err != nil {
				t.Fatalf("%v: %s", err, clip(text))
			}
			return table
		}
	}
	t.Fatalf("no table was shown\n%s", d)
	return nil
}

// cells is a table's body in one line: a missing value is -.
func cells(table *sandbox.Table) string {
	if table == nil {
		return ""
	}
	var rows []string
	for _, row := range table.Body {
		var line []string
		for _, cell := range slices.Concat(row.Index, row.Cells) {
			if cell == nil {
				line = append(line, "-")
			} else {
				line = append(line, *cell)
			}
		}
		rows = append(rows, strings.Join(line, " "))
	}
	return strings.Join(rows, "|")
}

const longFrame = `import pandas as pd, polars as pl
df = pd.DataFrame({'n': range(1000), 'half': [n / 2 for n in range(1000)], 's': ['x'] * 1000})
df`

func pagesOfATable(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	table := shownTable(t, must(t, k, longFrame))
	if table.Rows != 1000 || table.Columns != 3 || len(table.Body) != 20 || table.ID == "" {
		t.Fatalf("the first page: %+v", table)
	}
	page, err := k.Page(t.Context(), sandbox.PageOf{Table: table.ID, From: 998, Rows: 50, Width: 2})
	if err != nil || cells(page) != "998 998 499.0|999 999 499.5" || page.From != 998 || page.Rows != 1000 || len(page.Head) != 2 {
		t.Errorf("the last page: %q %+v %v", cells(page), page, err)
	}
	page, err = k.Page(t.Context(), sandbox.PageOf{Table: table.ID, From: 3, Rows: 1, Column: 2, Width: 50})
	if err != nil || cells(page) != "3 x" {
		t.Errorf("a part of a row: %q %v", cells(page), err)
	}
	for _, odd := range []sandbox.PageOf{
		{Table: table.ID, From: 1 << 40, Rows: 1 << 40, Column: 1 << 40, Width: 1 << 40}, {Table: table.ID, From: -5, Rows: -1, Column: -1, Width: -1},
	} {
		if page, err := k.Page(t.Context(), odd); err != nil || len(page.Body) > 1 {
			t.Errorf("%+v: %+v %v", odd, page, err)
		}
	}
	polars := shownTable(t, must(t, k, "pl.from_pandas(df)"))
	if page, err := k.Page(t.Context(), sandbox.PageOf{Table: polars.ID, From: 999, Rows: 9, Width: 9}); err != nil || cells(page) != "999 499.5 x" {
		t.Errorf("polars: %q %v", cells(page), err)
	}
	wantText(t, must(t, k, "print(len(df), len(In))"), sandbox.Stdout, "1000 4\n") // looks are no cells
}

// pagesOfWhatIsGone: tables are held weakly, small ones for a while.
func pagesOfWhatIsGone(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for _, id := range []string{"", "nonsense", strings.Repeat("x", 1<<20), "\xff"} {
		if _, err := k.Page(t.Context(), sandbox.PageOf{Table: id, Rows: 1, Width: 1}); !errors.Is(err, sandbox.ErrNotHeld) {
			t.Errorf("%.10q: %v", id, err)
		}
	}
	large := shownTable(t, must(t, k, "import numpy as np, pandas as pd, gc\ndef show(rows): display(pd.DataFrame(np.zeros((rows, 10))))\nshow(100_000)"))
	must(t, k, "gc.collect();")
	if _, err := k.Page(t.Context(), sandbox.PageOf{Table: large.ID, Rows: 1, Width: 1}); !errors.Is(err, sandbox.ErrNotHeld) {
		t.Errorf("8 MB that nobody holds are held: %v", err)
	}
	small := shownTable(t, must(t, k, "show(100)"))
	if _, err := k.Page(t.Context(), sandbox.PageOf{Table: small.ID, Rows: 1, Width: 1}); err != nil {
		t.Errorf("a small one is gone at once: %v", err)
	}
	must(t, k, "for _ in range(120): show(100)")
	if _, err := k.Page(t.Context(), sandbox.PageOf{Table: small.ID, Rows: 1, Width: 1}); !errors.Is(err, sandbox.ErrNotHeld) {
		t.Errorf("120 tables later it is still held: %v", err)
	}
}

func completion(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import pandas as pd\nwinter_sales = {'north': 1}\nword = 'ü'")
	for _, c := range []struct{ code, name, put string }{
		{"print(winter_s", "winter_sales", "print(winter_sales"},
		{"pd.DataFr", "", "pd.DataFrame"},
		{"winter_sales['no", "", "winter_sales['north"},
		{"'ü🦋'; word.upp", "", "'ü🦋'; word.upper"},
		{"%timei", "", "%timeit"},
		{"import collect", "", "import collections"},
	} {
		runes := []rune(c.code)
		got, err := k.Complete(t.Context(), c.code, len(runes))
		var put []string
		for _, name := range got.Names {
			put = append(put, string(runes[:got.From])+name+string(runes[got.To:]))
		}
		if err != nil || !slices.Contains(put, c.put) {
			t.Errorf("%q: %q %v", c.code, put, err)
		}
	}
	for _, code := range []string{"", "zzz_nothing", "(((", "\xff\xfe", "'''", strings.Repeat("x.", 5000)} {
		if _, err := k.Complete(t.Context(), code, len(code)+7); err != nil {
			t.Errorf("%.20q: %v", code, err)
		}
	}
	wantText(t, must(t, k, "print(len(In))"), sandbox.Stdout, "3\n")
}

func looksAtABusyKernel(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d, ended := newDesk(), make(chan sandbox.Result, 1)
	go func() {
		result, _ := k.Exec(t.Context(), "import time\nprint('on')\nwhile True: time.sleep(0.01)", d)
		ended <- result
	}()
	d.await(t, "on")
	_, err := k.Complete(t.Context(), "x", 1)
	_, pageErr := k.Page(t.Context(), sandbox.PageOf{Table: "x", Rows: 1, Width: 1})
	if !errors.Is(err, sandbox.ErrBusy) || !errors.Is(pageErr, sandbox.ErrBusy) {
		t.Errorf("%v, %v", err, pageErr)
	}
	_ = k.Interrupt(t.Context())
	<-ended
	if _, err := k.Complete(t.Context(), "pri", 3); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	closeKernel(t, k)
	if _, err := k.Complete(t.Context(), "x", 1); !errors.Is(err, sandbox.ErrNoAnswer) {
		t.Errorf("when it is closed: %v", err)
	}
}

const slowCells = `import time, pandas as pd
slow = ''
class Cell:
    def __str__(self):
        while slow == 'deaf':
            try: time.sleep(9)
            except BaseException: pass
        if slow:
            print('lost'); time.sleep(99)
        return 'cell'
pd.DataFrame({'a': [Cell()] * 3})`

// looksThatHang: user code runs in a look too. It is interrupted, and only what
// does not heed that loses its kernel.
func looksThatHang(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	table := shownTable(t, must(t, k, slowCells))
	for _, kind := range []string{"slow", "deaf"} {
		must(t, k, "slow = '"+kind+"'")
		began := time.Now()
		if _, err := k.Page(t.Context(), sandbox.PageOf{Table: table.ID, Rows: 3, Width: 1}); !errors.Is(err, sandbox.ErrNoAnswer) {
			t.Errorf("%s: %v", kind, err)
		}
		if took := time.Since(began); took > patience/2 {
			t.Errorf("%s took %s", kind, took)
		}
		if kind == "slow" {
			wantText(t, must(t, k, "print('alive')"), sandbox.Stdout, "alive\n")
		}
	}
	<-k.Done()
}

// looksOfWhoGivesUp: a page that is closed, or asks for something else, while the
// kernel is at it costs the owner nothing.
func looksOfWhoGivesUp(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	table := shownTable(t, must(t, k, slowCells))
	must(t, k, "slow = 'slow'")
	ctx, giveUp := context.WithTimeout(t.Context(), 300*time.Millisecond) // the look takes sandbox.LookMax
	defer giveUp()
	if _, err := k.Page(ctx, sandbox.PageOf{Table: table.ID, Rows: 3, Width: 1}); err == nil {
		t.Error("a page of cells that sleep")
	}
	<-ctx.Done()
	if _, err := k.Complete(ctx, "slo", 3); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a completion for nobody: %v", err)
	}
	wantText(t, must(t, k, "print(slow)"), sandbox.Stdout, "slow\n")
}

// saidBetweenCells: what a thread says when its cell has ended is the next cell's
// to show, also when somebody looks at the kernel in between.
func saidBetweenCells(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import threading, time
channel = get_ipython().channel
def late():
    while channel.running: time.sleep(0.0001)
    while not channel.running: time.sleep(0.0001)  # until somebody looks
    print('late')
    globals()['is_out'] = 1
threading.Thread(target=late).start()`)
	for until := time.Now().Add(patience); ; {
		names, err := k.Complete(t.Context(), "is_ou", 5)
		if err != nil || time.Now().After(until) {
			t.Fatalf("the thread never spoke (%v)", err)
		}
		if slices.Contains(names.Names, "is_out") {
			break
		}
	}
	wantText(t, must(t, k, "print('second')"), sandbox.Stdout, "late\nsecond\n")
}

// hostileAnswers: what a kernel says in a look is checked like all it says.
func hostileAnswers(t *testing.T, s *suite) {
	const table = `{"id":"x","kind":"pandas","rows":%s,"columns":1,"from":0,"column":0,"index":[],"head":[{"name":["a"],"dtype":"d"}],"body":%s}`
	k := s.open(t, sandbox.Spec{})
	for _, answer := range []string{
		"no json", "[]", `{"id":"other"}`, fmt.Sprintf(table, "1", `[{"cells":["a","b"]}]`), fmt.Sprintf(table, "0", `[{"cells":["a"]}]`),
		fmt.Sprintf(table, "1e300", "[]"), fmt.Sprintf(table, "-1", "[]"), fmt.Sprintf(table, "1", `[{"cells":["`+strings.Repeat("x", 2000)+`"]}]`),
		`{"From":-1,"To":0}`, `{"From":2,"To":1}`, `{"From":0,"To":1e9}`,
	} {
		must(t, k, fmt.Sprintf("import mayfly.looks\nmayfly.looks.answer = lambda *_: %q", answer))
		if page, err := k.Page(t.Context(), sandbox.PageOf{Table: "x", Rows: 1, Width: 1}); !errors.Is(err, sandbox.ErrNoAnswer) {
			t.Errorf("a page of %.60q: %+v %v", answer, page, err)
		}
		if names, err := k.Complete(t.Context(), "x", 1); err == nil && (names.From != 0 || names.To > 1 || len(names.Names) > 0) {
			t.Errorf("a completion of %.60q: %+v", answer, names)
		}
	}
	must(t, k, `mayfly.looks.answer = lambda *_: '{"From":0,"To":1,"Names":["' + '","'.join(map(str, range(50_000))) + '"]}'`)
	if names, err := k.Complete(t.Context(), "x", 1); err != nil || len(names.Names) != 200 {
		t.Errorf("%d names, %v", len(names.Names), err)
	}
	must(t, k, "mayfly.looks.answer = lambda *_: 'x' * 9_000_000")
	if _, err := k.Complete(t.Context(), "x", 1); !errors.Is(err, sandbox.ErrNoAnswer) {
		t.Errorf("9 MB: %v", err)
	}
	<-k.Done()
}
