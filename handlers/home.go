package handlers

import (
	"cmp"
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
	glance, err := a.Store.Glance(r.Context(), web.Owner(r), models.GlanceQuery{Runs: homeRuns, Files: homeExpiring, Books: homeBooks, Within: expiringSoon})
	if err != nil {
		return err
	}
	view := a.homeView(glance)
	if from := r.URL.Query().Get("from"); from != "" {
		run, err := a.Store.Run(r.Context(), web.Owner(r), models.RunID(from))
		if err != nil {
			return err
		}
		view.Code = run.Code
	}
	frame := frameOf(web.CurrentUser(r), "Home", views.SectionHome, glance.Usage)
	frame.Editor = true
	frame.Refresh = false // a reload would lose what is being typed
	return web.Render(w, r, views.Home(frame, view), nil)
}

// homeView is each panel of Home.
func (a *App) homeView(g *models.Glance) views.HomeView {
	view := views.HomeView{
		FormKey: newFormKey(), Limits: a.Limits, Warming: cmp.Or(a.Refusing(), a.Warming()),
		Running: runLines(g.Active), Recent: runLines(g.Recent), Expiring: fileLines(g.Expiring), Books: bookLines(g.Books),
		Space: gauges(g.Usage), Files: g.Usage.Files, Free: g.Usage.Free(),
	}
	if view.First() {
		view.Code = views.Sample
	}
	return view
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
	user := web.CurrentUser(r)
	if user == nil {
		return views.Frame{Title: title, Active: section}, nil
	}
	usage, err := a.Store.Usage(r.Context(), user.ID)
	return frameOf(user, title, section, usage), err
}

func frameOf(user *models.User, title string, section views.Section, usage models.Usage) views.Frame {
	return views.Frame{
		Title: title, Active: section, User: views.Person{ID: string(user.ID), Name: user.Name}, Theme: string(user.Theme), Space: spaceGauge(usage),
	}
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
