package handlers

import (
	"errors"
	"net/http"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// answerNotebook answers a form that changed a notebook: with what differs from
// the page that sent it, or by way of the page, at the cell.
func (a *App) answerNotebook(w http.ResponseWriter, r *http.Request, id models.NotebookID, cell models.CellID) error {
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, notebookPlace(id, cell))
	}
	return a.sendNotebook(w, r, id, views.NotebookChange{})
}

// sendNotebook sends what differs from what the page has seen. A page that does
// not say what it shows is loaded anew.
func (a *App) sendNotebook(w http.ResponseWriter, r *http.Request, id models.NotebookID, more views.NotebookChange) error {
	before := seenOf(r)
	if !before.known {
		if _, err := a.Store.Kernel(r.Context(), web.Owner(r), id); err != nil {
			return err
		}
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	shown, err := a.readNotebook(r.Context(), web.CurrentUser(r), id, before)
	if err != nil {
		return err
	}
	change := shown.change
	change.Saved, change.Toasts, change.Say = more.Saved, more.Toasts, more.Say
	return web.Render(w, r, views.NotebookUpdate(change), nil)
}

// notebookChanges is for a page that follows no stream: it asks now and then
// whether it still shows what is there.
func (a *App) notebookChanges(w http.ResponseWriter, r *http.Request) error {
	return a.sendNotebook(w, r, notebookID(r), views.NotebookChange{})
}

// editedElsewhere answers an edit that came too late: with both texts, so that
// nothing is lost.
func (a *App) editedElsewhere(w http.ResponseWriter, r *http.Request, c *models.Cell, mine string, cause error) error {
	if wantsJSON(r) {
		return sendJSON(w, http.StatusConflict, struct {
			Version int    `json:"version"`
			Text    string `json:"text"`
		}{c.Version, c.Text})
	}
	view := views.ConflictView{
		Cell: string(c.ID), Notebook: string(c.NotebookID), Place: c.Place, Version: c.Version, Theirs: c.Text, Mine: mine, Words: wordsOf(cause),
	}
	if web.WantsFragment(r) {
		return web.RenderStatus(w, r, http.StatusConflict, views.ConflictFragment(view), nil)
	}
	frame, err := a.frame(r, "Two texts", views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusConflict, views.Conflict(frame, view), nil)
}

// wordsOf is what people read of an error.
func wordsOf(err error) string {
	var told *models.Error
	if errors.As(err, &told) {
		return told.Message
	}
	return ""
}
