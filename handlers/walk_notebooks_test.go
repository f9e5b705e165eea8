package handlers_test

import (
	"net/url"

	"mayfly/models"
	"mayfly/sandbox"
)

// tableJSON is the first page of a table, as a kernel shows it.
const tableJSON = `{"id":"t1","kind":"pandas","rows":1284,"columns":1,"from":0,"column":0,"index":[""],"head":[{"name":["ada-alone"],"dtype":"int64","right":true}],"body":[{"index":["0"],"cells":["1"]}]}`

// notebookCalls are the calls of the walk for notebooks and their cells.
func notebookCalls(r *rig, ada models.UserID) map[string]call {
	made := func() *models.Notebook { return r.notebook(ada, "ada_alone()", "2") }
	book := func(what string) string { return "/notebooks/" + string(made().ID) + what }
	cell := func(what string) string { return "/cells/" + string(made().Cells[0].ID) + what }
	ran := func() string {
		n := made()
		r.runCell(n, 0, models.Output{Seq: 1, Stream: "stdout", Text: "ada-alone"})
		return "/cells/" + string(n.Cells[0].ID) + "/output"
	}
	table := func() string {
		run := r.runCell(made(), 0, models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{sandbox.TableMIME: tableJSON}})
		return "/runs/" + string(run.ID) + "/outputs/1/page"
	}
	figure := func(what string) string {
		run := r.runCell(made(), 0, models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"image/png": pixel}})
		return "/runs/" + string(run.ID) + "/outputs/1" + what
	}
	binned := func() string {
		n := made()
		if err := r.store.DeleteNotebook(r.t.Context(), ada, n.ID); err != nil {
			r.t.Fatal(err)
		}
		return "/notebooks/" + string(n.ID) + "/restore"
	}
	gone := func() string {
		n := made()
		if err := r.store.DeleteCell(r.t.Context(), ada, n.Cells[0].ID); err != nil {
			r.t.Fatal(err)
		}
		return "/cells/" + string(n.Cells[0].ID) + "/restore"
	}
	own := func(path string, form url.Values) call {
		return call{path: path, form: form, owner: 303, stranger: 404, nobody: 401}
	}
	return map[string]call{
		"GET /notebooks":                            {path: "/notebooks", owner: 200, stranger: 200, nobody: 401},
		"POST /notebooks":                           {path: "/notebooks", form: url.Values{}, owner: 303, stranger: 303, nobody: 401},
		"GET /notebooks/{id}":                       {path: book(""), owner: 200, stranger: 404, nobody: 401},
		"GET /notebooks/{id}/events":                {path: book("/events"), owner: 200, stranger: 404, nobody: 401},
		"GET /notebooks/{id}/changes":               {path: book("/changes"), owner: 204, stranger: 404, nobody: 401},
		"POST /notebooks/{id}/name":                 own(book("/name"), url.Values{"name": {"x"}}),
		"POST /notebooks/{id}/duplicate":            own(book("/duplicate"), url.Values{}),
		"POST /notebooks/{id}/delete":               own(book("/delete"), url.Values{}),
		"POST /notebooks/{id}/restore":              own(binned(), url.Values{}),
		"POST /notebooks/{id}/cells":                own(book("/cells"), url.Values{"kind": {"markdown"}, "place": {"1"}}),
		"POST /notebooks/{id}/run":                  own(book("/run"), url.Values{"span": {"all"}}),
		"POST /notebooks/{id}/interrupt":            own(book("/interrupt"), url.Values{}),
		"GET /notebooks/{id}/restart":               {path: book("/restart"), owner: 200, stranger: 404, nobody: 401},
		"POST /notebooks/{id}/restart":              own(book("/restart"), url.Values{}),
		"POST /notebooks/{id}/complete":             {path: book("/complete"), form: url.Values{"code": {"a"}, "at": {"1"}}, owner: 410, stranger: 404, nobody: 401},
		"POST /cells/{id}/text":                     own(cell("/text"), url.Values{"version": {"1"}, "text": {"x"}}),
		"POST /cells/{id}/kind":                     own(cell("/kind"), url.Values{"kind": {"markdown"}}),
		"POST /cells/{id}/move":                     own(cell("/move"), url.Values{"place": {"2"}}),
		"POST /cells/{id}/duplicate":                own(cell("/duplicate"), url.Values{}),
		"POST /cells/{id}/delete":                   own(cell("/delete"), url.Values{}),
		"POST /cells/{id}/restore":                  own(gone(), url.Values{}),
		"GET /runs/{id}/outputs/{seq}/page":         {path: table(), owner: 410, stranger: 404, nobody: 401}, // no kernel lives here
		"POST /runs/{id}/outputs/{seq}/keep":        own(figure("/keep"), url.Values{}),
		"POST /runs/{id}/outputs/{seq}/description": own(figure("/description"), url.Values{"description": {"ada-alone"}}),
		"GET /cells/{id}/output":                    {path: ran(), owner: 303, stranger: 404, nobody: 401},
	}
}

// notebook makes one of code cells.
func (r *rig) notebook(owner models.UserID, texts ...string) *models.Notebook {
	r.t.Helper()
	ask := models.NewNotebook{Name: "ada-alone"}
	for _, text := range texts {
		ask.Cells = append(ask.Cells, models.NewCell{Kind: models.CodeCell, Text: text})
	}
	n, err := r.store.MakeNotebook(r.t.Context(), owner, ask)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// queueCell queues a run of a cell, and runCell brings one to its end.
func (r *rig) queueCell(n *models.Notebook, at int) *models.Run {
	r.t.Helper()
	runs, err := r.store.QueueCells(r.t.Context(), n.UserID, n.ID, models.CellRuns{Cell: n.Cells[at].ID, Span: models.OneCell, Source: models.FromWeb})
	if err != nil {
		r.t.Fatal(err)
	}
	return &runs[0]
}

func (r *rig) runCell(n *models.Notebook, at int, outputs ...models.Output) *models.Run {
	r.t.Helper()
	run := r.begin(r.queueCell(n, at).ID)
	r.say(run.ID, outputs...)
	r.finish(run, models.Verdict{Ending: models.OK, LogBytes: 10})
	return run
}
