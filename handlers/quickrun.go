package handlers

import (
	"context"
	"fmt"
	"net/http"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// submit queues the code of the form. Files that come with it are kept as uploads
// are, and given to the run; where one is not, nothing is run.
func (a *App) submit(w http.ResponseWriter, r *http.Request) error {
	if words := a.Refusing(); words != "" {
		return &models.Error{Code: models.Unavailable, Message: words}
	}
	told := &uploaded{}
	form, err := web.FormWithFiles(w, r, codeForm, "file", a.keepUpload(r, nil, told))
	given := fileIDs(form["file"])
	for _, f := range told.files {
		given = append(given, f.ID)
	}
	if err == nil && told.refused == 0 {
		var run *models.Run
		ask := models.NewRun{Code: form.Get("code"), Source: models.FromWeb, FormKey: form.Get("form_key"), Files: given}
		if run, err = a.Runner.Submit(r.Context(), web.Owner(r), ask); err == nil {
			return a.started(w, r, run)
		}
	}
	return a.notStarted(w, r, notStarted{told: told, given: given, cause: err})
}

func (a *App) started(w http.ResponseWriter, r *http.Request, run *models.Run) error {
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, views.RunURL(string(run.ID)))
	}
	view, err := a.runView(r.Context(), web.CurrentUser(r), run, nil)
	if err != nil {
		return err
	}
	return web.Render(w, r, nil, views.Started(view, a.Limits))
}

// notStarted is a quick run that did not come to be.
type notStarted struct {
	told  *uploaded
	given []models.FileID // of the form, and those of told that were kept
	cause error           // nil when it is that a file was refused
}

// notStarted tells why, and that the files which came are kept: with script they
// stay beside the button, so that nobody sends them twice.
func (a *App) notStarted(w http.ResponseWriter, r *http.Request, n notStarted) error {
	switch {
	case len(n.told.files) == 0 && n.cause != nil:
		return n.cause
	case n.cause != nil:
		n.told.refuse("", "Nothing was run: "+web.Reason(n.cause), web.StatusOf(n.cause))
	}
	if web.WantsFragment(r) {
		with, err := a.liveFiles(r.Context(), web.Owner(r), n.given[:min(len(n.given), web.UploadMax)])
		if err != nil {
			return err
		}
		return web.RenderStatus(w, r, n.told.refused, nil, views.NotStarted(with, n.told.faults(), a.Limits, newFormKey()))
	}
	safe := "Your code is still in the form that you came from."
	if kept := len(n.told.files); kept > 0 {
		safe = fmt.Sprintf("%d of the files that you sent are kept: see Files. %s", kept, safe)
	}
	return web.NotDone(n.told.refused, "Nothing was run", n.told.faultWords(), safe, "Go back and run it without what was not kept, or with another file.")
}

// liveFiles are those of the owner's files that live.
func (a *App) liveFiles(ctx context.Context, owner models.UserID, ids []models.FileID) ([]views.FileLine, error) {
	var files []models.File
	for _, id := range ids {
		f, err := a.Store.File(ctx, owner, id)
		switch {
		case err == nil:
			files = append(files, *f)
		case models.CodeOf(err) == models.Internal:
			return nil, err
		}
	}
	return fileLines(files), nil
}
