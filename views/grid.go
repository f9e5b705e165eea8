package views

import (
	"fmt"

	"mayfly/sandbox"
	"mayfly/views/ui"
)

// grid is a page of a table as it is drawn.
type grid struct {
	*sandbox.Table
	levels int // of the column names
}

func newGrid(t *sandbox.Table) *grid {
	g := &grid{Table: t, levels: 1}
	for _, col := range t.Head {
		g.levels = max(g.levels, len(col.Name))
	}
	return g
}

// part is one level of a column's name.
func (g *grid) part(col sandbox.TableCol, level int) string {
	if level < len(col.Name) {
		return col.Name[level]
	}
	return ""
}

// label is what the table is called among those who hear it.
func (g *grid) label() string {
	return "Table of " + g.size()
}

func (g *grid) size() string {
	return ui.Plural(g.Rows, "row") + " × " + ui.Plural(g.Columns, "column")
}

// foot says how much of the table stands there.
func (g *grid) foot() string {
	words := g.size()
	if len(g.Body) < g.Rows {
		words = fmt.Sprintf("Showing %s of %s", ui.Count(len(g.Body)), words)
	}
	if len(g.Head) < g.Columns {
		words += fmt.Sprintf(", the first %d columns", len(g.Head))
	}
	return words
}
