package handlers

import (
	"net/http"

	"mayfly/models"
	"mayfly/views"
	"mayfly/views/ui"
	"mayfly/web"
)

// This file is for whoever shares; share_page.go for whoever has the link.

// notebookShares is the list of a notebook's links, with a button for another.
func (a *App) notebookShares(w http.ResponseWriter, r *http.Request) error {
	return a.sharePage(w, r, http.StatusOK, &models.Share{NotebookID: new(notebookID(r))}, "")
}

func (a *App) shareNotebook(w http.ResponseWriter, r *http.Request) error {
	token, share, err := a.Store.ShareNotebook(r.Context(), web.Owner(r), notebookID(r))
	if err != nil {
		return err
	}
	return a.sharePage(w, r, http.StatusCreated, share, token)
}

func (a *App) runShares(w http.ResponseWriter, r *http.Request) error {
	return a.sharePage(w, r, http.StatusOK, &models.Share{RunID: new(runID(r))}, "")
}

func (a *App) shareRun(w http.ResponseWriter, r *http.Request) error {
	token, share, err := a.Store.ShareRun(r.Context(), web.Owner(r), runID(r))
	if err != nil {
		return err
	}
	return a.sharePage(w, r, http.StatusCreated, share, token)
}

// endShare ends a link, and leads back to where that was asked.
func (a *App) endShare(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	share, err := a.Store.EndShare(r.Context(), web.Owner(r), models.ShareID(r.PathValue("id")))
	if err != nil {
		return err
	}
	switch back := form.Get("return"); {
	case back != "":
		return web.SeeOther(w, r, back)
	case web.WantsFragment(r):
		return a.sharePage(w, r, http.StatusOK, share, "")
	}
	return web.SeeOther(w, r, shareBase(share)+"/share")
}

// sharePage shows the links of the thing that the share is of. The token of a new
// one is shown this once.
func (a *App) sharePage(w http.ResponseWriter, r *http.Request, status int, share *models.Share, token string) error {
	view := views.ShareView{Base: shareBase(share), Lifetime: a.Limits.Lifetime}
	if token != "" {
		view.Fresh = a.Site.URL(views.SharedURL(token))
		view.FreshClock = ui.Clock{Expires: share.ExpiresAt, Now: share.ReadAt}
	}
	var shares []models.Share
	var err error
	if share.RunID != nil {
		view.Title, shares, err = a.sharesOfRun(r, *share.RunID)
	} else {
		view.Title, shares, err = a.sharesOfNotebook(r, *share.NotebookID)
	}
	if err != nil {
		return err
	}
	view.Run, view.Shares = share.RunID != nil, shareLines(shares)
	if web.WantsFragment(r) {
		return web.RenderStatus(w, r, status, nil, views.ShareBox(view))
	}
	section := views.SectionNotebooks
	if view.Run {
		section = views.SectionRuns
	}
	frame, err := a.frame(r, "Share "+view.Title, section)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, views.Share(frame, view), nil)
}

func (a *App) sharesOfNotebook(r *http.Request, id models.NotebookID) (title string, shares []models.Share, err error) {
	n, err := a.Store.Notebook(r.Context(), web.Owner(r), id)
	if err != nil {
		return "", nil, err
	}
	shares, err = a.Store.SharesOfNotebook(r.Context(), web.Owner(r), id)
	return n.Name, shares, err
}

func (a *App) sharesOfRun(r *http.Request, id models.RunID) (title string, shares []models.Share, err error) {
	run, err := a.Store.Run(r.Context(), web.Owner(r), id)
	if err != nil {
		return "", nil, err
	}
	shares, err = a.Store.SharesOfRun(r.Context(), web.Owner(r), id)
	return run.Title(), shares, err
}

// shareBase is the page of what is shared.
func shareBase(s *models.Share) string {
	if s.RunID != nil {
		return views.RunURL(string(*s.RunID))
	}
	return views.NotebookURL(string(*s.NotebookID), "")
}

// shareLines are shares as lists show them.
func shareLines(shares []models.Share) []views.ShareLine {
	lines := make([]views.ShareLine, len(shares))
	for i := range shares {
		s := &shares[i]
		lines[i] = views.ShareLine{
			ID: string(s.ID), Title: s.Title, Run: s.RunID != nil, Page: shareBase(s), Made: s.CreatedAt,
			Clock: ui.Clock{Expires: s.ExpiresAt, Now: s.ReadAt},
		}
	}
	return lines
}
