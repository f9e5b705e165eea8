package handlers

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/views"
	"mayfly/web"
)

// runCells runs one cell or several. The text that an editor shows comes along
// and is saved in the same moment.
func (a *App) runCells(w http.ResponseWriter, r *http.Request) error {
	ask, err := cellRunsIn(r)
	if err != nil {
		return err
	}
	if words := a.Refusing(); words != "" {
		return &models.Error{Code: models.Unavailable, Message: words}
	}
	runs, err := a.Runner.SubmitCells(r.Context(), web.Owner(r), notebookID(r), *ask)
	if models.CodeOf(err) == models.Conflict && ask.Edit != nil {
		c, found := a.Store.Cell(r.Context(), web.Owner(r), ask.Cell)
		if found == nil {
			return a.editedElsewhere(w, r, c, ask.Edit.Text, err)
		}
	}
	if err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, notebookPlace(notebookID(r), ask.Cell))
	}
	return a.sendSaved(w, r, ask, runs)
}

// sendSaved tells the editor, besides what differs, which version its text has
// become.
func (a *App) sendSaved(w http.ResponseWriter, r *http.Request, ask *models.CellRuns, runs []models.Run) error {
	change := views.NotebookChange{}
	if len(runs) == 0 {
		change.Say = "Nothing to run: there is no code."
	}
	if ask.Edit != nil {
		c, err := a.Store.Cell(r.Context(), web.Owner(r), ask.Cell)
		if err != nil {
			return err
		}
		w.Header().Set(versionHeader, strconv.Itoa(c.Version))
		change.Saved = &views.CellView{ID: string(c.ID), Version: c.Version}
	}
	return a.sendNotebook(w, r, notebookID(r), change)
}

// cellRunsIn reads what a form asks to run.
func cellRunsIn(r *http.Request) (*models.CellRuns, error) {
	form, err := web.Form(r)
	if err != nil {
		return nil, err
	}
	ask := &models.CellRuns{
		Cell: models.CellID(form.Get("cell")), Span: models.Span(form.Get("span")), Source: models.FromWeb, FormKey: form.Get("form_key"),
	}
	if ask.Span == "cell" {
		ask.Span = models.OneCell
	}
	if form.Has("text") {
		if ask.Edit, err = editIn(r); err != nil {
			return nil, err
		}
	}
	return ask, nil
}

func notebookPlace(id models.NotebookID, cell models.CellID) string {
	if cell == "" {
		return views.NotebookURL(string(id), "")
	}
	return views.CellPlaceURL(string(id), string(cell))
}

func (a *App) interruptNotebook(w http.ResponseWriter, r *http.Request) error {
	if err := a.Runner.InterruptNotebook(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	return a.answerNotebook(w, r, notebookID(r), "")
}

// askRestart asks before the interpreter is ended, which may hold variables.
func (a *App) askRestart(w http.ResponseWriter, r *http.Request) error {
	n, err := a.Store.Notebook(r.Context(), web.Owner(r), notebookID(r))
	if err != nil {
		return err
	}
	view := views.RestartView{
		Notebook: string(n.ID), Name: n.Name, Kernel: a.kernelView(n), RunAll: r.URL.Query().Get("run") == "all", FormKey: newFormKey(),
	}
	if web.WantsFragment(r) {
		return web.Render(w, r, nil, views.RestartBox(view))
	}
	frame, err := a.frame(r, "Restart", views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Restart(frame, view), nil)
}

// restartNotebook ends the interpreter, and may run all cells in the next one.
func (a *App) restartNotebook(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	if err := a.Runner.Restart(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	if form.Get("run") == "all" {
		ask := models.CellRuns{Span: models.AllCells, Source: models.FromWeb, FormKey: form.Get("form_key")}
		if _, err := a.Runner.SubmitCells(r.Context(), web.Owner(r), notebookID(r), ask); err != nil {
			return err
		}
	}
	return a.answerNotebook(w, r, notebookID(r), "")
}

// complete names what could stand at a cursor, as the live interpreter knows it.
func (a *App) complete(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	code := strings.ReplaceAll(form.Get("code"), "\r\n", "\n")
	at, err := strconv.Atoi(form.Get("at"))
	if err != nil || at < 0 || at > len(code) {
		return models.Invalid("The cursor is not in the code.")
	}
	found, err := a.Runner.Complete(r.Context(), web.Owner(r), notebookID(r), code, at)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, completionOf(found))
}

// completion is what an editor is told.
type completion struct {
	Start int        `json:"start"`
	End   int        `json:"end"`
	Names []nameView `json:"names"`
}

type nameView struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func completionOf(found sandbox.Completion) completion {
	c := completion{Start: found.From, End: found.To, Names: make([]nameView, len(found.Names))}
	for i, name := range found.Names {
		c.Names[i].Name = name
	}
	return c
}

// sendJSON answers script of a page.
func sendJSON(w http.ResponseWriter, status int, answer any) error {
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // fails only when the visitor is gone
	return nil
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
