package jail_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// cellOf is what one code cell of a notebook must say: the media types of its
// displays in order, the richest of each, and parts of its text.
type cellOf struct {
	shows []string
	says  []string
	ends  sandbox.Ending // "" is ok
}

const (
	table, picture, formula = sandbox.TableMIME, "image/png", "application/mathml+xml"
	figure, html, plain     = "application/vnd.plotly.v1+json", "text/html", "text/plain"
)

// notebooks are those below testdata/notebooks, with their code cells in order.
var notebooks = map[string][]cellOf{
	"pandas": {
		{}, {shows: []string{table}, says: []string{`"rows": 400`, "2026-01-01", "north"}}, {shows: []string{table}, says: []string{`"rows": 3`}},
		{shows: []string{table}, says: []string{"count", "east"}}, {shows: []string{picture}, says: []string{"Bar chart: Mean gold by region."}},
		{shows: []string{table}, says: []string{`"mean", "rope"`}}, {says: []string{"RangeIndex: 400 entries", "399 non-null"}},
		{shows: []string{plain}, says: []string{"Name: gold"}}, {shows: []string{picture}, says: []string{"Line chart: Gold by month.", "Legend: all regions."}},
		{says: []string{"14 months written"}}, {shows: []string{html}, says: []string{"background-color"}},
	},
	"seaborn": {
		{}, {shows: []string{table}, says: []string{"flipper"}}, {shows: []string{plain, picture}, says: []string{"Scatter plot: Flipper and mass.", "Legend: "}},
		{shows: []string{picture}, says: []string{"Two views of mass."}}, {shows: []string{picture}, says: []string{"Heat map: Correlation."}},
		{shows: []string{plain, picture}, says: []string{"PairGrid"}}, {ends: sandbox.Raised, says: []string{"sns.load_dataset('penguins')"}},
	},
	"sympy": {
		{shows: []string{formula}, says: []string{"<msqrt>"}}, {shows: []string{formula}, says: []string{"4*x**3*y"}}, {shows: []string{formula}, says: []string{"222B"}},
		{shows: []string{formula}, says: []string{"sqrt(pi)"}}, {shows: []string{formula}, says: []string{"<mtable>"}}, {shows: []string{plain}, says: []string{"[2, 3]"}},
		{shows: []string{formula, formula}, says: []string{"<mfrac>"}}, {shows: []string{"text/markdown"}, says: []string{"**roots**", "<mfrac>"}},
		{shows: []string{formula}, says: []string{"O(x**6)"}}, {says: []string{"d ⎛ 2⎞"}},
	},
	"progress": {
		{says: []string{"tqdm is installed already", "no network here to fetch torch from"}}, {says: []string{"rows: 100%", "1999000"}}, {says: []string{"pages: 100%"}},
		{shows: []string{plain, plain, plain, plain, plain, plain}, says: []string{"step 5 of 5"}},
		{shows: []string{picture, picture, picture}, says: []string{"Line chart: Frame 3.", "shown 3"}},
		{shows: []string{plain}, says: []string{"Wall time", "4999950000"}}, {says: []string{"per loop"}}, {shows: []string{plain}, says: []string{"IntSlider(value=3"}},
		{shows: []string{plain}, says: []string{"4 squared is 16", "interactive("}}, {ends: sandbox.Raised, says: []string{"return n / 0", "ZeroDivisionError"}},
		{says: []string{"shown as pictures", "load_file"}},
	},
	"rich": {
		{}, {shows: []string{table}, says: []string{"Oslo", "21.25", "null", `"String"`}}, {shows: []string{table}, says: []string{"3.5", "mean"}},
		{shows: []string{figure}, says: []string{"Line chart: Degrees by day. x axis: x, y axis: y."}}, {shows: []string{figure}, says: []string{"Bar chart. x axis: city, y axis: degrees. Legend: Oslo, Lima."}}, {shows: []string{html}, says: []string{"in teal"}},
		{shows: []string{"image/svg+xml"}, says: []string{"<circle"}}, {shows: []string{"application/json"}, says: []string{"wings"}},
		{shows: []string{html}, says: []string{"audio/wav"}}, {shows: []string{picture}, says: []string{"PIL.Image"}}, {shows: []string{html}, says: []string{"LinearRegression()"}},
		{shows: []string{table}, says: []string{`"rows": 300`, `"columns": 60`}},
	},
}

// TestNotebooks runs each cell of teaching notebooks in one live kernel.
func TestNotebooks(t *testing.T) {
	t.Parallel()
	wall := openJail(t)
	t.Cleanup(func() {
		if err := wall.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	paths, err := filepath.Glob("../../testdata/notebooks/*.ipynb")
	if err != nil || len(paths) != len(notebooks) {
		t.Fatalf("%d notebooks for %d lists: %v", len(paths), len(notebooks), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		t.Run(name, func(t *testing.T) { runNotebook(t, wall, path, notebooks[name]) })
	}
}

func runNotebook(t *testing.T, wall sandbox.Sandbox, path string, want []cellOf) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, done := context.WithTimeout(t.Context(), 2*time.Minute)
	defer done()
	kernel, err := wall.Open(ctx, sandbox.Spec{Inputs: []sandbox.Input{{
		Name: "this.ipynb", Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(text))), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kernel.Close(context.WithoutCancel(ctx)) }()
	said := &book{}
	valid := "import nbformat; nbformat.validate(nbformat.read('this.ipynb', 4)); del nbformat"
	if result, err := kernel.Exec(ctx, valid, said); err != nil || result.Ending != sandbox.OK {
		t.Fatalf("not valid: %+v %v %s", result, err, said.text)
	}
	cells := codeOf(t, text)
	if len(cells) != len(want) {
		t.Fatalf("%d code cells, %d are listed", len(cells), len(want))
	}
	for i, code := range cells {
		said := &book{}
		result, err := kernel.Exec(ctx, code, said)
		if err != nil {
			t.Fatal(err)
		}
		said.check(t, code, result, want[i])
	}
}

func codeOf(t *testing.T, text []byte) (cells []string) {
	t.Helper()
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		t.Fatal(err)
	}
	for _, cell := range notebook.Cells {
		if cell.Type == "code" {
			cells = append(cells, strings.Join(cell.Source, ""))
		}
	}
	return cells
}

// book takes down what one cell says.
type book struct {
	text  string
	shows []string
}

func (b *book) Emit(o sandbox.Output) error {
	b.text += o.Text
	if o.Stream != sandbox.Display {
		return nil
	}
	for _, kind := range slices.Sorted(maps.Keys(o.Bundle)) {
		b.text += o.Bundle[kind] + "\n"
	}
	best := plain
	for _, kind := range []string{figure, picture, "image/svg+xml", table, formula, html, "text/markdown", "application/json"} {
		if o.Bundle[kind] != "" {
			best = kind
			break
		}
	}
	b.shows = append(b.shows, best)
	return nil
}

func (b *book) Input(context.Context, sandbox.Question) (string, error) { return "", io.EOF }

func (b *book) check(t *testing.T, code string, result sandbox.Result, want cellOf) {
	t.Helper()
	if want.ends == "" {
		want.ends = sandbox.OK
	}
	if result.Ending != want.ends {
		t.Errorf("%q ended %s: %s", code, result.Ending, result.Exception)
	}
	if !slices.Equal(b.shows, want.shows) {
		t.Errorf("%q shows %q, want %q", code, b.shows, want.shows)
	}
	for _, part := range want.says {
		if !strings.Contains(b.text, part) {
			t.Errorf("%q does not say %q:\n%.1500s", code, part, b.text)
		}
	}
}
