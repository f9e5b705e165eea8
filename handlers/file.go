package handlers

import (
	"context"
	"net/http"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// file is the page of a live file, or of what is remembered of one that is
// gone.
func (a *App) file(w http.ResponseWriter, r *http.Request) error {
	file, err := a.Store.File(r.Context(), web.Owner(r), fileID(r))
	if models.CodeOf(err) == models.GoneCode {
		return a.tombstone(w, r)
	}
	if err != nil {
		return err
	}
	view, err := a.fileView(r.Context(), web.Owner(r), file)
	if err != nil {
		return err
	}
	frame, err := a.frame(r, file.Name, views.SectionFiles)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.File(frame, view), nil)
}

func (a *App) fileView(ctx context.Context, owner models.UserID, file *models.File) (views.FileView, error) {
	kind := file.Type()
	view := views.FileView{
		File: fileLine(file), MediaType: file.MediaType, SHA256: file.SHA256, LoadGives: kind.Loads(),
		Lifetime: a.Limits.Lifetime, ImageShown: kind.Picture(),
	}
	run, loaded, err := a.maker(ctx, owner, file)
	if err != nil {
		return view, err
	}
	if run != nil {
		line := runLine(run)
		view.Run, view.File.MadeBy, view.Loaded = &line, line.Line, fileLines(loaded)
	}
	versions, err := a.Store.Versions(ctx, owner, file.Name, 0)
	if err != nil {
		return view, err
	}
	view.Versions = fileLines(versions)
	if !view.ImageShown {
		view.Text, view.TextCut = a.textHead(ctx, owner, file)
	}
	return view, nil
}

// maker is the run that made a file and what it had read; nil when it was
// uploaded, or when the run is not remembered any more.
func (a *App) maker(ctx context.Context, owner models.UserID, file *models.File) (*models.Run, []models.File, error) {
	if file.RunID == nil {
		return nil, nil, nil
	}
	run, err := a.Store.Run(ctx, owner, *file.RunID)
	if models.CodeOf(err) == models.NotFoundCode {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	loaded, err := a.Store.LoadedFiles(ctx, owner, run.ID)
	return run, loaded, err
}

// tombstone answers 410 with what is still known, and how to make it again.
func (a *App) tombstone(w http.ResponseWriter, r *http.Request) error {
	file, err := a.Store.Tombstone(r.Context(), web.Owner(r), fileID(r))
	if err != nil {
		return err
	}
	view, err := a.tombstoneView(r.Context(), web.Owner(r), file)
	if err != nil {
		return err
	}
	frame, err := a.frame(r, file.Name, views.SectionFiles)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusGone, views.Tombstone(frame, view), nil)
}

func (a *App) tombstoneView(ctx context.Context, owner models.UserID, file *models.File) (views.TombstoneView, error) {
	view := views.TombstoneView{
		File: fileLine(file), MediaType: file.MediaType, SHA256: file.SHA256, GoneAt: file.GoneAt(), Now: file.ReadAt,
		KnownUntil: file.KnownUntil(), Lifetime: a.Limits.Lifetime,
	}
	run, loaded, err := a.maker(ctx, owner, file)
	if err != nil {
		return view, err
	}
	if run != nil {
		view.Code, view.Loaded = run.Code, fileLines(loaded)
	}
	newer, err := a.Store.Versions(ctx, owner, file.Name, file.Version)
	view.Newer = fileLines(newer)
	return view, err
}

// content sends the browser to a fresh link on the content origin. Owner and
// clock are asked here, and again there.
func (a *App) content(w http.ResponseWriter, r *http.Request) error {
	file, err := a.Store.File(r.Context(), web.Owner(r), fileID(r))
	if err != nil {
		return err
	}
	how := web.Attachment
	if r.URL.Query().Get("inline") == "1" && file.Type().Inline {
		how = web.Inline
	}
	w.Header().Set("Location", a.Site.Links().For(file, how))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
