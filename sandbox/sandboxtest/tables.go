package sandboxtest

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func tableChecks() []check {
	return []check{
		{"TablesAsData", tablesAsData},
		{"TablesOfEveryShape", tablesOfEveryShape},
		{"TablesAreBounded", tablesAreBounded},
		{"TablesAsCSV", tablesAsCSV},
		{"HostileTablesAsCSV", hostileTablesAsCSV},
	}
}

// tablesAsData: each kind of value reads as people expect it.
func tablesAsData(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import pandas as pd, numpy as np, polars as pl, datetime as dt")
	for code, want := range map[string]string{
		"pd.DataFrame({'a': [1, 2], 'b': ['x', None]})":                                                             "0 1 x|1 2 -",
		"pd.DataFrame({'f': [0.1, 1e10, np.nan, 2.0]})":                                                             "0 1.000000e-01|1 1.000000e+10|2 -|3 2.000000e+00",
		"pd.DataFrame({'f': [0.5, 2.25]}, index=['p', 'q'])":                                                        "p 0.50|q 2.25",
		"pd.DataFrame({'d': pd.to_datetime(['2026-01-02', None]), 'n': pd.array([1, None], dtype='Int64')})":        "0 2026-01-02 1|1 - -",
		"pd.DataFrame({'c': pd.Categorical(['u', 'v']), 'b': [True, False], 'l': [[1], {'k': 2}]})":                 "0 u True [1]|1 v False {'k': 2}",
		"pl.DataFrame({'a': [1, None], 'f': [0.5, float('nan')], 's': ['x', 'y'], 'd': [dt.date(2026, 1, 2)] * 2})": "1 0.5 x 2026-01-02|- NaN y 2026-01-02",
		`pd.DataFrame({'s': pd.Series(['<b>&', 'a\nb', '\udc80', '  pad'], dtype=object)})`:                         `0 <b>&|1 a\nb|2 \udc80|3   pad`,
	} {
		table := shownTable(t, must(t, k, code))
		if got := cells(table); got != want {
			t.Errorf("%s\n is %q\nwant %q", code, got, want)
		}
	}
	side := shownTable(t, must(t, k, "pd.DataFrame({'n': [1, 2, 1000], 's': list('aab')}).describe(include='all').T"))
	if got := cells(side); !strings.HasPrefix(got, "n 3.0 - - - 334.333333 576.") || !strings.HasSuffix(got, "|s 3 2 a 2 - - - - - - -") && !strings.Contains(got, "|s 3.0 2 a 2 -") {
		t.Errorf("a description on its side: %q", got)
	}
	for _, col := range side.Head {
		if col.Right != (col.Name[0] != "top") {
			t.Errorf("its column %+v", col)
		}
	}
	mixed := shownTable(t, must(t, k, "pd.DataFrame({'b': [True, 1], 'n': [10**20, None], 'd': [0.5, pd.NA], 't': [1, 'x']}, dtype=object)"))
	if got := cells(mixed); got != "0 True 100000000000000000000 0.5 1|1 1 - - x" || mixed.Head[0].Right || !mixed.Head[1].Right || !mixed.Head[2].Right || mixed.Head[3].Right {
		t.Errorf("objects: %q %+v", got, mixed.Head)
	}
	d := must(t, k, "pd.DataFrame({'n': [1.5], 's': ['x'], 'b': [True]})")
	table := shownTable(t, d)
	if !table.Head[0].Right || table.Head[1].Right || table.Head[2].Right || table.Head[0].Dtype != "float64" {
		t.Errorf("the columns: %+v", table.Head)
	}
	wantPart(t, "the plain form", d.displays()[0]["text/plain"], "1.5")
}

func tablesOfEveryShape(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import pandas as pd, numpy as np, polars as pl\ng = pd.DataFrame({'k': list('aab'), 'j': list('xyx'), 'v': [1, 2, 3]})")
	for code, want := range map[string]struct {
		rows, columns, index int
		head                 string
	}{
		"g.groupby(['k', 'j']).sum()":                       {3, 1, 2, "v"},
		"g.groupby('k').agg({'v': ['sum', 'mean']})":        {2, 2, 1, "v/sum v/mean"},
		"g.pivot_table(index='k', columns='j', values='v')": {2, 2, 1, "x y"},
		"pd.DataFrame([[1, 2]], columns=['same', 'same'])":  {1, 2, 1, "same same"},
		"pd.DataFrame({'a': []})":                           {0, 1, 1, "a"},
		"g.describe()":                                      {8, 1, 1, "v"},
		"pl.DataFrame({'a': [[1, 2]], 'b': [{'x': 1}]})":    {1, 2, 0, "a b"},
		"pd.DataFrame({'t': pd.period_range('2026-01', periods=2, freq='M'), 'i': pd.interval_range(0, 2)})": {2, 2, 1, "t i"},
	} {
		table := shownTable(t, must(t, k, code))
		var head []string
		for _, col := range table.Head {
			head = append(head, strings.Join(col.Name, "/"))
		}
		if table.Rows != want.rows || table.Columns != want.columns || len(table.Index) != want.index || strings.Join(head, " ") != want.head {
			t.Errorf("%s: %d × %d, index %q, head %q", code, table.Rows, table.Columns, table.Index, head)
		}
	}
}

// tablesAreBounded: a display of a large frame costs what one of a small does,
// and a frame that cannot be read shows its other forms.
func tablesAreBounded(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, "import pandas as pd, numpy as np\npd.DataFrame(np.random.default_rng(0).normal(size=(10_000, 500)))")
	table := shownTable(t, d)
	if table.Rows != 10_000 || table.Columns != 500 || len(table.Body) != 20 || len(table.Head) != 50 {
		t.Errorf("%d × %d of %d × %d", len(table.Body), len(table.Head), table.Rows, table.Columns)
	}
	if size := len(d.displays()[0][sandbox.TableMIME]); size > 64<<10 {
		t.Errorf("10,000 × 500 numbers cost %d bytes", size)
	}
	d = must(t, k, "pd.DataFrame([['x' * 10_000] * 100] * 40)")
	if size := len(d.displays()[0][sandbox.TableMIME]); size > 256<<10 {
		t.Errorf("long texts cost %d bytes", size)
	}
	if cell := *shownTable(t, d).Body[0].Cells[0]; !strings.HasSuffix(cell, "x…") || len(cell) > 210 {
		t.Errorf("a long cell is %q", clip(cell))
	}
	d = must(t, k, `class Frame(pd.DataFrame):
    @property
    def iloc(self): raise RuntimeError('hostile')
display(Frame({'a': [1]}))
print('after')`)
	wantPart(t, "stdout", d.text(sandbox.Stdout), "after")
}

// sheet takes all pieces of a table as CSV.
func sheet(t *testing.T, k sandbox.Kernel, table string) (text, why string) {
	t.Helper()
	for {
		piece, err := k.Sheet(t.Context(), table, len(text))
		if err != nil {
			return text, err.Error()
		}
		if piece.Why != "" {
			return text, piece.Why
		}
		if text += string(piece.Data); len(text) >= piece.Size {
			return text, ""
		}
	}
}

// tablesAsCSV: to the byte what the library itself writes, however large within
// the bounds; else why not.
func tablesAsCSV(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import pandas as pd, numpy as np, polars as pl, hashlib, os\ndef digest(text): print(hashlib.sha256(text.encode()).hexdigest(), len(text.encode()))")
	for code, write := range map[string]string{
		"a = pd.DataFrame({'f': [0.1 + 0.2, 1e-300, None], 's': ['x,y', 'ü\\n\"', None], 'd': pd.date_range('2026-01-01', periods=3, freq='h')}); a": "a.to_csv()",
		"b = pd.DataFrame(np.random.default_rng(0).normal(size=(20_000, 6)), columns=list('abcdef')); b":                                             "b.to_csv()",
		"c = pl.DataFrame({'n': [1, None], 'f': [0.1 + 0.2, 1e300], 's': ['a', 'b,c']}); c":                                                          "c.write_csv()",
		"e = pd.DataFrame({'a': []}); e": "e.to_csv()",
	} {
		table := shownTable(t, must(t, k, code))
		text, why := sheet(t, k, table.ID)
		want := must(t, k, "digest("+write+")").text(sandbox.Stdout)
		if got := fmt.Sprintf("%x %d\n", sha256.Sum256([]byte(text)), len(text)); got != want || why != "" {
			t.Errorf("%s: %q, %s, not %s", write, why, got, want)
		}
	}
	for code, want := range map[string]string{
		"f = pd.DataFrame({'a': range(1000)})\nf\n":                            "",
		"f = pd.DataFrame({'a': range(1000)})\ndisplay(f)\nf['b'] = 1":         sandbox.SheetChanged,
		"f = pd.DataFrame({'a': range(1000)})\ndisplay(f)\nf.iloc[999, 0] = 5": sandbox.SheetChanged,
		"f = pd.DataFrame({'a': ['x' * 60_000] * 1000})\ndisplay(f)":           sandbox.SheetLarge,
		"f = pl.DataFrame({'a': [[1, 2]]})\ndisplay(f)":                        sandbox.SheetFailed,
	} {
		if _, why := sheet(t, k, shownTable(t, must(t, k, code)).ID); why != want {
			t.Errorf("%s: %q, not %q", code, why, want)
		}
	}
	if _, why := sheet(t, k, "no such"); why != sandbox.ErrNotHeld.Error() {
		t.Errorf("what was never there: %q", why)
	}
}

// hostileTablesAsCSV: what runs meanwhile is the kernel's own, and ends.
func hostileTablesAsCSV(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, `import pandas as pd, time
armed = False
class Frame(pd.DataFrame):
    def to_csv(self, to): raise ValueError('hostile')
class Endless(pd.DataFrame):
    def to_csv(self, to): time.sleep(600)
class Word:
    def __str__(self): return str(1 / (not armed))`)
	for code, want := range map[string]string{
		"f = Frame({'a': [1]})\ndisplay(f)":                           sandbox.SheetFailed,
		"f = pd.DataFrame({'a': [Word()]})\ndisplay(f)\narmed = True": sandbox.SheetChanged,
		"f = Endless({'a': [1]})\ndisplay(f)":                         sandbox.ErrNotHeld.Error(),
	} {
		table := shownTable(t, must(t, k, code))
		if text, why := sheet(t, k, table.ID); text != "" || !strings.HasPrefix(why, want) && !strings.HasPrefix(why, sandbox.ErrNoAnswer.Error()) {
			t.Errorf("%s: %q %q", code, text, why)
		}
		must(t, k, "armed = False")
	}
	for _, answer := range []string{`{"size": 10, "from": 5, "data": "eA=="}`, `{"size": -1, "from": 0}`, `{"size": 1000000000000, "from": 0, "data": "eA=="}`, `{"size": 1, "from": 0, "data": "eHh4"}`,
		`{"size": 5, "from": 0}`, `{"why": "<b>"}`, `[]`, ``} {
		if piece, err := sandbox.ParseSheet(answer, 0); err == nil {
			t.Errorf("%s is taken as %+v", answer, piece)
		}
	}
}
