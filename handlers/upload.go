package handlers

import (
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"mayfly/models"
	"mayfly/storage"
	"mayfly/views"
	"mayfly/web"
)

// upload keeps the files of the form as they arrive and tells of each: 303 to
// the list when all are kept, else the list with the reasons. A script gets the
// same as toasts, with 201 when all are kept.
func (a *App) upload(w http.ResponseWriter, r *http.Request) error {
	told, err := a.keepUploads(r, nil)
	if err != nil {
		return err
	}
	switch {
	case web.WantsFragment(r):
		return web.RenderStatus(w, r, told.status(), nil, told.fragment())
	case told.refused == 0:
		return web.SeeOther(w, r, views.FilesPath)
	}
	view, usage, err := a.filesView(r)
	if err != nil {
		return err
	}
	return a.filesPage(w, r, told.status(), view, usage, told.toasts)
}

// keepUploads keeps the files of a form, as those of a notebook where one is
// named.
func (a *App) keepUploads(r *http.Request, notebook *models.NotebookID) (*uploaded, error) {
	told := &uploaded{}
	err := web.EachUpload(r, "file", a.keepUpload(r, notebook, told))
	if err != nil {
		if len(told.toasts) == 0 {
			return nil, err
		}
		told.breakOff(err)
	}
	return told, nil
}

// keepUpload keeps one file and notes what became of it.
func (a *App) keepUpload(r *http.Request, notebook *models.NotebookID, told *uploaded) func(name string, content io.Reader) error {
	return func(name string, content io.Reader) error {
		file, err := a.Vault.Save(r.Context(), web.Owner(r), storage.Upload{Source: models.FromUpload, Notebook: notebook, Name: name}, content)
		return told.take(r, name, file, err)
	}
}

// uploaded is what became of the files of one form, in their order.
type uploaded struct {
	toasts  []views.Toast
	files   []models.File // that are kept
	refused int           // the status to answer, 0 when all were kept
}

// take notes one file. An error that is nobody's fault but ours, or that ended
// the request, ends the upload.
func (u *uploaded) take(r *http.Request, name string, file *models.File, err error) error {
	switch {
	case err == nil:
		u.files = append(u.files, *file)
		u.toasts = append(u.toasts, views.Toast{Icon: "check", Subject: file.Name, Text: "kept"})
		return nil
	case r.Context().Err() != nil, models.CodeOf(err) != models.OverLimit && models.CodeOf(err) != models.Unavailable:
		return err
	}
	reason := strings.TrimPrefix(web.Reason(err), "not saved: ") // storage says so of itself
	u.refuse(models.CleanName(name), "not kept: "+reason, refusalStatus(err))
	return nil
}

func (u *uploaded) refuse(name, words string, status int) {
	u.toasts = append(u.toasts, views.Toast{Icon: "circle-alert", Subject: name, Text: words})
	u.refused = max(u.refused, status)
}

// breakOff tells that the rest did not come, after some were taken.
func (u *uploaded) breakOff(err error) {
	u.refuse("", "The upload broke off: "+web.Reason(err)+" What came before is told above.", web.StatusOf(err))
}

// refusalStatus says "too large" of a limit that a file is over: waiting, which
// is what other limits ask for, does not help.
func refusalStatus(err error) int {
	if models.CodeOf(err) == models.OverLimit {
		return http.StatusRequestEntityTooLarge
	}
	return web.StatusOf(err)
}

// faults are the toasts of what was not kept.
func (u *uploaded) faults() (faults []views.Toast) {
	for _, t := range u.toasts {
		if t.Fault() {
			faults = append(faults, t)
		}
	}
	return faults
}

func (u *uploaded) status() int {
	if u.refused == 0 {
		return http.StatusCreated
	}
	return u.refused
}

// fragment is every toast. A script that sent one file knows which.
func (u *uploaded) fragment() templ.Component {
	if len(u.toasts) == 1 {
		only := u.toasts[0]
		only.Subject, only.Text = "", strings.ToUpper(only.Text[:1])+only.Text[1:]+"."
		return views.ToastFragment(only)
	}
	parts := make([]templ.Component, len(u.toasts))
	for i, t := range u.toasts {
		parts[i] = views.ToastFragment(t)
	}
	return templ.Join(parts...)
}

// words say what became of each file, for a page without toasts.
func (u *uploaded) words() string { return wordsOfToasts(u.toasts) }

func (u *uploaded) faultWords() string { return wordsOfToasts(u.faults()) }

func wordsOfToasts(toasts []views.Toast) string {
	var all []string
	for _, t := range toasts {
		all = append(all, strings.TrimSpace(t.Subject+" "+t.Text))
	}
	return strings.TrimSuffix(strings.Join(all, "; "), ".") + "."
}
