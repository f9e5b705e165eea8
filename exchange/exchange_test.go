package exchange_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"mayfly/exchange"
	"mayfly/models"
	"mayfly/sandbox"
)

// kept is the notebook that the database would give back, with what it brought
// along, before anything was run.
func kept(t *testing.T, n models.NewNotebook) exchange.Book {
	t.Helper()
	book := exchange.Book{
		Notebook: &models.Notebook{Name: n.Name, Facts: n.Facts, ReadAt: time.Unix(1_790_000_000, 0)},
		Imports:  map[models.CellID]*models.Import{}, Python: "3.11.2",
		Outputs: func(models.Run) ([]models.Output, error) { return nil, nil },
	}
	for i, c := range n.Cells {
		id := models.CellID(strings.Repeat("a", 20) + string(rune('a'+i/26)) + string(rune('a'+i%26)))
		brought, err := models.ImportOf(id, c)
		if err != nil {
			t.Fatal(err)
		}
		book.Notebook.Cells = append(book.Notebook.Cells, models.Cell{ID: id, Place: i + 1, Kind: c.Kind, Text: c.Text})
		if brought != nil {
			book.Imports[id] = brought
		}
	}
	return book
}

func read(t *testing.T, name string, text []byte) models.NewNotebook {
	t.Helper()
	n, err := exchange.Read(name, text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func ipynb(t *testing.T, b exchange.Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.WriteIpynb(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// valid asks Jupyter's own library, strictly: no key that nbformat does not have,
// no id twice.
func valid(t *testing.T, files map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	python := filepath.Join(cmp.Or(os.Getenv("MAYFLY_RUNTIME"), "/opt/mayfly/python"), "bin/python3")
	said, err := exec.CommandContext(t.Context(), python, "-I", "-W", "error", "-c", `
import json, pathlib, sys, nbformat
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    book = json.loads(path.read_text())
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5), path
    nbformat.validate(nbformat.from_dict(book), relax_add_props=False)
    assert len({c["id"] for c in book["cells"]}) == len(book["cells"]), f"{path}: an id twice"
    nbformat.read(path, as_version=4)
    print(path.name, len(book["cells"]))
`, dir).CombinedOutput()
	if err != nil {
		t.Fatalf("nbformat: %v\n%s", err, said)
	}
	if lines := strings.Count(string(said), "\n"); lines != len(files) {
		t.Fatalf("nbformat looked at %d of %d files", lines, len(files))
	}
}

// alike is a file's content as Jupyter reads it: lists of lines are text, and
// what we add of our own is left out.
func alike(t *testing.T, text []byte) any {
	t.Helper()
	var book any
	if err := json.Unmarshal(text, &book); err != nil {
		t.Fatal(err)
	}
	var even func(any) any
	even = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "mayfly")
			delete(v, "nbformat_minor")
			for key, value := range v {
				v[key] = even(value)
			}
			return v
		case []any:
			var text strings.Builder
			for i, value := range v {
				if line, ok := value.(string); ok && text.Len() >= 0 {
					text.WriteString(line)
					continue
				}
				v[i] = even(value)
			}
			if text.Len() > 0 {
				return text.String()
			}
			if len(v) == 0 {
				return ""
			}
			return v
		}
		return v
	}
	return even(book)
}

// TestTheFiveNotebooksComeBack: read, written and read again they are the same,
// and Jupyter's library takes what is written.
func TestTheFiveNotebooksComeBack(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../testdata/notebooks/*.ipynb")
	if err != nil || len(paths) != 5 {
		t.Fatalf("%d notebooks, %v", len(paths), err)
	}
	files := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first := read(t, path, text)
		files[filepath.Base(path)] = ipynb(t, kept(t, first))
		if again := read(t, "other.ipynb", files[filepath.Base(path)]); !reflect.DeepEqual(first.Cells, again.Cells) || first.Name != again.Name {
			t.Errorf("%s changed on its way:\n%+v\n%+v", path, first, again)
		}
		if want := strings.TrimSuffix(filepath.Base(path), ".ipynb"); first.Name != want {
			t.Errorf("%s is called %q", path, first.Name)
		}
	}
	valid(t, files)
}

// TestAllOfAFileComesBack: what Mayfly has no place for is given back as it came.
func TestAllOfAFileComesBack(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/whole.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	first := read(t, "whole.ipynb", text)
	out := ipynb(t, kept(t, first))
	valid(t, map[string][]byte{"whole.ipynb": out})
	want, got := alike(t, text), alike(t, out)
	if !reflect.DeepEqual(want, got) {
		a, _ := json.MarshalIndent(want, "", " ")
		b, _ := json.MarshalIndent(got, "", " ")
		t.Errorf("came as\n%s\nwent as\n%s", a, b)
	}
	var streams []string
	for _, c := range first.Cells {
		for _, o := range c.Outputs {
			streams = append(streams, o.Stream)
		}
	}
	if got := strings.Join(streams, " "); got != "stdout stderr display display failure" {
		t.Errorf("its outputs are %s", got)
	}
	if first.Name != "All there is" {
		t.Errorf("it is called %q", first.Name)
	}
}

// run gives a cell a last run that said something.
func run(b *exchange.Book, place int, outputs ...models.Output) {
	began := time.Unix(1_790_000_000-int64(place), 0)
	over := began.Add(1500 * time.Millisecond)
	last := &models.Run{
		ID: models.RunID(strings.Repeat("r", 25) + string(rune('a'+place))), State: models.Done, Ending: models.OK, StartedAt: &began, FinishedAt: &over,
		Wall: 1500 * time.Millisecond, PeakMemory: 7 << 20, Count: 10 - place,
	}
	b.Notebook.Cells[place-1].Last, b.Notebook.Cells[place-1].Validity = last, models.Current
	before := b.Outputs
	b.Outputs = func(r models.Run) ([]models.Output, error) {
		if r.ID == last.ID {
			return outputs, nil
		}
		return before(r)
	}
}

// TestWhatRanIsWritten: streams are joined, changed displays are shown once, what
// was taken back is not, and our tables have forms for others.
func TestWhatRanIsWritten(t *testing.T) {
	t.Parallel()
	book := kept(t, models.NewNotebook{Name: "Ran", Cells: []models.NewCell{
		{Kind: models.CodeCell, Text: "one"}, {Kind: models.CodeCell, Text: "two"}, {Kind: models.MarkdownCell, Text: "# three"},
	}})
	table := `{"id":"x","kind":"pandas","rows":9,"columns":1,"from":0,"column":0,"index":[""],"head":[{"name":["a"],"dtype":"int64","right":true}],"body":[{"index":["0"],"cells":["<7>"]},{"index":["1"],"cells":[null]}]}`
	run(&book, 1,
		models.Output{Seq: 1, Stream: "stdout", Text: "gone\n"}, models.Output{Seq: 2, Stream: "clear"},
		models.Output{Seq: 3, Stream: "stdout", Text: "a\n"}, models.Output{Seq: 4, Stream: "stdout", Text: "b\n"},
		models.Output{Seq: 5, Stream: "stderr", Text: "careful\n"},
		models.Output{Seq: 6, Stream: "display", Bundle: map[string]string{"text/plain": "old"}},
		models.Output{Seq: 7, Stream: "display", Replaces: 6, Bundle: map[string]string{"text/plain": "new", "application/json": `{"a":1}`, "application/vnd.x+json": "not json"}},
		models.Output{Seq: 8, Stream: "display", Bundle: map[string]string{sandbox.TableMIME: table}},
		models.Output{Seq: 9, Stream: "display", Bundle: map[string]string{"image/png": "aGk=", sandbox.PictureMIME: `{"alt":"A line","width":40}`}, Description: "Sales by <day>"},
		models.Output{Seq: 11, Stream: "display", Value: true, Bundle: map[string]string{"text/plain": "42"}},
		models.Output{Seq: 10, Stream: "note", Text: "a note of ours"},
	)
	run(&book, 2, models.Output{Seq: 1, Stream: "failure", Text: "Traceback\n  line 1\n\x1b[31mValueError\x1b[0m: too: much"})
	out := ipynb(t, book)
	valid(t, map[string][]byte{"ran.ipynb": out})
	var said struct {
		Cells []struct {
			Count    *int `json:"execution_count"`
			Metadata struct {
				Mayfly struct {
					Ending  string
					Seconds float64
					Notes   []string
				}
				Execution map[string]string
			}
			Outputs []map[string]any
		}
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	first, second := said.Cells[0], said.Cells[1]
	if *first.Count != 9 || *second.Count != 8 {
		t.Errorf("counted %d, %d: the interpreter counted 9, 8", *first.Count, *second.Count)
	}
	if m := first.Metadata; m.Mayfly.Ending != "ok" || m.Mayfly.Seconds != 1.5 || len(m.Mayfly.Notes) != 1 || m.Execution["shell.execute_reply"] == "" {
		t.Errorf("its facts: %+v", m)
	}
	var shown []string
	for _, o := range first.Outputs {
		text, _ := json.Marshal(o)
		shown = append(shown, string(text))
	}
	all := strings.Join(shown, "\n")
	for _, want := range []string{`"text":["a\n","b\n"]`, `"name":"stderr"`, `"text/plain":["new"]`, `"application/json":{"a":1}`,
		`\u0026lt;7\u0026gt;`, `9 rows × 1 columns`, `"metadata":{"image/png":{"alt":"Sales by \u003cday\u003e","width":40}}`,
		`{"data":{"text/plain":["42"]},"execution_count":9,"metadata":{},"output_type":"execute_result"}`} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in\n%s", want, all)
		}
	}
	if strings.Contains(all, "gone") || strings.Contains(all, "old") || len(first.Outputs) != 6 {
		t.Errorf("%d outputs:\n%s", len(first.Outputs), all)
	}
	if o := second.Outputs[0]; o["ename"] != "ValueError" || o["evalue"] != "too: much" || len(o["traceback"].([]any)) != 3 {
		t.Errorf("the error: %v", o)
	}
}

// TestWhatIsWrittenIsValidWhateverWasRead: what the file says and nbformat forbids
// does not get into the next one.
func TestWhatIsWrittenIsValidWhateverWasRead(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	for name, text := range map[string]string{
		"metadata": `{"nbformat":4,"nbformat_minor":2,"metadata":{"kernelspec":{"name":7},"language_info":{"name":"python","mimetype":3},"orig_nbformat":"x","authors":1,"title":""},"cells":[
			{"cell_type":"code","metadata":{"tags":["a","a"],"collapsed":"yes","name":"","jupyter":{"source_hidden":1},"execution":{"x":1},"scrolled":7},"source":"1","outputs":[],"execution_count":-4,"id":"not/an id"},
			{"cell_type":"markdown","id":"same","metadata":{"tags":["b,c"]},"attachments":{"a.png":{"image/png":7},"b.png":[],"c.png":{"image/png":["aGk="],"application/json":{}}},"source":["x\n","y"]},
			{"cell_type":"raw","id":"same","metadata":{"format":3},"source":""}]}`,
		"outputs": `{"nbformat":4,"nbformat_minor":9,"cells":[{"cell_type":"code","source":["print()\n"],"extra":1,"outputs":[
			{"output_type":"stream","name":"weird","text":["a","b"],"extra":2},
			{"output_type":"execute_result","data":{"text/plain":"x","application/json":[1,{"deep":[null]}],"application/vnd.jupyter.widget-view+json":{"model_id":"1"}},"execution_count":null},
			{"output_type":"display_data","data":{"image/png":["aG\n","k="]},"metadata":{"image/png":{"width":3}}},
			{"output_type":"error","ename":"E","evalue":"v","traceback":[]}]}]}`,
		"empty": `{"nbformat":4,"nbformat_minor":0,"metadata":{},"cells":[]}`,
	} {
		files[name+".ipynb"] = ipynb(t, kept(t, read(t, name+".ipynb", []byte(text))))
	}
	valid(t, files)
	if !bytes.Contains(files["metadata.ipynb"], []byte("c.png")) || bytes.Contains(files["metadata.ipynb"], []byte("b.png")) {
		t.Errorf("attachments: %s", files["metadata.ipynb"])
	}
}
