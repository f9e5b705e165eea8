package handlers

import (
	"net/http"
	"slices"

	"mayfly/models"
	"mayfly/web"
)

// zip streams several files as one. Those that are gone are named in a note;
// those that are not there, or not this person's, are not spoken of.
func (a *App) zip(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	ids := fileIDs(form["id"])
	switch {
	case len(ids) == 0:
		return models.Invalid("No file was chosen. Tick some and press Zip again.")
	case len(ids) > web.ZipMax:
		return models.Invalid("A zip holds %d files at most. Take them in parts.", web.ZipMax)
	}
	files, err := a.Store.KnownFiles(r.Context(), web.Owner(r), ids)
	switch {
	case err != nil:
		return err
	case len(files) == 0:
		return models.NotFound("file")
	case !slices.ContainsFunc(files, models.File.Live):
		return models.Gone("These files have expired or were deleted.")
	}
	return web.SendZip(w, r, "mayfly-files.zip", files, a.Vault.Open)
}
