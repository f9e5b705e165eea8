package sandboxtest

import (
	"strings"
	"testing"

	"mayfly/sandbox"
)

func tableChecks() []check {
	return []check{
		{"TablesAsData", tablesAsData},
		{"TablesOfEveryShape", tablesOfEveryShape},
		{"TablesAreBounded", tablesAreBounded},
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
