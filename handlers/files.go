package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// filesPage is how many files one page of the list has; searchMax is the
// longest name worth looking for.
const (
	filesPage = 50
	searchMax = 255
)

func (a *App) files(w http.ResponseWriter, r *http.Request) error {
	view, usage, err := a.filesView(r)
	if err != nil {
		return err
	}
	if web.WantsFragment(r) {
		return web.Render(w, r, nil, views.FileList(view))
	}
	toasts, err := a.undoToasts(r)
	if err != nil {
		return err
	}
	return a.filesPage(w, r, http.StatusOK, view, usage, toasts)
}

// filesPage is the whole page, with what is to be said about what came before.
func (a *App) filesPage(w http.ResponseWriter, r *http.Request, status int, view views.FilesView, usage models.Usage, toasts []views.Toast) error {
	frame := frameOf(web.CurrentUser(r), "Files", views.SectionFiles, usage)
	frame.Toasts = toasts
	return web.RenderStatus(w, r, status, views.Files(frame, view), nil)
}

func (a *App) filesView(r *http.Request) (views.FilesView, models.Usage, error) {
	filter, page := filterOf(r), pageOf(r)
	view := views.FilesView{
		Filter: filter, Page: page, FileMax: a.Limits.FileMax, Quota: a.Limits.Quota, Lifetime: a.Limits.Lifetime,
		Categories: models.Categories(), FormKey: newFormKey(),
	}
	found, err := a.findFiles(r.Context(), web.Owner(r), filter, &view.Page)
	if err != nil {
		return view, models.Usage{}, err
	}
	usage := found.Usage
	view.Files, view.Total, view.TotalBytes = fileLines(found.Files), found.Total, found.Bytes
	view.From, view.Free, view.All = (view.Page-1)*filesPage+1, usage.Free(), found.Total
	if filter.Any() {
		view.All = max(usage.Files, found.Total)
	}
	return view, usage, nil
}

// findFiles reads one page. A page beyond the last, which can be left of a list
// that grew shorter, gives the last one.
func (a *App) findFiles(ctx context.Context, owner models.UserID, f views.Filter, page *int) (*models.FilePage, error) {
	query := models.FileQuery{
		Search: f.Search, Category: f.Category, Source: models.Source(f.Source), Within: within(f.Within),
		Sort: f.Sort, Offset: (*page - 1) * filesPage, Limit: filesPage,
	}
	if query.Sort == "" {
		query.Sort = "left"
	}
	found, err := a.Store.Files(ctx, owner, query)
	if err != nil || len(found.Files) > 0 || found.Total == 0 {
		return found, err
	}
	*page = (found.Total + filesPage - 1) / filesPage
	query.Offset = (*page - 1) * filesPage
	return a.Store.Files(ctx, owner, query)
}

// filterOf reads what the list is asked for. What it does not know counts as
// not asked (SEC-19).
func filterOf(r *http.Request) views.Filter {
	q := r.URL.Query()
	known := func(name string, values ...string) string {
		if value := q.Get(name); slices.Contains(values, value) {
			return value
		}
		return ""
	}
	search := []rune(strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(q.Get("q"), "\x00", ""), "")))
	return views.Filter{
		Search:   string(search[:min(len(search), searchMax)]),
		Category: known("category", models.Categories()...),
		Source:   known("source", "web", "discord", "api", "cli", "upload"),
		Within:   known("within", "1h", "6h", "24h"),
		Sort:     known("sort", "left", "-left", "name", "-name", "size", "-size", "made", "-made"),
	}
}

func within(choice string) time.Duration {
	length, err := time.ParseDuration(choice)
	if err != nil {
		return 0 // "", any time
	}
	return length
}

// pageOf is the page asked for, from 1. Whatever is no such number is the
// first.
func pageOf(r *http.Request) int {
	const most = 1_000_000
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 1 || page > most {
		return 1
	}
	return page
}

func fileID(r *http.Request) models.FileID { return models.FileID(r.PathValue("id")) }
