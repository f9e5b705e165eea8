package views

import (
	"strings"
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

// Loader is one row of what load_file gives: the extensions that have the same.
type Loader struct {
	Types []string // without the dot
	Gives string
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

// keys are the shortcuts of every code field. "Ctrl" is Cmd on a Mac.
func keys() []shortcut {
	return []shortcut{
		{"Run the code", "Ctrl ↵"},
		{"Find in the code", "Ctrl F"},
		{"Undo", "Ctrl Z"},
		{"Complete a name", "Ctrl Space"},
		{"Leave the code field", "Esc, then Tab"},
	}
}

// notebookKeys are those of a notebook, as its own list has them.
func notebookKeys() (all []keyLine) {
	for _, column := range keyColumns() {
		for _, group := range column {
			all = append(all, group.keys...)
		}
	}
	return all
}

func (v HelpView) pythonWords() string {
	if v.Python == "" {
		return ui.Plural(len(v.Packages), "package") + "."
	}
	return "Python " + v.Python + " with " + ui.Plural(len(v.Packages), "package") + "."
}

func (l Loader) types() string { return strings.Join(l.Types, " ") }

// rows are the limits in words. One that was not told is left out.
func (l LimitsView) rows() []shortcut {
	all := []shortcut{{"Time a run", ui.Limit(l.Wall)}}
	add := func(told bool, does, words string) {
		if told {
			all = append(all, shortcut{does, words})
		}
	}
	add(l.WallMax > l.Wall, "Asked by the API", "up to "+ui.Limit(l.WallMax))
	add(true, "Memory a run", ui.Memory(l.Memory))
	add(l.Tasks > 0, "Processes", ui.Count(l.Tasks)+", threads too")
	add(l.Written > 0, "Output of a run", ui.Size(l.Written)+"; 10 MB of it are kept")
	add(true, "A file", ui.Size(l.FileMax))
	add(l.RunFiles > 0, "Files of a run", ui.Count(l.RunFiles)+", "+ui.Size(l.RunBytes)+" together")
	add(true, "All your files", l.allFiles())
	add(l.Kernels > 0, "At once", ui.Plural(l.Kernels, "run")+"; "+ui.Count(l.Queue)+" more may wait")
	add(l.Idle > 0, "Idle interpreter", "closed after "+lifetime(l.Idle)+" without a run")
	add(l.Facts > 0, "Code of a run", "kept "+days(l.Facts)+"; output as long as files")
	add(l.Extended > l.Lifetime, "Extending a file", "up to "+days(l.Extended)+" in all")
	add(true, "Network", "none, not even to this machine")
	return all
}

func (l LimitsView) allFiles() string {
	if l.Files == 0 {
		return ui.Size(l.Quota)
	}
	return ui.Size(l.Quota) + " with the logs of runs, " + ui.Count(l.Files) + " files"
}

// days is a long time in words.
func days(d time.Duration) string {
	if d >= 72*time.Hour && d%(24*time.Hour) == 0 {
		return ui.Plural(int(d.Hours()/24), "day")
	}
	return lifetime(d)
}
