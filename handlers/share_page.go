package handlers

import (
	"context"
	"net/http"
	"strconv"

	"mayfly/models"
	"mayfly/views"
	"mayfly/views/ui"
	"mayfly/web"
)

// shared is the page that anybody with the link sees.
func (a *App) shared(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is the key
	share, err := a.Store.Shared(r.Context(), r.PathValue("token"))
	if models.CodeOf(err) == models.GoneCode {
		return web.RenderStatus(w, r, http.StatusGone, views.SharedOver(views.Frame{Title: "No longer shared"}), nil)
	}
	if err != nil {
		return err
	}
	view, err := a.sharedView(r.Context(), share, r.PathValue("token"))
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Shared(views.Frame{Title: view.Title}, view), nil)
}

func (a *App) sharedView(ctx context.Context, share *models.Share, token string) (views.SharedView, error) {
	view := views.SharedView{Token: token, Title: share.Title, Run: share.RunID != nil, Clock: ui.Clock{Expires: share.ExpiresAt, Now: share.ReadAt}}
	files, err := a.Store.SharedFiles(ctx, share.ID)
	if err != nil {
		return view, err
	}
	for i := range files {
		view.Files = append(view.Files, views.SharedFile{FileLine: fileLine(&files[i]), Tail: files[i].ID.Tail()})
	}
	if view.Run {
		run, err := a.Store.Run(ctx, share.UserID, *share.RunID)
		if err != nil {
			return view, err
		}
		view.Cells, err = a.sharedCells(ctx, share.UserID, token, []models.Cell{{Kind: models.CodeCell, Text: run.Code, Last: run}}, nil)
		return view, err
	}
	n, err := a.Store.Notebook(ctx, share.UserID, *share.NotebookID)
	if err != nil {
		return view, err
	}
	imports, err := a.Store.Imports(ctx, share.UserID, n.ID)
	if err != nil {
		return view, err
	}
	view.Cells, err = a.sharedCells(ctx, share.UserID, token, n.Cells, imports)
	return view, err
}

// sharedCells are cells with what they show. Of all that was said a page holds a
// bounded part.
func (a *App) sharedCells(ctx context.Context, owner models.UserID, token string, cells []models.Cell, imports map[models.CellID]*models.Import) ([]views.SharedCell, error) {
	shown := make([]views.SharedCell, len(cells))
	room := int64(allOutput)
	var runs []models.RunID
	for i, c := range cells {
		shown[i] = views.SharedCell{Kind: string(c.Kind), Text: c.Text, Attached: views.SharedURL(token) + "/cells/" + string(c.ID) + "/attachments"}
		switch {
		case c.Last != nil:
			run := runFacts(c.Last)
			run.Transcript = views.NewTranscriptOf(views.Said{Name: run.ID, Path: views.SharedURL(token) + "/runs/" + run.ID}, false)
			shown[i].Run = &run
			if shown[i].TooMuch = c.Last.LogBytes > room; shown[i].TooMuch {
				continue
			}
			room -= c.Last.LogBytes
			runs = append(runs, c.Last.ID)
		case imports[c.ID] != nil:
			said, err := imports[c.ID].Said()
			if err != nil {
				return nil, err
			}
			shown[i].Said = importedTranscript(c.ID, views.SharedURL(token)+"/cells/"+string(c.ID), said)
		}
	}
	return shown, a.addShared(ctx, owner, shown, runs)
}

// addShared reads what these runs said, in one go.
func (a *App) addShared(ctx context.Context, owner models.UserID, shown []views.SharedCell, runs []models.RunID) error {
	said, err := a.Store.OutputsOf(ctx, owner, runs)
	for _, c := range shown {
		if c.Run != nil {
			c.Run.Transcript.Add(outputRows(said[models.RunID(c.Run.ID)])...)
		}
	}
	return err
}

// importedTranscript is what a cell brought along, as people read it; nil when
// that is nothing.
func importedTranscript(id models.CellID, path string, said []models.Output) *views.Transcript {
	if len(said) == 0 {
		return nil
	}
	t := views.NewTranscriptOf(views.Said{Name: string(id), Path: path}, false)
	t.Add(outputRows(said)...)
	return t
}

// sharedFile sends a browser to a fresh link on the content origin, which asks
// share and file again.
func (a *App) sharedFile(w http.ResponseWriter, r *http.Request) error {
	share, err := a.Store.Shared(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	file, err := a.Store.SharedFile(r.Context(), share.ID, r.PathValue("file"))
	if err != nil {
		return err
	}
	how := web.Attachment
	if r.URL.Query().Get("inline") == "1" && file.Type().Inline {
		how = web.Inline
	}
	w.Header().Set("Location", a.Site.Links().ForShared(share.ID, file, how))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// sharedOutput is one form of what a shared run or cell shows.
func (a *App) sharedOutput(w http.ResponseWriter, r *http.Request) error {
	share, err := a.Store.Shared(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil {
		return models.NotFound("output")
	}
	return a.sendOutput(w, r, web.OutputRef{
		Share: share.ID, Run: models.RunID(r.PathValue("run")), Cell: models.CellID(r.PathValue("cell")), Seq: seq, Media: r.URL.Query().Get("type"),
	})
}

// offerCopy asks before it copies. It is a page of its own: the shared one says
// nothing of where a form comes from, and such forms are refused.
func (a *App) offerCopy(w http.ResponseWriter, r *http.Request) error {
	share, err := a.Store.Shared(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	frame, err := a.frame(r, "Copy "+share.Title, views.SectionNotebooks)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.OfferCopy(frame, views.SharedView{Token: r.PathValue("token"), Title: share.Title, Run: share.RunID != nil}), nil)
}

func (a *App) copyShared(w http.ResponseWriter, r *http.Request) error {
	n, err := a.Store.CopyShared(r.Context(), web.Owner(r), r.PathValue("token"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, views.NotebookURL(string(n.ID), ""))
}
