package sandboxtest

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"mayfly/models"
	"mayfly/sandbox"
)

// makeFormats writes a file for every extension that can be written here.
//
//go:embed testdata/formats.py
var makeFormats string

// unwritten are the extensions for which no installed package has a writer.
var unwritten = []string{"xls", "xlsb", "sas7bdat", "xpt", "psd"}

// loaded maps each loader to a Python expression that must hold of f, what
// load_file made of a file.
var loaded = map[string]string{
	"csv": "f.equals(df)", "tsv": "f.equals(df)", "psv": "f.equals(df)", "excel": "f.equals(df)", "parquet": "f.equals(df)",
	"feather": "f.equals(df)", "orc": "f.equals(df)", "avro": "f.equals(df)", "jsonl": "f.equals(df)", "json": "f.equals(df)",
	"stata":  "f.x.tolist() == [1, 2, 3] and f.y.tolist() == ['a', 'b', 'ü']",
	"sqlite": "f.execute('select x from t').fetchall() == [(7,)] and refuses(f)", "duckdb": "f.execute('select x from t').fetchall() == [(7,)] and refuses(f)",
	"document": "f == tree", "yaml": "f == tree", "toml": "f == tree", "plist": "f == tree", "msgpack": "f == tree",
	"ini":  "f == {'a': {'b': '50%'}}",
	"xml":  "[e.text for e in f.iter('y')] == ['a', 'b', 'ü']",
	"docx": "f.paragraphs[0].text == 'tëxt'", "odf": "'office' in f.topnode.qname[0]", "pdf": "'hello' in f.pages[0].extract_text()",
	"npy": "f.tolist() == [0, 1, 2, 3, 4]", "npz": "type(f) is dict and f['a'].tolist() == [1, 1]",
	"pickle": "f == {'k': (1, 2)}", "joblib": "f == {'k': (1, 2)}", "hdf": "f.equals(df)",
	"netcdf": "f.variables['v'][:].tolist() == [1, 2, 3]", "matlab": "f['a'].tolist() == [[0, 1, 2]]", "matrix": "f.toarray().trace() == 3",
	"graphml": "type(f).__module__.startswith('networkx') and f.number_of_edges() == 2", "gexf": "f.number_of_edges() == 2", "gml": "f.number_of_edges() == 2",
	"picture": "isinstance(f, Image.Image) and f.size in ((4, 3), (1024, 1024)) and f.getpixel((0, 0)) is not None",
	"wav":     "f[0] == 8000 and f[1].tolist() == [0, 1, 2, 3]",
	"zip":     "f.namelist() == ['in.txt'] and f.read('in.txt').decode() == 'tëxt'",
	"tar":     "f.getnames() == ['in.txt'] and f.extractfile('in.txt').read() == b'ok'",
	"text":    `f == 'tëxt\n'`, "bytes": `f == b'\x00\xff'`, "compressed": "f.equals(df)",
}

// shapes are files that show what else a loader may make of its type.
var shapes = map[string]string{
	"two.xlsx": "list(f) == ['one', 'two'] and f['two'].equals(df)", "named.xls": "f.equals(df)",
	"columns.json": "f.reset_index(drop=True).equals(df)", "tree.json": "f == tree", "scalar.json": "f == 7", "mixed.jsonl": "f == [{'a': 1}, [2]]",
	"several.yaml": "f == [{'a': 1}, {'b': 2}]", "loose.cfg": `f == 'no sections = here\n'`,
	"latin.csv": "f.y[0] == 'ü'", "wide.csv": "f.equals(df)", "wide.txt": "f == 'tëxt'", "marked.txt": "f == 'head'",
	"noending": `f == b'\x00\xff'`, "odd.weird": `f == b'\x00\xff'`, "stream.arrow": "f.equals(df)",
	"both.h5": "sorted(f) == ['one', 'two'] and f['two'].equals(df)", "plain.h5": "f['d'][:].tolist() == [1, 2]",
	"four.nc": "f['d'][:].tolist() == [1, 2]", "odd.mat": "f['d'][:].tolist() == [1, 2]", "duck.db": "f.execute('select x from t').fetchall() == [(7,)]",
	"t.tar.gz": "f.getnames() == ['in.txt']", "t.json.gz": "f == tree", "t.weird.gz": `f == b'\x00\xff'`,
	"t.sqlite.xz": "f.execute('select x from t').fetchall() == [(7,)]", "plain.tar.zst": "f.extractfile('in.txt').read() == b'ok'",
}

// loadEveryFormat writes each format in one kernel and loads it in another, by
// a loop in there: a few hundred turns would take longer.
func loadEveryFormat(t *testing.T, s *suite) {
	wanted, skipped, limits := map[string]string{}, map[string]bool{}, sandbox.Limits{FilesMax: 1000}
	for _, row := range models.FileTypes() {
		name := "t" + row.Extension
		if row.Loader == "compressed" {
			name = "t.csv" + row.Extension
		}
		if skipped[name] = slices.Contains(unwritten, row.Extension[1:]); !skipped[name] {
			wanted[name] = loaded[row.Loader]
		}
	}
	maps.Copy(wanted, shapes)
	maker := s.open(t, sandbox.Spec{Limits: limits})
	must(t, maker, fmt.Sprintf("LOADERS = __import__('mayfly').loaders.TABLE\nUNWRITTEN = %s\n", pythonList(unwritten))+makeFormats)
	shelf := &rack{}
	var names []string
	for _, f := range produced(t, maker) {
		if wanted[f.path] != "" {
			names = append(names, f.path)
		}
		shelf.put(f.path, f.content)
		delete(skipped, f.path)
	}
	for name := range wanted {
		if !slices.Contains(names, name) {
			t.Errorf("%s was not written", name)
		}
	}
	reader := s.open(t, sandbox.Spec{Shelf: shelf})
	d := must(t, reader, loadThem(wanted, names))
	wantText(t, d, sandbox.Stdout, fmt.Sprintf("%d loaded\n", len(names)))
	if wrong := d.text(sandbox.Stderr); wrong != "" {
		t.Errorf("loaded otherwise than the table says:\n%s", wrong)
	}
}

// loadThem is a program that names what does not hold on stderr.
func loadThem(wanted map[string]string, names []string) string {
	var b strings.Builder
	b.WriteString(`import sys, warnings, pandas as pd, numpy as np
from PIL import Image
warnings.simplefilter('ignore')
df, tree, count = pd.DataFrame({'x': [1, 2, 3], 'y': ['a', 'b', 'ü']}), {'a': {'b': [1, 2]}}, 0
def refuses(connection):
    try: connection.execute('create table u (x int)')
    except Exception: return True
def check(name, holds):
    try: assert holds(load_file(name)), repr(load_file(name))[:300]
    except BaseException as e: print(name, type(e).__name__, e, file=sys.stderr)
`)
	for _, name := range names {
		fmt.Fprintf(&b, "check(%q, lambda f: %s); count += 1\n", name, wanted[name])
	}
	b.WriteString("print(count, 'loaded')\n")
	return b.String()
}

func pythonList(words []string) string { return "['" + strings.Join(words, "', '") + "']" }

// loadersAgree holds the loaders that the host's table names against the
// readers that the guest has.
func loadersAgree(t *testing.T, s *suite) {
	named := map[string]bool{}
	for _, row := range models.FileTypes() {
		named[row.Loader] = true
		if loaded[row.Loader] == "" && row.Loader != "sas" {
			t.Errorf("nothing tests the loader %s of %s", row.Loader, row.Extension)
		}
	}
	d := must(t, s.open(t, sandbox.Spec{}), "import mayfly.loaders\nprint(*sorted(mayfly.loaders.READERS))")
	wantText(t, d, sandbox.Stdout, strings.Join(slices.Sorted(maps.Keys(named)), " ")+"\n")
}

// loadOfWhatLiesHere: what the code wrote itself is no file of its owner's yet,
// and the error says where it is.
func loadOfWhatLiesHere(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Shelf: &rack{}})
	result, d := exec(t, k, "open('mine.csv', 'w').close()\nload_file('mine.csv')")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantPart(t, "the exception", result.Exception, "The path 'mine.csv' does exist in here")
	result, d = exec(t, k, "load_file('other.csv')")
	wantEnding(t, result, d, sandbox.Raised, 1)
	if strings.Contains(result.Exception, "does exist") {
		t.Errorf("it says %q", result.Exception)
	}
}
