package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

const ownImports = `FROM imports JOIN cells ON cells.id = imports.cell_id JOIN notebooks ON notebooks.id = cells.notebook_id
	WHERE user_id = @owner AND notebooks.deleted_at IS NULL AND cells.deleted_at IS NULL `

// Imports returns what the cells of a notebook of the owner's brought along from
// a file, by cell.
func (s *Store) Imports(ctx context.Context, owner UserID, id NotebookID) (map[CellID]*Import, error) {
	var rows []*Import
	err := s.db.WithContext(ctx).Raw("SELECT imports.* "+ownImports+"AND notebooks.id = @notebook",
		map[string]any{"owner": owner, "notebook": id}).Scan(&rows).Error
	all := make(map[CellID]*Import, len(rows))
	for _, row := range rows {
		all[row.CellID] = row
	}
	return all, failed("read imports", err)
}

// ImportedOutput returns one output that a cell of the owner's brought along, or
// not_found: also once the cell was run.
func (s *Store) ImportedOutput(ctx context.Context, owner UserID, cell CellID, seq int) (*Output, error) {
	row, err := s.Import(ctx, owner, cell)
	if err != nil {
		return nil, err
	}
	return row.output(seq)
}

// Import returns what a cell of the owner's brought along, or not_found.
func (s *Store) Import(ctx context.Context, owner UserID, cell CellID) (*Import, error) {
	if !cell.wellFormed() {
		return nil, NotFound("output")
	}
	var row Import
	return row.read(s.db.WithContext(ctx).Raw("SELECT imports.* "+ownImports+"AND cells.id = @cell", map[string]any{"owner": owner, "cell": cell}))
}

func (i *Import) read(query *gorm.DB) (*Import, error) {
	err := query.Take(i).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("output")
	}
	return i, failed("read import", err)
}

// output is one of the outputs.
func (i *Import) output(seq int) (*Output, error) {
	said, err := i.Said()
	if err == nil && (seq < 1 || seq > len(said)) {
		return nil, NotFound("output")
	}
	if err != nil {
		return nil, err
	}
	return &said[seq-1], nil
}

// addImports writes down what new cells bring along.
func (tx *tx) addImports(made []Cell, cells []NewCell) error {
	var rows []*Import
	for i, c := range cells {
		row, err := ImportOf(made[i].ID, c)
		if err != nil {
			return err
		}
		if row != nil {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.db.CreateInBatches(rows, 50).Error
}

// copyFacts gives a copy of a cell what the cell brought along, but for the
// outputs: the copy has not been run anywhere.
func (tx *tx) copyFacts(from, to CellID) error {
	done := tx.db.Exec(`INSERT INTO imports (cell_id, facts) SELECT @to, facts FROM imports WHERE cell_id = @from AND facts <> '' AND @most >= (
			SELECT sum(octet_length(each.facts) + octet_length(each.outputs)) FROM imports AS each JOIN cells ON cells.id = each.cell_id
			WHERE notebook_id = (SELECT notebook_id FROM cells WHERE id = @from)) + octet_length(facts)`,
		map[string]any{"from": from, "to": to, "most": MaxImports})
	return done.Error
}

// dropImported takes the outputs of a file away: the cell has said something of
// its own.
func (tx *tx) dropImported(cell *CellID) error {
	if cell == nil {
		return nil
	}
	return tx.db.Exec("UPDATE imports SET outputs = '' WHERE cell_id = ? AND outputs <> ''", *cell).Error
}
