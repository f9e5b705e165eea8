package handlers

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/views"
	"mayfly/web"
)

// csvRows is how much of a table there is as it is shown, where it cannot be had
// whole.
const csvRows = 10_000

// tableCSV is the whole table, as its own library writes it in the interpreter that
// holds it. Where that cannot be, it says why and offers what is shown.
func (a *App) tableCSV(w http.ResponseWriter, r *http.Request, shown *shownTable) error {
	switch r.URL.Query().Get("shown") {
	case "page":
		return sendSheet(w, r, shown, "-page", csvOf(shown.page))
	case "rows":
		return a.sendRows(w, r, shown)
	}
	first, err := a.sheet(r, shown, 0)
	if err != nil || first.Why != "" {
		return a.sheetInstead(w, r, shown, first, err)
	}
	return web.SendMade(w, r, shown.fileName(""), "text/csv; charset=utf-8", func(w io.Writer) error {
		piece, sent := first, 0
		for {
			if _, err := w.Write(piece.Data); err != nil {
				return err
			}
			if sent += len(piece.Data); sent >= first.Size {
				return nil
			}
			if piece, err = a.sheet(r, shown, sent); err != nil {
				return err
			}
			if piece.Why != "" || piece.Size != first.Size {
				return models.Gone("The table was written anew meanwhile.")
			}
		}
	})
}

// sheet asks the interpreter for a piece.
func (a *App) sheet(r *http.Request, shown *shownTable, from int) (*sandbox.Sheet, error) {
	if shown.run.NotebookID == nil || shown.page.ID == "" {
		return nil, models.Gone("Its interpreter has ended.")
	}
	return a.Runner.Sheet(r.Context(), web.Owner(r), *shown.run.NotebookID, shown.page.ID, from)
}

// sheetInstead answers in place of a whole table.
func (a *App) sheetInstead(w http.ResponseWriter, r *http.Request, shown *shownTable, first *sandbox.Sheet, err error) error {
	view := views.SheetView{Run: string(shown.run.ID), Seq: shown.seq, Table: shown.page, Back: shown.back()}
	status := http.StatusConflict
	switch code := models.CodeOf(err); {
	case err == nil:
		view.Why = sheetWhy[first.Why]
		if first.Why != sandbox.SheetChanged {
			view.More = csvRows
		}
	case code == models.GoneCode:
		status, view.Why = http.StatusGone, "The interpreter does not hold this table any more. Run the cell again to have all of it."
	case code == models.Busy:
		status, view.Why = web.StatusOf(err), "The notebook runs something now. When that is done, all of the table can be had."
	case code == models.Unavailable:
		status, view.Why, view.More = web.StatusOf(err), "Writing all of it takes longer than 20 seconds. Write it to a file in a cell, with to_csv.", csvRows
	default:
		return err
	}
	frame, err := a.frame(r, "Not the whole table", views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, views.SheetInstead(frame, view), nil)
}

// sheetWhy are the sentences for what an interpreter says.
var sheetWhy = map[string]string{
	sandbox.SheetChanged: "The table is not what was shown any more: code has changed it since. Show it again to have all of it.",
	sandbox.SheetLarge:   "All of it would be over 50 MB as CSV, or more than the interpreter's memory holds. Take a part of it, or write it as Parquet in a cell.",
	sandbox.SheetFailed:  "Its library cannot write it as CSV, as with lists or structs in its cells.",
}

// sendRows is the table from its first row on, as it is shown.
func (a *App) sendRows(w http.ResponseWriter, r *http.Request, shown *shownTable) error {
	if shown.run.NotebookID == nil || shown.page.ID == "" {
		return models.NotFound("table")
	}
	table, err := a.Runner.Table(r.Context(), web.Owner(r), *shown.run.NotebookID, shown.page.ID, csvRows)
	if err != nil {
		return err
	}
	return sendSheet(w, r, shown, "-rows", csvOf(table))
}

func sendSheet(w http.ResponseWriter, r *http.Request, shown *shownTable, part, text string) error {
	return web.SendText(w, r, shown.fileName(part), text)
}

func (s *shownTable) fileName(part string) string {
	return "table-" + s.run.ID.Short() + "-" + strconv.Itoa(s.seq) + part + ".csv"
}

// csvOf writes a table as it is shown; a missing value is an empty field. What a
// spreadsheet would take for a formula is text there (SEC-58).
func csvOf(t *sandbox.Table) string {
	var text strings.Builder
	out := csv.NewWriter(&text)
	var head []string
	for _, name := range t.Index {
		head = append(head, noFormula(name))
	}
	for _, col := range t.Head {
		head = append(head, noFormula(strings.Join(col.Name, " ")))
	}
	_ = out.Write(head) // a builder does not fail
	for _, row := range t.Body {
		line := make([]string, 0, len(head))
		for _, cell := range append(row.Index[:len(row.Index):len(row.Index)], row.Cells...) {
			if cell == nil {
				line = append(line, "")
				continue
			}
			line = append(line, noFormula(*cell))
		}
		_ = out.Write(line)
	}
	out.Flush()
	return text.String()
}

// noFormula marks text that begins as a formula does; numbers stay numbers.
func noFormula(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(cell, ",", ""), 64); err == nil {
		return cell
	}
	return "'" + cell
}
