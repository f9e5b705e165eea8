package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

func (a *App) insertCell(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	kind := models.CodeCell
	if form.Has("kind") {
		kind = models.CellKind(form.Get("kind"))
	}
	place, err := placeIn(form)
	if err != nil {
		return err
	}
	c, err := a.Store.InsertCell(r.Context(), web.Owner(r), notebookID(r), place, models.NewCell{Kind: kind, Text: textIn(form)})
	if err != nil {
		return err
	}
	return a.answerNotebook(w, r, c.NotebookID, c.ID)
}

// cellText saves what was typed. Somebody who was faster is no fault of the
// writer: they get both texts.
func (a *App) cellText(w http.ResponseWriter, r *http.Request) error {
	edit, err := editIn(r)
	if err != nil {
		return err
	}
	c, err := a.Store.EditCell(r.Context(), web.Owner(r), cellID(r), edit.Version, edit.Text)
	if models.CodeOf(err) == models.Conflict && c != nil {
		return a.editedElsewhere(w, r, c, edit.Text, err)
	}
	if err != nil {
		return err
	}
	w.Header().Set(versionHeader, strconv.Itoa(c.Version))
	if !web.WantsFragment(r) && !wantsJSON(r) {
		return web.SeeOther(w, r, views.CellPlaceURL(string(c.NotebookID), string(c.ID)))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *App) cellKind(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	c, err := a.Store.SetCellKind(r.Context(), web.Owner(r), cellID(r), models.CellKind(form.Get("kind")))
	if err != nil {
		return err
	}
	return a.answerNotebook(w, r, c.NotebookID, c.ID)
}

func (a *App) moveCell(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	place, err := placeIn(form)
	if err != nil {
		return err
	}
	c, err := a.Store.MoveCell(r.Context(), web.Owner(r), cellID(r), place)
	if err != nil {
		return err
	}
	return a.answerNotebook(w, r, c.NotebookID, c.ID)
}

func (a *App) duplicateCell(w http.ResponseWriter, r *http.Request) error {
	twin, err := a.Store.DuplicateCell(r.Context(), web.Owner(r), cellID(r))
	if err != nil {
		return err
	}
	return a.answerNotebook(w, r, twin.NotebookID, twin.ID)
}

func (a *App) deleteCell(w http.ResponseWriter, r *http.Request) error {
	c, err := a.Store.Cell(r.Context(), web.Owner(r), cellID(r))
	if err != nil {
		return err
	}
	if err := a.Store.DeleteCell(r.Context(), web.Owner(r), c.ID); err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, views.NotebookURL(string(c.NotebookID), "")+"?"+url.Values{"deleted": {string(c.ID)}}.Encode())
	}
	return a.sendNotebook(w, r, c.NotebookID, views.NotebookChange{Toasts: []views.Toast{deletedCell(c)}})
}

func (a *App) restoreCell(w http.ResponseWriter, r *http.Request) error {
	c, err := a.Store.RestoreCell(r.Context(), web.Owner(r), cellID(r))
	if err != nil {
		return err
	}
	return a.answerNotebook(w, r, c.NotebookID, c.ID)
}

// cellToasts offers the undo to a page that is loaded after a cell was deleted.
func (a *App) cellToasts(r *http.Request) ([]views.Toast, error) {
	id := r.URL.Query().Get("deleted")
	if id == "" {
		return nil, nil
	}
	c, err := a.Store.Cell(r.Context(), web.Owner(r), models.CellID(id))
	if models.CodeOf(err) == models.NotFoundCode || err == nil && c.DeletedAt == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []views.Toast{deletedCell(c)}, nil
}

func deletedCell(c *models.Cell) views.Toast {
	return views.Toast{Icon: "trash-2", Subject: "Cell " + strconv.Itoa(c.Place), Text: "deleted", Undo: views.CellURL(string(c.ID), "restore")}
}

func binnedCells(cells []models.Cell) []views.BinnedCell {
	all := make([]views.BinnedCell, len(cells))
	for i, c := range cells {
		line, _, _ := strings.Cut(strings.TrimSpace(c.Text), "\n")
		all[i] = views.BinnedCell{ID: string(c.ID), Line: line, Until: c.DeletedAt.Add(models.BinTime)}
	}
	return all
}

// versionHeader tells an editor which version its text has become.
const versionHeader = "Mayfly-Version"

// editIn reads an edit from a form: what was typed, and what it is an edit of.
func editIn(r *http.Request) (*models.CellEdit, error) {
	form, err := web.Form(r)
	if err != nil {
		return nil, err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 32)
	if err != nil || version < 1 || !form.Has("text") {
		return nil, models.Invalid("It is not said which text this changes. Reload the page; what you typed is kept in this browser.")
	}
	return &models.CellEdit{Version: int(version), Text: textIn(form)}, nil
}

// textIn is the text of a field: forms send two characters for a line's end.
func textIn(form url.Values) string { return strings.ReplaceAll(form.Get("text"), "\r\n", "\n") }

// placeIn is a place among cells, 0 for the end.
func placeIn(form url.Values) (int, error) {
	if !form.Has("place") {
		return 0, nil
	}
	place, err := strconv.ParseInt(form.Get("place"), 10, 32)
	if err != nil {
		return 0, errors.Join(models.Invalid("A place is a number from 1."), err)
	}
	return int(place), nil
}

func cellID(r *http.Request) models.CellID { return models.CellID(r.PathValue("id")) }

// cellOutput is what a cell's last run said, where the page left it for later.
func (a *App) cellOutput(w http.ResponseWriter, r *http.Request) error {
	c, err := a.Store.Cell(r.Context(), web.Owner(r), cellID(r))
	if err != nil {
		return err
	}
	view, err := a.wholeCell(r.Context(), web.CurrentUser(r), c)
	if err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, views.RunURL(view.Run.ID))
	}
	return web.Render(w, r, views.CellOutputLate(view), nil)
}
