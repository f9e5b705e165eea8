package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// keepFigure makes a file of a figure that a run showed: 303 to the file, or a
// toast that leads there.
func (a *App) keepFigure(w http.ResponseWriter, r *http.Request) error {
	file, err := a.Vault.KeepFigure(r.Context(), web.Owner(r), runID(r), outputNumber(r))
	if err != nil {
		return err
	}
	if !web.WantsFragment(r) {
		return web.SeeOther(w, r, views.FileURL(string(file.ID)))
	}
	told := views.Toast{Icon: "check", Subject: file.Name, Text: "is kept", Link: views.FileURL(string(file.ID))}
	if file.NotebookID == nil || !seenOf(r).known {
		return web.RenderStatus(w, r, http.StatusCreated, nil, views.ToastFragment(told))
	}
	return a.sendNotebook(w, r, *file.NotebookID, views.NotebookChange{Toasts: []views.Toast{told}})
}

// describeFigure writes down what a figure shows, for those who do not see it.
func (a *App) describeFigure(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r) // what cannot be read must not stand for no description
	if err != nil {
		return err
	}
	if err := a.Store.DescribeFigure(r.Context(), web.Owner(r), runID(r), outputNumber(r), form.Get("description")); err != nil {
		return err
	}
	run, err := a.Store.Run(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	page := views.RunURL(string(run.ID))
	switch {
	case run.NotebookID != nil && run.CellID != nil && !strings.HasSuffix(r.Referer(), page):
		return a.answerNotebook(w, r, *run.NotebookID, *run.CellID)
	case web.WantsFragment(r):
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return web.SeeOther(w, r, page)
}

// outputNumber is the number of an output in the path, 0 when it is none.
func outputNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// figureRoutes are those on which a figure that a run showed is kept and described.
func figureRoutes(a *App) []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Pattern: "/runs/{id}/outputs/{seq}/keep", Audience: web.Session, Handle: a.keepFigure, Limit: web.FileRate},
		{Method: http.MethodPost, Pattern: "/runs/{id}/outputs/{seq}/description", Audience: web.Session, Handle: a.describeFigure, Body: figureForm},
	}
}

// figureForm bounds the body of a description, which is percent-encoded.
const figureForm = 12*models.MaxDescription + 4<<10
