package models

import (
	"path"
	"strconv"
	"strings"
)

// Suggestion is a ready cell for a file.
type Suggestion struct {
	Words string // what it does: "Load", "Plot"
	Code  string
}

// Suggestions are the ready cells for a file of that name, the plainest first.
// Each works by itself.
func Suggestions(name string) []Suggestion {
	kind := TypeOf(name)
	cells := readyCells[kind.Loader]
	if own := readyCells[kind.Category]; kind.Loader == "bytes" && own != nil {
		cells = own
	}
	// Quoting escapes nothing that Python reads differently.
	fill := strings.NewReplacer("NAME", variableOf(name), "FILE", strconv.Quote(name), "STEM", strconv.Quote(stemOf(name)))
	made := make([]Suggestion, len(cells))
	for i, c := range cells {
		made[i] = Suggestion{c.Words, fill.Replace(c.Code)}
	}
	return made
}

func stemOf(name string) string {
	base := path.Base(name)
	stem, _, _ := strings.Cut(base, ".")
	if stem == "" {
		return "unpacked"
	}
	return stem
}

// variableOf is what the file is called in code: letters of its name, and never a
// word that Python or the usual modules have taken.
func variableOf(name string) string {
	const most = 30
	var out strings.Builder
	for _, r := range strings.ToLower(stemOf(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && out.Len() > 0:
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "_"):
			out.WriteByte('_')
		}
		if out.Len() >= most {
			break
		}
	}
	word := strings.Trim(out.String(), "_")
	if word == "" {
		return "loaded"
	}
	if strings.Contains(takenWords, " "+word+" ") {
		return word + "_data"
	}
	return word
}

// takenWords are Python's keywords, and names that cells lean on.
const takenWords = ` and as assert async await break class continue def del elif else except finally for from global if import in is lambda
	nonlocal not or pass raise return try while with yield match case type abs all any bin bool bytes chr dict dir display exec filter float format
	help hex id input int iter len list map max min next object open ord pow print range repr round set sorted str sum tuple vars zip
	np pd plt pl nx sns scipy numpy pandas json csv os sys math random re time datetime duckdb statistics name names sheet sheets key value
	table tables numbers page entries entry load_file list_files get_file_path `
