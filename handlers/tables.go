package handlers

import (
	"net/http"
	"strconv"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/views"
	"mayfly/web"
)

// shownTable is a table that a run showed: its page in the run's output.
type shownTable struct {
	run  *models.Run
	seq  int
	page *sandbox.Table
}

// back is where the table stands.
func (s *shownTable) back() string {
	if s.run.NotebookID != nil && s.run.CellID != nil {
		return notebookPlace(*s.run.NotebookID, *s.run.CellID)
	}
	return views.RunURL(string(s.run.ID))
}

// tablePage shows other rows of a table from the interpreter that holds it.
func (a *App) tablePage(w http.ResponseWriter, r *http.Request) error {
	shown, err := a.tableOf(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("as") == "csv" {
		return a.tableCSV(w, r, shown)
	}
	if shown.run.NotebookID == nil || shown.page.ID == "" {
		return models.NotFound("table")
	}
	of := sandbox.PageOf{Table: shown.page.ID, From: countIn(r, "from"), Rows: views.TableRows, Column: countIn(r, "column"), Width: views.TableColumns}
	table, err := a.Runner.Page(r.Context(), web.Owner(r), *shown.run.NotebookID, of)
	if err != nil {
		return err
	}
	view := views.TableView{Run: string(shown.run.ID), Seq: shown.seq, Table: table, Back: shown.back()}
	if web.WantsFragment(r) {
		return web.Render(w, r, views.TablePage(view), nil)
	}
	frame, err := a.frame(r, "Table", views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Table(frame, view), nil)
}

// tableOf finds the run and the table of the path.
func (a *App) tableOf(r *http.Request) (*shownTable, error) {
	run, err := a.Store.Run(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return nil, err
	}
	output, err := a.Store.Output(r.Context(), web.Owner(r), run.ID, outputNumber(r))
	if err != nil {
		return nil, err
	}
	page, err := sandbox.ParseTable(output.Bundle[sandbox.TableMIME])
	if err != nil {
		return nil, models.NotFound("table")
	}
	return &shownTable{run, output.Seq, page}, nil
}

// countIn is a number of the query from 0; whatever is none is 0.
func countIn(r *http.Request, name string) int {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}
