package handlers

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// How much of everything Home shows.
const (
	homeRuns     = 8
	homeBooks    = 4
	homeExpiring = 5
	expiringSoon = 6 * time.Hour
)

func (a *App) home(w http.ResponseWriter, r *http.Request) error {
	if web.CurrentUser(r) == nil {
		return a.front(w, r)
	}
	frame, usage, err := a.frameWithUsage(r, "Home", views.SectionHome)
	if err != nil {
		return err
	}
	view, err := a.homeView(r.Context(), web.Owner(r), usage)
	if err != nil {
		return err
	}
	if from := r.URL.Query().Get("from"); from != "" {
		run, err := a.Store.Run(r.Context(), web.Owner(r), models.RunID(from))
		if err != nil {
			return err
		}
		view.Code = run.Code
	}
	frame.Editor = true
	frame.Refresh = false // a reload would lose what is being typed
	return web.Render(w, r, views.Home(frame, view), nil)
}

// homeView asks for each panel of Home.
func (a *App) homeView(ctx context.Context, owner models.UserID, usage models.Usage) (views.HomeView, error) {
	view := views.HomeView{FormKey: newFormKey(), Limits: a.Limits, Warming: cmp.Or(a.Refusing(), a.Warming())}
	active, err := a.Store.ActiveRuns(ctx, owner)
	if err != nil {
		return view, err
	}
	recent, err := a.Store.Runs(ctx, owner, models.RunQuery{Limit: homeRuns})
	if err != nil {
		return view, err
	}
	expiring, err := a.Store.Files(ctx, owner, models.FileQuery{Within: expiringSoon, Sort: "left", Limit: homeExpiring})
	if err != nil {
		return view, err
	}
	books, err := a.Store.RecentNotebooks(ctx, owner, homeBooks)
	if err != nil {
		return view, err
	}
	view.Running, view.Recent, view.Expiring, view.Books = runLines(active), runLines(recent.Runs), fileLines(expiring.Files), bookLines(books)
	view.Space, view.Files, view.Free = gauges(usage), usage.Files, usage.Free()
	if view.First() {
		view.Code = views.Sample
	}
	return view, nil
}

func (a *App) front(w http.ResponseWriter, r *http.Request) error {
	now, err := a.Store.Now(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Front(views.Frame{Title: "Python for your Discord"}, views.FrontView{
		Discord: a.DiscordSignIn, Local: a.Site.LocalSignIn(), Return: web.ReturnPath(r.URL.Query().Get("return")),
		Limits: a.Limits, Now: now, Deleted: r.URL.Query().Get("account") == "deleted",
	}), nil)
}

func (a *App) help(w http.ResponseWriter, r *http.Request) error {
	frame, err := a.frame(r, "Help", views.SectionHelp)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Help(frame, views.HelpView{
		Limits: a.Limits, Python: a.Python, Packages: a.Packages(), Loaders: loaders(), SignedIn: web.CurrentUser(r) != nil,
	}), nil)
}

func loaders() []views.Loader {
	var all []views.Loader
	for _, l := range models.Loadings() {
		all = append(all, views.Loader{Types: l.Extensions, Gives: l.Gives})
	}
	return all
}

// frame is what stands around a page for whoever asks.
func (a *App) frame(r *http.Request, title string, section views.Section) (views.Frame, error) {
	frame, _, err := a.frameWithUsage(r, title, section)
	return frame, err
}

// frameWithUsage is frame for a page that shows more of what its meter is made of.
func (a *App) frameWithUsage(r *http.Request, title string, section views.Section) (views.Frame, models.Usage, error) {
	frame := views.Frame{Title: title, Active: section}
	user := web.CurrentUser(r)
	if user == nil {
		return frame, models.Usage{}, nil
	}
	usage, err := a.Store.Usage(r.Context(), user.ID)
	frame.User, frame.Theme = views.Person{ID: string(user.ID), Name: user.Name}, string(user.Theme)
	frame.Space = spaceGauge(usage)
	return frame, usage, err
}

func bookLines(books []*models.Notebook) []views.BookLine {
	lines := make([]views.BookLine, len(books))
	for i, n := range books {
		lines[i] = views.BookLine{ID: string(n.ID), Name: n.Name, Cells: n.CellCount, Changed: n.ChangedAt, Now: n.ReadAt}
		switch k := n.Kernel; {
		case k == nil || !k.Alive():
		case k.Busy:
			lines[i].State = "running"
		default:
			lines[i].State = "ready"
		}
	}
	return lines
}
