package handlers_test

import (
	"net/url"
	"strings"

	"mayfly/models"
	"mayfly/storage"
)

// brought is a notebook whose first cell brought outputs along.
func (r *rig) brought(owner models.UserID, name string) *models.Notebook {
	r.t.Helper()
	n, err := r.store.MakeNotebook(r.t.Context(), owner, models.NewNotebook{Name: name, Cells: []models.NewCell{
		{Kind: models.CodeCell, Text: "1", Outputs: []models.Output{
			{Stream: "stdout", Text: "said in the file\n"},
			{Stream: "display", Bundle: map[string]string{"image/png": pixel}},
			{Stream: "display", Bundle: map[string]string{"text/html": "<script>document.title = 'taken'</script>"}},
		}},
		{
			Kind: models.MarkdownCell, Text: "# Prose <b onclick=x>bold</b>\n\n![a dot](attachment:x.png)",
			Facts: `{"attachments":{"x.png":{"image/png":["` + pixel[:8] + `\n","` + pixel[8:] + `"]},"bad.svg":{"image/svg+xml":"PHN2Zy8+"}}}`,
		},
	}})
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// keepIn puts a file into a notebook.
func (r *rig) keepIn(n *models.Notebook, name, content string) *models.File {
	r.t.Helper()
	f, err := r.vault.Save(r.t.Context(), n.UserID, storage.Upload{Source: models.FromUpload, Notebook: &n.ID, Name: name}, strings.NewReader(content))
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// share makes a link to a notebook.
func (r *rig) share(n *models.Notebook) (path string, share *models.Share) {
	r.t.Helper()
	token, share, err := r.store.ShareNotebook(r.t.Context(), n.UserID, n.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return "/s/" + token, share
}

// shareCalls are the calls of the walk for files of notebooks and for shares.
func shareCalls(r *rig, ada models.UserID) map[string]call {
	n := r.brought(ada, "ada-alone")
	book, run := "/notebooks/"+string(n.ID), "/runs/"+string(r.done(ada, "ada_alone()").ID)
	open := r.brought(ada, "for all")
	file := r.keepIn(open, "open.csv", "a,b\n")
	ran := r.runCell(r.brought(ada, "x"), 0, models.Output{Seq: 1, Stream: "display", Bundle: map[string]string{"image/png": pixel}})
	link, _ := r.share(open)
	token, _, err := r.store.ShareRun(r.t.Context(), ada, ran.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	_, ending := r.share(n)
	made := url.Values{}
	return map[string]call{
		"POST /notebooks/import":                         {path: "/notebooks/import", file: true, owner: 303, stranger: 303, nobody: 401},
		"GET /notebooks/{id}/export/{form}":              {path: book + "/export/ipynb", owner: 200, stranger: 404, nobody: 401},
		"POST /notebooks/{id}/files":                     {path: book + "/files", file: true, owner: 303, stranger: 404, nobody: 401},
		"GET /cells/{id}/outputs/{seq}":                  {path: "/cells/" + string(n.Cells[0].ID) + "/outputs/2?type=image/png", owner: 200, stranger: 404, nobody: 401},
		"GET /notebooks/{id}/share":                      {path: book + "/share", owner: 200, stranger: 404, nobody: 401},
		"POST /notebooks/{id}/share":                     {path: book + "/share", form: made, owner: 201, stranger: 404, nobody: 401},
		"GET /runs/{id}/share":                           {path: run + "/share", owner: 200, stranger: 404, nobody: 401},
		"POST /runs/{id}/share":                          {path: run + "/share", form: made, owner: 201, stranger: 404, nobody: 401},
		"POST /shares/{id}/end":                          {path: "/shares/" + string(ending.ID) + "/end", form: made, owner: 303, stranger: 404, nobody: 401},
		"GET /s/{token}":                                 {path: link, owner: 200, stranger: 200, nobody: 200},
		"GET /s/{token}/files/{file}":                    {path: link + "/files/" + file.ID.Tail(), owner: 303, stranger: 303, nobody: 303},
		"GET /s/{token}/runs/{run}/outputs/{seq}":        {path: "/s/" + token + "/runs/" + string(ran.ID) + "/outputs/1?type=image/png", owner: 200, stranger: 200, nobody: 200},
		"GET /s/{token}/cells/{cell}/outputs/{seq}":      {path: link + "/cells/" + string(open.Cells[0].ID) + "/outputs/2?type=image/png", owner: 200, stranger: 200, nobody: 200},
		"GET /cells/{id}/attachments/{name}":             {path: "/cells/" + string(n.Cells[1].ID) + "/attachments/x.png", owner: 200, stranger: 404, nobody: 401},
		"GET /s/{token}/cells/{cell}/attachments/{name}": {path: link + "/cells/" + string(open.Cells[1].ID) + "/attachments/x.png", owner: 200, stranger: 200, nobody: 200},
		"GET /s/{token}/copy":                            {path: link + "/copy", owner: 200, stranger: 200, nobody: 401},
		"POST /s/{token}/copy":                           {path: link + "/copy", form: made, owner: 303, stranger: 303, nobody: 401},
	}
}
