package views

import (
	"strings"

	"mayfly/views/ui"
)

// FoundView is what a person has under a name.
type FoundView struct {
	Files     []FileLine
	Notebooks []FoundNotebook
}

// FoundNotebook is one notebook of it.
type FoundNotebook struct {
	ID, Name string
	Cells    int
	Running  bool
}

func (n FoundNotebook) note() string {
	words := ui.Plural(n.Cells, "cell")
	if n.Running {
		words += ", running"
	}
	return words
}

// keyGroup is a heading in the list of keys.
type keyGroup struct {
	name string
	keys []keyLine
}

// keyLine is one thing that keys do. In press "or", "then" are words, the rest
// is on keycaps. A single one is a letter alone, which can be turned off.
type keyLine struct {
	does, press string
	single      bool
}

// keyColumns are the keys of static/js/notebook-keys.js, as they are shown.
func keyColumns() [][]keyGroup {
	return [][]keyGroup{
		{
			{"Run", []keyLine{
				{"Run, go to next", "Shift ↵", false}, {"Run, stay here", "Ctrl ↵", false}, {"Run, add a cell", "Alt ↵", false},
			}},
			{"In the editor", []keyLine{
				{"Complete", "Tab or Ctrl Space", false}, {"Comment", "Ctrl /", false}, {"Find", "Ctrl F", false},
				{"One more cursor", "Ctrl Click", false}, {"Save now", "Ctrl S", false},
			}},
			{"Anywhere", []keyLine{{"Find anything", "Ctrl K", false}, {"This list", "?", true}}},
		},
		{
			{"Cells", []keyLine{
				{"Edit", "↵", false}, {"Leave the editor", "Esc", false}, {"Up, down", "K or J", true}, {"Add above, below", "A or B", true},
				{"Move up, down", "Ctrl Shift ↑↓", false}, {"Delete", "D then D", true}, {"Undo delete", "Z", true}, {"Text, code", "M or Y", true},
			}},
		},
	}
}

type keyPart struct {
	text string
	word bool
}

func (k keyLine) parts() (parts []keyPart) {
	for _, p := range strings.Fields(k.press) {
		parts = append(parts, keyPart{p, p == "or" || p == "then"})
	}
	return parts
}
