package handlers

import (
	"context"

	"mayfly/models"
	"mayfly/views"
)

// addImports gives cells that were never run what they brought along from a file.
// The rows are read only where the reader has not seen such a cell before.
func (n *notebookReader) addImports(ctx context.Context, row *models.Notebook, cells []views.CellView, before seen) error {
	unknown := false
	for i, c := range row.Cells {
		if c.Last != nil || c.Kind != models.CodeCell {
			continue
		}
		had, found := before.cells[sum("%s", c.ID)]
		cells[i].Imported = found && had.output == importedSum
		unknown = unknown || c.Brought && (!found || had.output > importedSum)
	}
	if !unknown {
		return nil
	}
	imports, err := n.app.Store.Imports(ctx, n.owner.ID, row.ID)
	if err != nil {
		return err
	}
	for i, c := range row.Cells {
		if c.Last != nil || c.Kind != models.CodeCell {
			continue
		}
		said, err := imports[c.ID].Said()
		if err != nil {
			return err
		}
		cells[i].Said = importedTranscript(c.ID, "/cells/"+string(c.ID), said)
		cells[i].Imported = cells[i].Said != nil
	}
	return nil
}

// withReady gives files the cells that are offered for them.
func withReady(files []views.FileLine) []views.FileLine {
	for i := range files {
		for _, s := range models.Suggestions(files[i].Name) {
			files[i].Ready = append(files[i].Ready, views.ReadyCell{Words: s.Words, Code: s.Code})
		}
	}
	return files
}
