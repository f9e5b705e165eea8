package exchange

import (
	"encoding/json"
	"io"
	"strings"

	"mayfly/models"
)

// WritePercent writes a script in the percent format. It holds prose and code;
// outputs, attachments and most metadata have no place in it.
func (b Book) WritePercent(w io.Writer) error {
	var head strings.Builder
	head.WriteString("# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       extension: .py\n#       format_name: percent\n" +
		"#   kernelspec:\n#     display_name: Python 3\n#     language: python\n#     name: python3\n#   mayfly:\n#     name: " +
		string(raw(b.Notebook.Name)) + "\n# ---\n")
	if _, err := io.WriteString(w, head.String()); err != nil {
		return err
	}
	for _, c := range b.Notebook.Cells {
		if _, err := io.WriteString(w, "\n"+percentCell(c, factsOf(b.Imports[c.ID]))); err != nil {
			return err
		}
	}
	return nil
}

func percentCell(c models.Cell, facts cellFacts) string {
	mark := "# %%"
	var title string
	if json.Unmarshal(facts.Metadata["title"], &title) == nil && fitsMarker(title) {
		mark += " " + title
	}
	change := hide
	switch {
	case c.Kind == models.MarkdownCell && facts.Raw:
		mark, change = mark+" [raw]", comment
	case c.Kind == models.MarkdownCell:
		mark, change = mark+" [markdown]", comment
	}
	if tags := facts.Metadata["tags"]; tags != nil && areTags(tags) {
		mark += " tags=" + string(tags)
	}
	if c.Text == "" {
		return mark + "\n"
	}
	return mark + "\n" + eachLine(c.Text, change) + "\n"
}

// fitsMarker says whether a title comes back from the line that begins a cell.
func fitsMarker(title string) bool {
	return title != "" && title == strings.TrimSpace(title) && !strings.ContainsAny(title, "\r\n[=")
}
