package exchange

import (
	"regexp"
	"strings"
)

// The percent format: a script whose cells begin with "# %%". Markdown stands in
// comments, and so do magics, so that Python itself can run the file.

var (
	// marker begins a cell: "# %%", "# %% [markdown]", "# %% A title key=value".
	// Magics of a cell, "# %%time", are none: what follows is no space.
	marker = regexp.MustCompile(`^#\s*%%(?:\s+(.*))?$`)

	// magic is a line that only IPython reads.
	magic = regexp.MustCompile(`^(?:%{1,2}[A-Za-z]|[!?]\s*[A-Za-z./~$\\{])`)

	// hidden is a line that looks as a magic or a marker does once it is a
	// comment. Writing puts one "# " in front of such lines, and reading takes
	// one away, so that both come back as they were.
	hidden = regexp.MustCompile(`^(?:# )+(?:%{1,2}[A-Za-z]|[!?]\s*[A-Za-z./~$\\{]|#?\s*%%(?:\s|$))`)
)

// hide writes a line of code.
func hide(line string) string {
	if magic.MatchString(line) || marker.MatchString(line) || hidden.MatchString(line) {
		return "# " + line
	}
	return line
}

// reveal reads a line of code.
func reveal(line string) string {
	if hidden.MatchString(line) {
		return line[len("# "):]
	}
	return line
}

// eachLine applies a change to every line, whose ends stay. A line ends where
// Python ends one, so also at a carriage return alone: what stood after that
// would be prose to us and code to Python.
func eachLine(text string, change func(string) string) string {
	var out strings.Builder
	for text != "" {
		end := strings.IndexAny(text, "\r\n")
		if end < 0 {
			out.WriteString(change(text))
			break
		}
		next := end + 1
		if strings.HasPrefix(text[end:], "\r\n") {
			next++
		}
		out.WriteString(change(text[:end]) + text[end:next])
		text = text[next:]
	}
	return out.String()
}

// marked is a line of prose that looks as a marker does once it is a comment,
// or as one that was told apart from that by one "# " more.
var marked = regexp.MustCompile(`^(?:# )*\s*%%(?:\s|$)`)

// comment writes a line of prose.
func comment(line string) string {
	switch {
	case line == "":
		return "#"
	case marked.MatchString(line):
		return "# # " + line
	}
	return "# " + line
}

// uncomment reads one.
func uncomment(line string) string {
	if rest, found := strings.CutPrefix(line, "# "); found {
		if marked.MatchString(rest) {
			return strings.TrimPrefix(rest, "# ")
		}
		return rest
	}
	return strings.TrimPrefix(line, "#")
}
