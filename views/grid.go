package views

import (
	"fmt"

	"mayfly/sandbox"
	"mayfly/views/ui"
)

// grid is a page of a table as it is drawn.
type grid struct {
	*sandbox.Table
	of     Said
	seq    int // of the display
	levels int // of the column names
}

func newGrid(of Said, seq int, t *sandbox.Table) *grid {
	g := &grid{Table: t, of: of, seq: seq, levels: 1}
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

// TableRows and TableColumns are how much one page of a table holds.
const (
	TableRows    = 20
	TableColumns = sandbox.PageColumnsMax
)

// whole says that nothing is left out.
func (g *grid) whole() bool { return len(g.Body) >= g.Rows && len(g.Head) >= g.Columns }

// rowSpan is which rows stand there: rows 21–40.
func (g *grid) rowSpan() string {
	return fmt.Sprintf("rows %s–%s", ui.Count(g.From+1), ui.Count(g.From+len(g.Body)))
}

func (g *grid) columnSpan() string {
	return fmt.Sprintf("columns %s–%s", ui.Count(g.Column+1), ui.Count(g.Column+len(g.Head)))
}

// TableView is a page of a table that was asked for.
type TableView struct {
	Run   string
	Seq   int
	Table *sandbox.Table
	Back  string // where the table stands
}

func (v TableView) grid() *grid {
	return newGrid(saidBy(v.Run), v.Seq, v.Table)
}

// SheetView is a table that cannot be had whole.
type SheetView struct {
	Run   string
	Seq   int
	Table *sandbox.Table // the page that was shown
	Why   string         // a sentence
	More  int            // so many rows can be had as they are shown; 0: those of the page alone
	Back  string
}

// offer says what there is instead.
func (v SheetView) offer() string {
	rows := len(v.Table.Body)
	if v.More > 0 {
		rows = min(v.More, v.Table.Rows)
	}
	words := fmt.Sprintf("What there is instead: %s of %s", ui.Count(rows), ui.Plural(v.Table.Rows, "row"))
	if len(v.Table.Head) < v.Table.Columns {
		words += fmt.Sprintf(", the first %d of %d columns", len(v.Table.Head), v.Table.Columns)
	}
	return words + ", with numbers as they are shown."
}

func (v SheetView) address() string {
	if v.More > 0 {
		return saidBy(v.Run).csv(v.Seq) + "&shown=rows"
	}
	return saidBy(v.Run).csv(v.Seq) + "&shown=page"
}
