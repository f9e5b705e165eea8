package exchange

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"mayfly/models"
)

var (
	kindOf   = regexp.MustCompile(`\[(markdown|md|raw)\]`)
	tagsOf   = regexp.MustCompile(`\btags=(\[[^\]]*\])`)
	optionOf = regexp.MustCompile(`\s\w+=.*$`)
	ownName  = regexp.MustCompile(`(?m)^#   mayfly:\n#     name: (".*")$`)
)

// readPercent reads a script. One without cells is one cell.
func readPercent(title, text string) (models.NewNotebook, error) {
	book := models.NewNotebook{Name: cutName(title)}
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		if number++; !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
			return book, models.Invalid("Line %d is no text. Save the file as UTF-8 and import it again.", number)
		}
	}
	head, body := cutHeader(strings.ReplaceAll(text, "\r\n", "\n"))
	if found := ownName.FindStringSubmatch(head); found != nil {
		var name string
		if json.Unmarshal([]byte(found[1]), &name) == nil && name != "" {
			book.Name = cutName(name)
		}
	}
	ours := strings.Contains(head, "#   mayfly:\n")
	cell, begun := &percentDraft{}, false
	take := func(last bool) error {
		if !begun && strings.TrimSpace(cell.text.String()) == "" {
			return nil // what stands before the first cell
		}
		if len(book.Cells) == models.MaxCells {
			return models.Invalid("A notebook has %d cells at most; this has more. Split it.", models.MaxCells)
		}
		book.Cells = append(book.Cells, cell.made(ours, last))
		return nil
	}
	for line := range strings.Lines(body) {
		mark := marker.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if mark == nil {
			cell.text.WriteString(line)
			continue
		}
		if err := take(false); err != nil {
			return book, err
		}
		cell, begun = &percentDraft{options: mark[1]}, true
	}
	return book, take(true)
}

// cutHeader takes off the block between two "# ---" that Jupytext puts first.
func cutHeader(text string) (head, body string) {
	rest, found := strings.CutPrefix(text, "# ---\n")
	if !found {
		return "", text
	}
	head, body, found = strings.Cut(rest, "\n# ---\n")
	if !found || strings.Contains("\n"+head, "\n# %%") {
		return "", text
	}
	return head, body
}

// percentDraft is a cell that is being read.
type percentDraft struct {
	options string
	text    strings.Builder
}

// made is the cell. In a file that Mayfly wrote one empty line parts it from the
// next, unless it is the last; elsewhere empty lines at its end say nothing.
func (d *percentDraft) made(ours, last bool) models.NewCell {
	cell := models.NewCell{Kind: models.CodeCell}
	facts := cellFacts{Metadata: object{}}
	text := strings.TrimSuffix(d.text.String(), "\n")
	if !ours {
		text = strings.TrimRight(text, "\n")
	} else if !last {
		text = strings.TrimSuffix(text, "\n")
	}
	options := d.options
	if tags := tagsOf.FindStringSubmatch(options); tags != nil {
		if areTags(json.RawMessage(tags[1])) {
			facts.Metadata["tags"] = json.RawMessage(tags[1])
		}
		options = strings.Replace(options, tags[0], "", 1)
	}
	if kind := kindOf.FindStringSubmatch(options); kind != nil {
		cell.Kind, facts.Raw = models.MarkdownCell, kind[1] == "raw"
		options = strings.Replace(options, kind[0], "", 1)
	}
	if title := strings.TrimSpace(optionOf.ReplaceAllString(" "+options, "")); title != "" {
		facts.Metadata["title"] = raw(title)
	}
	if cell.Kind == models.MarkdownCell {
		cell.Text = prose(text)
	} else {
		cell.Text = eachLine(text, reveal)
	}
	cell.Facts = written(facts)
	return cell
}

// prose reads Markdown: in comments, or in a string as VS Code and Jupytext take
// it, too.
func prose(text string) string {
	trimmed := strings.TrimSpace(text)
	for _, quote := range []string{`"""`, `'''`} {
		if inner, found := strings.CutPrefix(trimmed, quote); found {
			if inner, found = strings.CutSuffix(inner, quote); found {
				return strings.Trim(inner, "\n")
			}
		}
	}
	return eachLine(text, uncomment)
}
