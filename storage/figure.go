package storage

import (
	"bytes"
	"context"

	"mayfly/models"
)

// KeepFigure keeps the picture that a display of the owner's run shows now as a
// file of that run and its notebook, with the codes of Save. The same picture again
// is the same file, with its clock anew. not_found means that there is no picture,
// or that its time is over.
func (v *Vault) KeepFigure(ctx context.Context, owner models.UserID, run models.RunID, seq int) (*models.File, error) {
	f, err := v.store.Figure(ctx, owner, run, seq)
	if err != nil {
		return nil, err
	}
	up := Upload{Run: &f.RunID, Notebook: f.NotebookID, Source: models.FromWeb, Name: f.Name, Size: int64(len(f.Data))}
	return v.Save(ctx, owner, up, bytes.NewReader(f.Data))
}
