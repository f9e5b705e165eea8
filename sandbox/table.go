package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
)

// TableMIME is the form of a display that holds the first page of a table as
// data. Its text is a Table in JSON.
const TableMIME = "application/vnd.mayfly.table+json"

// Bounds of one page of a table. A cell of more characters than cellMax is cut
// by the kernel with an ellipsis.
const (
	PageRowsMax    = 200
	PageColumnsMax = 50
	cellMax        = 1_000 // bytes: 200 characters of four bytes, and room
	levelsMax      = 10    // of an index with several levels
	pageBytesMax   = 1 << 20
)

// Table is one page of a table of Python's, as text that is ready to be shown.
type Table struct {
	ID      string     `json:"id"`      // names it in its kernel; "" when no more of it can be had
	Kind    string     `json:"kind"`    // "pandas" or "polars"
	Rows    int        `json:"rows"`    // of the whole table
	Columns int        `json:"columns"` // of the whole table
	From    int        `json:"from"`    // the first row of this page
	Column  int        `json:"column"`  // and its first column
	Index   []string   `json:"index"`   // what the levels of the index are called; none: the table has no index
	Head    []TableCol `json:"head"`
	Body    []TableRow `json:"body"`
}

// TableCol is one column. Name has a part for each level.
type TableCol struct {
	Name  []string `json:"name"`
	Dtype string   `json:"dtype"`
	Right bool     `json:"right"` // numbers: aligned right
}

// TableRow is one row. A nil cell is a missing value.
type TableRow struct {
	Index []*string `json:"index"`
	Cells []*string `json:"cells"`
}

var errTable = errors.New("this is no page of a table")

// ParseTable reads what a kernel says is a page of a table. It is hostile: a
// page that is not whole, or beyond the bounds, is an error.
func ParseTable(text string) (*Table, error) {
	if len(text) > pageBytesMax {
		return nil, errTable
	}
	var t Table
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return nil, fmt.Errorf("%w: %w", errTable, err)
	}
	if !t.bounded() {
		return nil, errTable
	}
	for _, row := range t.Body {
		if len(row.Cells) != len(t.Head) || len(row.Index) != len(t.Index) || !short(row.Cells) || !short(row.Index) {
			return nil, errTable
		}
	}
	return &t, nil
}

// bounded checks everything but the rows.
func (t *Table) bounded() bool {
	if len(t.ID) > 64 || len(t.Kind) > 20 || min(t.From, t.Column, t.Rows, t.Columns) < 0 ||
		len(t.Body) > PageRowsMax || len(t.Head) > PageColumnsMax || len(t.Index) > levelsMax ||
		t.From > t.Rows-len(t.Body) || t.Column > t.Columns-len(t.Head) || t.Rows > 1<<53 || t.Columns > 1<<53 {
		return false
	}
	for _, col := range t.Head {
		if len(col.Name) == 0 || len(col.Name) > levelsMax || len(col.Dtype) > cellMax {
			return false
		}
		for _, part := range col.Name {
			if len(part) > cellMax {
				return false
			}
		}
	}
	for _, level := range t.Index {
		if len(level) > cellMax {
			return false
		}
	}
	return true
}

func short(cells []*string) bool {
	for _, cell := range cells {
		if cell != nil && len(*cell) > cellMax {
			return false
		}
	}
	return true
}

// PictureMIME is the form of a display that says of its picture what the bytes
// do not: JSON with alt (a text), width and height (CSS pixels), each optional.
const PictureMIME = "application/vnd.mayfly.picture+json"
