package handlers

import (
	"net/http"
	"net/url"

	"mayfly/models"
	"mayfly/views"
	"mayfly/views/ui"
	"mayfly/web"
)

// deleteFile deletes the file of the path, deleteFiles those of the form.
func (a *App) deleteFile(w http.ResponseWriter, r *http.Request) error {
	return a.deleteAll(w, r, []models.FileID{fileID(r)})
}

func (a *App) deleteFiles(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	return a.deleteAll(w, r, fileIDs(form["id"]))
}

// deleteAll makes the files unreadable and offers to take that back.
func (a *App) deleteAll(w http.ResponseWriter, r *http.Request, ids []models.FileID) error {
	deleted, err := a.Store.DeleteFiles(r.Context(), web.Owner(r), ids)
	if err != nil {
		return err
	}
	if web.WantsFragment(r) {
		return web.Render(w, r, nil, views.ToastFragment(deletedToast(deleted)))
	}
	return web.SeeOther(w, r, views.FilesPath+"?"+url.Values{"deleted": {string(deleted[0].ID)}}.Encode())
}

// undoToasts offers the undo to a page that was loaded after a deletion: the
// address names one of the files that went together.
func (a *App) undoToasts(r *http.Request) ([]views.Toast, error) {
	id := r.URL.Query().Get("deleted")
	if id == "" {
		return nil, nil
	}
	deleted, err := a.Store.DeletedWith(r.Context(), web.Owner(r), models.FileID(id))
	if err != nil || len(deleted) == 0 {
		return nil, err
	}
	return []views.Toast{deletedToast(deleted)}, nil
}

func deletedToast(files []models.File) views.Toast {
	names, ids := make([]string, len(files)), make([]string, len(files))
	for i, f := range files {
		names[i], ids[i] = f.Name, string(f.ID)
	}
	return views.Deleted(names, ids, views.FilesPath)
}

// restoreFiles takes a deletion back.
func (a *App) restoreFiles(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	restored, err := a.Store.RestoreFiles(r.Context(), web.Owner(r), fileIDs(form["id"]))
	if err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, form.Get("return"))
	}
	toast := views.Toast{Icon: "check", Subject: restored[0].Name, Text: "is back"}
	if n := len(restored); n > 1 {
		toast.Subject, toast.Text = ui.Plural(n, "file"), "are back"
	}
	return web.Render(w, r, nil, views.ToastFragment(toast))
}
