package exchange_test

import (
	"bytes"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"mayfly/models"
)

func percent(t *testing.T, n models.NewNotebook) string {
	t.Helper()
	var out bytes.Buffer
	if err := kept(t, n).WritePercent(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func codes(texts ...string) (cells []models.NewCell) {
	for _, text := range texts {
		cells = append(cells, models.NewCell{Kind: models.CodeCell, Text: text})
	}
	return cells
}

// TestAScriptComesBack: whatever stands in cells, the same stands in them after
// the way through a .py file.
func TestAScriptComesBack(t *testing.T) {
	t.Parallel()
	n := models.NewNotebook{Name: `A "name": ---`, Cells: codes(
		"", "x = 1", "\n\nx = 1\n\n", "%matplotlib inline\nx", "%%time\nx = 1", "!ls *.csv\n?print", "# %matplotlib inline\n# # !ls",
		"# %% no new cell\n#%%\n# # %% [markdown]\nx", "# ---\n# ---", "if x:\n    %timeit y\n", "'''\n# %%\n'''", "# !important", "%%bash\n# %%\necho hi", "# %%time",
	)}
	n.Cells = append(n.Cells,
		models.NewCell{Kind: models.MarkdownCell, Text: "# Title\n\n- a\n  - b\n\n```\n# %%\n```\n"},
		models.NewCell{Kind: models.MarkdownCell, Text: ""},
		models.NewCell{Kind: models.MarkdownCell, Text: "prose\rimport os\r%% x\r# %%\r\rend"},
		models.NewCell{Kind: models.CodeCell, Text: "x = 1\r%time\r# %%\ry"},
		models.NewCell{Kind: models.MarkdownCell, Text: "raw", Facts: `{"raw":true}`},
		models.NewCell{Kind: models.CodeCell, Text: "tagged", Facts: `{"metadata":{"tags":["a b","[x"],"title":"Load it"}}`},
		models.NewCell{Kind: models.CodeCell, Text: "the last one\n"},
	)
	text := percent(t, n)
	again := read(t, "other.py", []byte(text))
	if again.Name != n.Name || len(again.Cells) != len(n.Cells) {
		t.Fatalf("%q with %d cells of %d:\n%s", again.Name, len(again.Cells), len(n.Cells), text)
	}
	for i, c := range again.Cells {
		if c.Kind != n.Cells[i].Kind || c.Text != n.Cells[i].Text {
			t.Errorf("cell %d: %s %q became %s %q", i, n.Cells[i].Kind, n.Cells[i].Text, c.Kind, c.Text)
		}
	}
	if facts := again.Cells[len(n.Cells)-2].Facts; !strings.Contains(facts, "Load it") {
		t.Errorf("its facts: %s", facts)
	}
}

// TestAScriptIsPython: magics and prose stand in comments.
func TestAScriptIsPython(t *testing.T) {
	t.Parallel()
	n := models.NewNotebook{Name: "n", Cells: append(codes("%matplotlib inline\nx = 1", "!ls", "%%time\nx += 1"),
		models.NewCell{Kind: models.MarkdownCell, Text: "It's prose\n\nwith \"\"\" quotes"},
		models.NewCell{Kind: models.MarkdownCell, Text: "old line ends\rimport os\r\nimport os"})}
	python := exec.CommandContext(t.Context(), "/usr/bin/python3", "-I", "-c",
		"import sys, ast; assert not any(isinstance(s, ast.Import) for s in ast.parse(sys.stdin.buffer.read()).body)")
	python.Stdin = strings.NewReader(percent(t, n))
	if said, err := python.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
}

// TestScriptsOfOthers: what VS Code, Spyder, PyCharm and Jupytext write.
func TestScriptsOfOthers(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		text string
		want []models.NewCell
	}{
		"no cells":      {"import os\n\nprint(os)\n", codes("import os\n\nprint(os)")},
		"before a cell": {"import os\n# %%\nos\n", codes("import os", "os")},
		"Spyder":        {"#%% Load\nx = 1\n\n\n#%% Show\nx\n", []models.NewCell{{Kind: models.CodeCell, Text: "x = 1", Facts: `{"metadata":{"title":"Load"}}`}, {Kind: models.CodeCell, Text: "x", Facts: `{"metadata":{"title":"Show"}}`}}},
		"Windows":       {"# %%\r\nx = 1\r\ny\r\n", codes("x = 1\ny")},
		"a string":      {"# %% [markdown]\n\"\"\"\n# Title\n\nText\n\"\"\"\n# %%\nx", []models.NewCell{{Kind: models.MarkdownCell, Text: "# Title\n\nText"}, {Kind: models.CodeCell, Text: "x"}}},
		"md":            {"# %% [md]\n# # Title\n#\n# Text\n", []models.NewCell{{Kind: models.MarkdownCell, Text: "# Title\n\nText"}}},
		"Jupytext": {"# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n# ---\n\n# %% [markdown] slideshow={\"slide_type\": \"slide\"}\n# Text\n\n# %% tags=[\"parameters\"]\n# %matplotlib inline\nx = 1\n",
			[]models.NewCell{{Kind: models.MarkdownCell, Text: "Text"}, {Kind: models.CodeCell, Text: "%matplotlib inline\nx = 1", Facts: `{"metadata":{"tags":["parameters"]}}`}}},
	} {
		if n := read(t, "theirs.py", []byte(c.text)); !reflect.DeepEqual(n.Cells, c.want) || n.Name != "theirs" {
			t.Errorf("%s: %q %+v, wanted %+v", what, n.Name, n.Cells, c.want)
		}
	}
}

// FuzzPercent: code comes back through a script as it was.
func FuzzPercent(f *testing.F) {
	f.Add("x = 1", "# %%\n!ls")
	f.Add("# # %% a", "%%time\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.ToValidUTF8(a, "") != a || strings.ToValidUTF8(b, "") != b || strings.ContainsAny(a+b, "\x00\r") {
			return
		}
		n := models.NewNotebook{Name: "n", Cells: append(codes(a), models.NewCell{Kind: models.MarkdownCell, Text: b}, codes(b)[0])}
		again := read(t, "n.py", []byte(percent(t, n)))
		if len(again.Cells) != 3 || again.Cells[0].Text != a || again.Cells[1].Text != b || again.Cells[2].Text != b {
			t.Errorf("%q, %q became %+v", a, b, again.Cells)
		}
	})
}
