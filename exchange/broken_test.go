package exchange_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"mayfly/exchange"
	"mayfly/models"
)

// TestABrokenFileSaysWhatIsWrong: each fault has its own words, with the place.
func TestABrokenFileSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	cells := func(cell string) string {
		return `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","source":""},` + cell + `]}`
	}
	for what, c := range map[string]struct{ name, text, want string }{
		"empty":             {"a.ipynb", " \n", "is empty"},
		"no JSON":           {"a.ipynb", "{\n \"cells\": [\n  oops", "line 3, column 3: invalid character 'o'"},
		"cut off":           {"a.ipynb", `{"cells": [`, "line 1, column 11: unexpected end of JSON"},
		"a list":            {"a.ipynb", `[1, 2]`, "one JSON object"},
		"other JSON":        {"a.json", `{"a": 1}`, "does not say its nbformat"},
		"version 3":         {"a.ipynb", `{"nbformat":3,"nbformat_minor":0,"metadata":{},"worksheets":[]}`, "old format 3 of Jupyter. Save it in Jupyter"},
		"worksheets only":   {"a.ipynb", `{"worksheets":[{}]}`, "old format ?"},
		"version 5":         {"a.ipynb", `{"nbformat":5,"cells":[]}`, "nbformat 5, which is not known here"},
		"version of text":   {"a.ipynb", `{"nbformat":"4","cells":[]}`, "which is not known here"},
		"no cells":          {"a.ipynb", `{"nbformat":4}`, "holds no cells"},
		"cells of text":     {"a.ipynb", `{"nbformat":4,"cells":"x"}`, "its cells are no list"},
		"another language":  {"a.ipynb", `{"nbformat":4,"metadata":{"language_info":{"name":"julia"}},"cells":[]}`, "written in julia, and Mayfly runs Python"},
		"metadata of text":  {"a.ipynb", `{"nbformat":4,"metadata":"x","cells":[]}`, "metadata is no JSON object"},
		"a cell of text":    {"a.ipynb", cells(`"x"`), "Cell 2 of 2: it is no JSON object"},
		"an unknown cell":   {"a.ipynb", cells(`{"cell_type":"heading","source":""}`), "Cell 2 of 2: its cell_type is “heading”"},
		"a numeric source":  {"a.ipynb", cells(`{"cell_type":"code","source":7}`), "Cell 2 of 2: its source is neither"},
		"outputs of text":   {"a.ipynb", cells(`{"cell_type":"code","source":"","outputs":"x"}`), "its outputs are no list"},
		"an unknown output": {"a.ipynb", cells(`{"cell_type":"code","source":"","outputs":[{"output_type":"pyout"}]}`), "Cell 2 of 2: output 1: its output_type is “pyout”"},
		"data of numbers":   {"a.ipynb", cells(`{"cell_type":"code","source":"","outputs":[{"output_type":"display_data","data":{"image/png":7}}]}`), "output 1: its data of the type “image"},
		"too many cells":    {"a.ipynb", `{"nbformat":4,"cells":[` + strings.Repeat("{},", 500) + "{}]}", "500 cells at most; this has more"},
		"too large":         {"a.ipynb", strings.Repeat(" ", exchange.MaxFile+1), "over 20 MB"},
		"too deep":          {"a.ipynb", `{"nbformat":4,"cells":` + strings.Repeat("[", 20_000), "more than 200 levels deep"},
		"a script in Latin": {"a.py", "x = 1\ny = '\xe9'\n", "Line 2 is no text"},
		"another file":      {"sales.csv", "a,b", "Only .ipynb and .py files"},
		"no ending":         {"notebook", "{}", "Only .ipynb and .py files"},
	} {
		_, err := exchange.Read(c.name, []byte(c.text))
		if models.CodeOf(err) != models.InvalidInput || !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: %v, wanted %q", what, err, c.want)
		}
	}
}

// TestWhatIsTooMuchIsLeftOutAndTold: an output over what a notebook may bring
// along becomes a note, and the text is kept.
func TestWhatIsTooMuchIsLeftOutAndTold(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 3_000_000)
	text := fmt.Sprintf(`{"nbformat":4,"metadata":{"widgets":%q},"cells":[{"cell_type":"code","source":"a","outputs":[
		{"output_type":"stream","name":"stdout","text":%q},{"output_type":"stream","name":"stdout","text":%q},{"output_type":"stream","name":"stdout","text":"small"}]}]}`, big, big, big)
	n := read(t, "big.ipynb", []byte(text))
	o := n.Cells[0].Outputs
	if len(o) != 3 || o[0].Text != big || o[1].Stream != "note" || !strings.Contains(o[1].Text, "3.0 MB was left out") || o[2].Text != "small" {
		t.Errorf("%d outputs, the second %.200s", len(o), o[1].Text)
	}
	if len(n.Facts) > models.MaxFacts {
		t.Errorf("%d bytes of facts", len(n.Facts))
	}
	if sum := n.Cells[0].Weight(); sum > models.MaxImports {
		t.Errorf("%d bytes beside the text", sum)
	}
}

// FuzzRead: whatever a file holds, there is a notebook whose file is read the same
// again, or an error for people.
func FuzzRead(f *testing.F) {
	for _, path := range []string{"testdata/whole.ipynb", "../testdata/notebooks/rich.ipynb"} {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("a.ipynb", text)
	}
	f.Add("a.py", []byte("# %% [markdown]\n# x\n# %%\n!ls\n"))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		n, err := exchange.Read(name, text)
		if err != nil {
			if models.CodeOf(err) != models.InvalidInput {
				t.Fatal(err)
			}
			return
		}
		if len(n.Cells) > 600 {
			return
		}
		again := read(t, "a.ipynb", ipynb(t, kept(t, n)))
		for i := range n.Cells {
			if n.Cells[i].Text != again.Cells[i].Text && strings.ToValidUTF8(n.Cells[i].Text, "\ufffd") == n.Cells[i].Text {
				t.Errorf("cell %d: %q became %q", i, n.Cells[i].Text, again.Cells[i].Text)
			}
		}
	})
}

// TestAFileOfMillionsOfValuesTakesLittleSEC16: what a file has in numbers takes
// room and time in proportion to its size, whatever it is.
func TestAFileOfMillionsOfValuesTakesLittleSEC16(t *testing.T) { // alone: it counts what is allocated
	cell := func(field string) string { return `{"nbformat":4,"cells":[{"cell_type":"code",` + field + `}]}` }
	many := func(open, value, end string) string {
		return open + strings.Repeat(value+",", 2_000_000/len(value)) + value + end
	}
	var keys strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&keys, `"k%d":1,`, i)
	}
	for what, c := range map[string]struct{ name, text string }{
		"cells":           {"a.ipynb", `{"nbformat":4,"cells":` + many("[", "{}", "]") + "}"},
		"outputs":         {"a.ipynb", cell(`"source":"","outputs":` + many("[", "{}", "]"))},
		"keys":            {"a.ipynb", `{"nbformat":4,"cells":[],"metadata":{` + keys.String() + `"z":1}}`},
		"keys of a cell":  {"a.ipynb", cell(`"source":"","metadata":{` + keys.String() + `"z":1}`)},
		"keys of outputs": {"a.ipynb", cell(`"source":"","outputs":[{"output_type":"display_data","data":{` + keys.String() + `"z":1}}]`)},
		"authors":         {"a.ipynb", `{"nbformat":4,"cells":[],"metadata":{"authors":` + many("[", "1", "]") + "}}"},
		"lines of Python": {"a.py", strings.Repeat("\n", 3_000_000)},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = exchange.Read(c.name, []byte(c.text))
		runtime.ReadMemStats(&after)
		if took := int(after.TotalAlloc - before.TotalAlloc); took > 20*len(c.text) {
			t.Errorf("%s: %d bytes take %d", what, len(c.text), took)
		}
	}
}

// TestMetadataOfAThousandKeysIsCutAtOnce: the largest go until the rest fits.
func TestMetadataOfAThousandKeysIsCutAtOnce(t *testing.T) {
	t.Parallel()
	var metadata strings.Builder
	for i := range 900 {
		fmt.Fprintf(&metadata, `"k%03d": [ %q ],`, i, strings.Repeat("x", i))
	}
	n := read(t, "a.ipynb", []byte(`{"nbformat":4,"cells":[],"metadata":{`+metadata.String()+`"z":{ }}}`))
	if len(n.Facts) > models.MaxFacts || len(n.Facts) < models.MaxFacts-1000 || !strings.Contains(n.Facts, `"z":{}`) || !strings.Contains(n.Facts, "k200") || strings.Contains(n.Facts, "k899") {
		t.Errorf("%d bytes are kept: %.100s", len(n.Facts), n.Facts)
	}
}
