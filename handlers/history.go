package handlers

import (
	"context"
	"net/http"
	"time"

	"mayfly/models"
	"mayfly/views"
)

// This file turns the form above the history into a query, and the page it gives
// into what is shown.

// runsPage is how many runs one page of the history has.
const runsPage = 50

func runFilter(r *http.Request) views.RunFilter {
	q := r.URL.Query()
	return views.RunFilter{
		Search: q.Get("q"), Ending: q.Get("ending"), Source: q.Get("source"), App: q.Get("app"), Notebook: q.Get("notebook"), Day: q.Get("day"),
	}
}

func runQuery(r *http.Request, f views.RunFilter) models.RunQuery {
	q := models.RunQuery{
		Source: models.Source(f.Source), App: models.AppID(f.App), Notebook: models.NotebookID(f.Notebook), Search: f.Search,
		Before: models.RunID(r.URL.Query().Get("before")), After: models.RunID(r.URL.Query().Get("after")), Limit: runsPage,
	}
	switch state := models.State(f.Ending); state {
	case models.Queued, models.Running:
		q.State = state
	default:
		q.Ending = models.Ending(f.Ending)
	}
	q.Day, _ = time.Parse(time.DateOnly, f.Day) // what is no day is said beside its field
	return q
}

func (a *App) runsView(ctx context.Context, owner models.UserID, f views.RunFilter, page *models.RunPage) (views.RunsView, error) {
	v := views.RunsView{Runs: runLines(page.Runs), Filter: f, Newer: page.Newer, Older: page.Older, Ever: true, FormKey: newFormKey()}
	if _, err := time.Parse(time.DateOnly, f.Day); f.Day != "" && err != nil {
		v.DayFault = "That is no day. Write it as 2026-11-21."
	}
	apps, books, err := a.Store.RunSources(ctx, owner)
	if err != nil {
		return v, err
	}
	v.Apps, v.Notebooks = runChoices(apps), runChoices(books)
	if len(page.Runs) == 0 {
		v.Ever, err = a.Store.RanEver(ctx, owner)
	}
	return v, err
}

func runChoices(all []models.RunSource) []views.Choice {
	choices := make([]views.Choice, len(all))
	for i, s := range all {
		choices[i] = views.Choice{Value: s.ID, Word: s.Name}
	}
	return choices
}
