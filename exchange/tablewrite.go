package exchange

import (
	"fmt"
	"html"
	"strings"
	"text/tabwriter"

	"mayfly/sandbox"
)

// tableHTML is a page of a table as pandas writes one.
func tableHTML(t *sandbox.Table) string {
	var out strings.Builder
	out.WriteString("<table border=\"1\" class=\"dataframe\">\n<thead>\n<tr>")
	for _, name := range t.Index {
		out.WriteString("<th>" + html.EscapeString(name) + "</th>")
	}
	for _, col := range t.Head {
		out.WriteString("<th>" + html.EscapeString(strings.Join(col.Name, " / ")) + "</th>")
	}
	out.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Body {
		out.WriteString("<tr>")
		for _, cell := range row.Index {
			out.WriteString("<th>" + html.EscapeString(shown(cell)) + "</th>")
		}
		for _, cell := range row.Cells {
			out.WriteString("<td>" + html.EscapeString(shown(cell)) + "</td>")
		}
		out.WriteString("</tr>\n")
	}
	fmt.Fprintf(&out, "</tbody>\n</table>\n<p>%d rows × %d columns</p>\n", t.Rows, t.Columns)
	return out.String()
}

// tableText is the same as aligned text.
func tableText(t *sandbox.Table) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	line := func(cells []string) { _, _ = fmt.Fprintln(w, strings.Join(cells, "\t")) } // into memory
	head := append([]string{}, t.Index...)
	for _, col := range t.Head {
		head = append(head, strings.Join(col.Name, " / "))
	}
	line(head)
	for _, row := range t.Body {
		var cells []string
		for _, cell := range append(append([]*string{}, row.Index...), row.Cells...) {
			cells = append(cells, strings.NewReplacer("\t", " ", "\n", " ").Replace(shown(cell)))
		}
		line(cells)
	}
	_ = w.Flush()
	return out.String() + fmt.Sprintf("\n[%d rows x %d columns]", t.Rows, t.Columns)
}

func shown(cell *string) string {
	if cell == nil {
		return "NaN"
	}
	return *cell
}
