package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// runs is the history, narrowed by what its form asks.
func (a *App) runs(w http.ResponseWriter, r *http.Request) error {
	filter := runFilter(r)
	page, err := a.Store.Runs(r.Context(), web.Owner(r), runQuery(r, filter))
	if err != nil {
		return err
	}
	view, err := a.runsView(r.Context(), web.Owner(r), filter, page)
	if err != nil {
		return err
	}
	if partOnly := web.WantsFragment(r); partOnly {
		return web.Render(w, r, nil, views.RunList(view))
	}
	frame, err := a.frame(r, "Runs", views.SectionRuns)
	if err != nil {
		return err
	}
	frame.Refresh = view.Moves()
	return web.Render(w, r, views.Runs(frame, view), nil)
}

// again queues what a run did, with the same files.
func (a *App) again(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	if words := a.Refusing(); words != "" {
		return &models.Error{Code: models.Unavailable, Message: words}
	}
	ask, err := a.Store.RunAgain(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	ask.Source, ask.FormKey = models.FromWeb, form.Get("form_key")
	run, err := a.Runner.Submit(r.Context(), web.Owner(r), ask)
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, views.RunURL(string(run.ID)))
}

// fromRun opens a run as a notebook, the same one whenever it is asked to.
func (a *App) fromRun(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	id, err := a.Store.NotebookFromRun(r.Context(), web.Owner(r), models.RunID(form.Get("run")))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebookURL(string(id), ""))
}

func (a *App) run(w http.ResponseWriter, r *http.Request) error {
	run, err := a.Store.RunInFull(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	transcript := views.NewTranscript(string(run.ID), r.URL.Query().Get("lines") == "all")
	view, err := a.runView(r.Context(), web.CurrentUser(r), run, transcript)
	if err != nil {
		return err
	}
	view.AllLines = r.URL.Query().Get("lines") == "all"
	frame, err := a.frame(r, "Run "+view.Short, views.SectionRuns)
	if err != nil {
		return err
	}
	frame.Refresh = view.Live() && view.Question == nil // a reload would lose what is being typed
	return web.Render(w, r, views.Run(frame, view), nil)
}

func (a *App) interrupt(w http.ResponseWriter, r *http.Request) error {
	err := a.Runner.Interrupt(r.Context(), web.Owner(r), runID(r))
	if err != nil && models.CodeOf(err) != models.Conflict { // over already is what was wanted
		return err
	}
	if web.WantsFragment(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return a.backToRun(w, r)
}

// backToRun leads to where a run is seen: its own page, or its notebook's.
func (a *App) backToRun(w http.ResponseWriter, r *http.Request) error {
	run, err := a.Store.Run(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	if run.NotebookID != nil && run.CellID != nil {
		return web.SeeOther(w, r, notebookPlace(*run.NotebookID, *run.CellID))
	}
	return web.SeeOther(w, r, views.RunURL(string(run.ID)))
}

// runLog is all the text that is kept of what a run said.
func (a *App) runLog(w http.ResponseWriter, r *http.Request) error {
	run, err := a.Store.Run(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	outputs, err := a.Store.Outputs(r.Context(), web.Owner(r), run.ID, 0)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, o := range outputs {
		text.WriteString(o.Text)
	}
	return web.SendText(w, r, "run-"+run.ID.Short()+".log", text.String())
}

// runOutput is one form of what a run showed.
func (a *App) runOutput(w http.ResponseWriter, r *http.Request) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return models.NotFound("output")
	}
	return a.sendOutput(w, r, web.OutputRef{Owner: web.Owner(r), Run: runID(r), Seq: seq, Media: r.URL.Query().Get("type")})
}

func runID(r *http.Request) models.RunID { return models.RunID(r.PathValue("id")) }
