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
	homeExpiring = 5
	expiringSoon = 6 * time.Hour
)

func (a *App) home(w http.ResponseWriter, r *http.Request) error {
	if web.CurrentUser(r) == nil {
		return a.front(w, r)
	}
	view, err := a.homeView(r.Context(), web.Owner(r))
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
	frame, err := a.frame(r, "Home", views.SectionHome)
	if err != nil {
		return err
	}
	frame.Editor = true
	frame.Refresh = false // a reload would lose what is being typed
	return web.Render(w, r, views.Home(frame, view), nil)
}

// homeView asks for each panel of Home.
func (a *App) homeView(ctx context.Context, owner models.UserID) (views.HomeView, error) {
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
	usage, err := a.Store.Usage(ctx, owner)
	if err != nil {
		return view, err
	}
	view.Running, view.Recent, view.Expiring = runLines(active), runLines(recent), fileLines(expiring.Files)
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
		Limits: a.Limits, Now: now,
	}), nil)
}

func (a *App) help(w http.ResponseWriter, r *http.Request) error {
	frame, err := a.frame(r, "Help", views.SectionHelp)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Help(frame, views.HelpView{Limits: a.Limits, Python: a.Python, Packages: a.Packages()}), nil)
}

// frame is what stands around a page for whoever asks.
func (a *App) frame(r *http.Request, title string, section views.Section) (views.Frame, error) {
	frame := views.Frame{Title: title, Active: section}
	user := web.CurrentUser(r)
	if user == nil {
		return frame, nil
	}
	usage, err := a.Store.Usage(r.Context(), user.ID)
	frame.User = views.Person{ID: string(user.ID), Name: user.Name}
	frame.Space = spaceGauge(usage)
	return frame, err
}
