package handlers

import (
	"net/http"
	"net/url"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// notebooks is the list, and the bin below it.
func (a *App) notebooks(w http.ResponseWriter, r *http.Request) error {
	all, err := a.Store.Notebooks(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	bin, err := a.Store.Bin(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	frame, err := a.frame(r, "Notebooks", views.SectionNotebooks)
	if err != nil {
		return err
	}
	frame.Toasts = binnedToasts(bin, r.URL.Query().Get("deleted"))
	view := views.NotebooksView{Notebooks: a.notebookLines(all), Bin: a.notebookLines(bin), Most: models.MaxNotebooks}
	return web.Render(w, r, views.Notebooks(frame, view), nil)
}

func (a *App) makeNotebook(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	n, err := a.Store.MakeNotebook(r.Context(), web.Owner(r), models.NewNotebook{Name: form.Get("name")})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebookURL(string(n.ID), ""))
}

// notebook is the page of one.
func (a *App) notebook(w http.ResponseWriter, r *http.Request) error {
	shown, err := a.readNotebook(r.Context(), web.CurrentUser(r), notebookID(r), seenNothing())
	if err != nil {
		return err
	}
	frame := frameOf(web.CurrentUser(r), shown.view.Name, views.SectionNotebooks, shown.usage)
	frame.Narrow, frame.Editor = true, true
	frame.Refresh, frame.Again = shown.view.Refresh(), views.NotebookURL(shown.view.ID, "")
	if frame.Toasts, err = a.cellToasts(r); err != nil {
		return err
	}
	return web.Render(w, r, views.Notebook(frame, shown.view), nil)
}

func (a *App) renameNotebook(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	if err := a.Store.RenameNotebook(r.Context(), web.Owner(r), notebookID(r), form.Get("name")); err != nil {
		return err
	}
	return a.answerNotebook(w, r, notebookID(r), "")
}

func (a *App) duplicateNotebook(w http.ResponseWriter, r *http.Request) error {
	twin, err := a.Store.DuplicateNotebook(r.Context(), web.Owner(r), notebookID(r))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebookURL(string(twin.ID), ""))
}

func (a *App) deleteNotebook(w http.ResponseWriter, r *http.Request) error {
	if err := a.Store.DeleteNotebook(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebooksPath+"?"+url.Values{"deleted": {string(notebookID(r))}}.Encode())
}

func (a *App) restoreNotebook(w http.ResponseWriter, r *http.Request) error {
	if err := a.Store.RestoreNotebook(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebookURL(string(notebookID(r)), ""))
}

// binnedToasts offers the undo to the list that is loaded after a deletion.
func binnedToasts(bin []*models.Notebook, id string) []views.Toast {
	for _, n := range bin {
		if string(n.ID) == id {
			return []views.Toast{{Icon: "trash-2", Subject: n.Name, Text: "deleted", Undo: views.NotebookURL(id, "restore")}}
		}
	}
	return nil
}

func notebookID(r *http.Request) models.NotebookID { return models.NotebookID(r.PathValue("id")) }
