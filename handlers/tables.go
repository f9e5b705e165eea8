package handlers

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/views"
	"mayfly/web"
)

// csvRows is how much of a table one download has.
const csvRows = 10_000

// tablePage shows other rows of a table from the interpreter that holds it.
func (a *App) tablePage(w http.ResponseWriter, r *http.Request) error {
	run, seq, id, err := a.tableOf(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("as") == "csv" {
		return a.tableCSV(w, r, run, seq, id)
	}
	of := sandbox.PageOf{Table: id, From: countIn(r, "from"), Rows: views.TableRows, Column: countIn(r, "column"), Width: views.TableColumns}
	table, err := a.Runner.Page(r.Context(), web.Owner(r), *run.NotebookID, of)
	if err != nil {
		return err
	}
	view := views.TableView{Run: string(run.ID), Seq: seq, Table: table, Back: views.RunURL(string(run.ID))}
	if run.CellID != nil {
		view.Back = notebookPlace(*run.NotebookID, *run.CellID)
	}
	if web.WantsFragment(r) {
		return web.Render(w, r, views.TablePage(view), nil)
	}
	frame, err := a.frame(r, "Table", views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Table(frame, view), nil)
}

// tableCSV is the table from its first row on, as it is shown.
func (a *App) tableCSV(w http.ResponseWriter, r *http.Request, run *models.Run, seq int, id string) error {
	table, err := a.Runner.Table(r.Context(), web.Owner(r), *run.NotebookID, id, csvRows)
	if err != nil {
		return err
	}
	return web.SendText(w, r, "table-"+run.ID.Short()+"-"+strconv.Itoa(seq)+".csv", csvOf(table))
}

// tableOf finds the run and the table of the path.
func (a *App) tableOf(r *http.Request) (run *models.Run, seq int, id string, err error) {
	if seq, err = strconv.Atoi(r.PathValue("seq")); err != nil {
		return nil, 0, "", models.NotFound("table")
	}
	if run, err = a.Store.Run(r.Context(), web.Owner(r), runID(r)); err != nil {
		return nil, 0, "", err
	}
	output, err := a.Store.Output(r.Context(), web.Owner(r), run.ID, seq)
	if err != nil {
		return nil, 0, "", err
	}
	table, err := sandbox.ParseTable(output.Bundle[sandbox.TableMIME])
	if err != nil || table.ID == "" || run.NotebookID == nil {
		return nil, 0, "", models.NotFound("table")
	}
	return run, seq, table.ID, nil
}

// countIn is a number of the query from 0; whatever is none is 0.
func countIn(r *http.Request, name string) int {
	n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// csvOf writes a table as it is shown; a missing value is an empty field.
func csvOf(t *sandbox.Table) string {
	var text strings.Builder
	out := csv.NewWriter(&text)
	head := append([]string{}, t.Index...)
	for _, col := range t.Head {
		head = append(head, strings.Join(col.Name, " "))
	}
	_ = out.Write(head) // a builder does not fail
	for _, row := range t.Body {
		line := make([]string, 0, len(head))
		for _, cell := range append(row.Index[:len(row.Index):len(row.Index)], row.Cells...) {
			if cell == nil {
				line = append(line, "")
				continue
			}
			line = append(line, *cell)
		}
		_ = out.Write(line)
	}
	out.Flush()
	return text.String()
}
