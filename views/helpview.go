package views

import (
	"time"

	"mayfly/views/ui"
)

// The help's own examples.
const (
	helpSave = `df.to_csv("sales.csv", index=False)
plt.savefig("chart.png")
`
	helpRead = `df = load_file("sales.csv")
path = get_file_path("model.onnx")   # a read-only copy, for any other reader
list_files()                         # what is there, with ids and times
`
)

type loader struct{ types, gives string }

// loaders is what sandbox/python/loaders.py does, most asked for first.
func loaders() []loader {
	return []loader{
		{"csv tsv parquet feather jsonl", "a DataFrame"},
		{"xlsx xls ods", "a DataFrame; with several sheets, a dict of them by name"},
		{"json", "a DataFrame when it is a table, else a dict or a list"},
		{"yaml toml", "a dict or a list"},
		{"npy npz", "an array; a dict of arrays"},
		{"pickle joblib", "the object"},
		{"png jpg gif webp bmp tiff", "a PIL picture"},
		{"sqlite db", "a connection, to read from"},
		{"xml", "the root element"},
		{"txt md log and code", "text"},
		{"pdf docx h5", "a PdfReader, a Document, an h5py.File"},
		{"zip tar", "the open archive"},
		{"anything it does not know", "bytes"},
	}
}

type clockSample struct {
	clock ui.Clock
	words string
}

// clockSamples show each state that a clock has, with its word.
func clockSamples() []clockSample {
	at := time.Unix(0, 0)
	left := func(d time.Duration) ui.Clock { return ui.Clock{Expires: at.Add(d), Now: at} }
	return []clockSample{
		{left(30 * time.Hour), "time enough"},
		{left(5 * time.Hour), "soon: less than 6 hours"},
		{left(30 * time.Minute), "last hour"},
		{left(0), "expired"},
	}
}

type shortcut struct{ does, keys string }

// keys are the shortcuts there are. "Ctrl" is Cmd on a Mac.
func keys() []shortcut {
	return []shortcut{
		{"Run the code", "Ctrl ↵ or Cmd ↵"},
		{"Find in the code", "Ctrl F or Cmd F"},
		{"Undo", "Ctrl Z or Cmd Z"},
		{"Complete a name", "Ctrl Space"},
		{"Leave the code field", "Esc, then Tab"},
	}
}

func (v HelpView) pythonWords() string {
	if v.Python == "" {
		return ui.Plural(len(v.Packages), "package") + "."
	}
	return "Python " + v.Python + " with " + ui.Plural(len(v.Packages), "package") + "."
}
