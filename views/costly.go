package views

import "strings"

// Bounds of Markdown that is drawn. goldmark looks for the other end of a mark
// among all marks of its block, and for what stands in a quote or list at each
// line again: a text that is made for that takes seconds for each 64 KiB.
const (
	maxMarkWork = 25_000_000 // of all blocks, see workOf: some 50 ms
	maxMarks    = 100        // quotes and list items inside each other at the beginning of one line
)

// costly says whether drawing the Markdown takes longer than a text of its length
// should.
func costly(text string) bool {
	work, marks, size := 0, 0, 0
	for line := range strings.Lines(text) {
		rest := strings.TrimSpace(line)
		if rest == "" {
			work, marks, size = work+workOf(marks, size), 0, 0
			continue
		}
		size += len(rest)
		if nested(rest) > maxMarks {
			return true
		}
		for i := range len(rest) {
			switch rest[i] {
			case '*', '_', '~', '[', ']':
				marks++
			}
		}
	}
	return work+workOf(marks, size) > maxMarkWork
}

// workOf is what the marks of a block cost: each is compared with the others, and
// each that may begin a link reads on to the block's end.
func workOf(marks, size int) int { return marks * (marks + size/8) }

// nested is how many quotes and list items begin with a line, at most maxMarks + 1.
func nested(line string) (depth int) {
	for depth <= maxMarks {
		line = strings.TrimLeft(line, " \t")
		mark := 0
		for mark < len(line) && line[mark] >= '0' && line[mark] <= '9' {
			mark++
		}
		if mark >= len(line) || !strings.ContainsRune(">-+*.)", rune(line[mark])) {
			return depth
		}
		line = line[mark+1:]
		depth++
	}
	return depth
}
