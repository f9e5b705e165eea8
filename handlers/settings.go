package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"mayfly/handlers/api"
	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

func (a *App) settings(w http.ResponseWriter, r *http.Request) error {
	return a.settingsPage(w, r, http.StatusOK, views.SettingsView{})
}

// settingsPage is the whole page, with what a form brought about.
func (a *App) settingsPage(w http.ResponseWriter, r *http.Request, status int, view views.SettingsView) error {
	if err := a.addAccount(r, &view); err != nil {
		return err
	}
	tokens, err := a.Store.Tokens(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	apps, err := a.Store.Apps(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	shares, err := a.Store.Shares(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	view.Tokens, view.Apps, view.Shares = tokenLines(tokens), appLines(apps), shareLines(shares)
	frame, err := a.frame(r, "Settings", views.SectionSettings)
	if err != nil {
		return err
	}
	return web.RenderStatus(w, r, status, views.Settings(frame, view), nil)
}

// createToken makes a personal token and shows it, once.
func (a *App) createToken(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	view := views.SettingsView{Name: form.Get("name"), Life: form.Get("life"), Scopes: form["scope"]}
	secret, token, err := a.makeToken(r, view)
	switch models.CodeOf(err) {
	case "":
		return a.settingsPage(w, r, http.StatusCreated, views.SettingsView{Fresh: secret, FreshName: token.Name})
	case models.InvalidInput, models.OverLimit:
		view.Fault = web.Reason(err)
		return a.settingsPage(w, r, web.StatusOf(err), view)
	}
	return err
}

func (a *App) makeToken(r *http.Request, view views.SettingsView) (string, *models.Token, error) {
	days, err := strconv.Atoi(view.Life)
	if err != nil || days < 1 || days > maxTokenDays {
		return "", nil, models.Invalid("Choose how long the token works, a year at most.")
	}
	scopes, err := models.UserScopes(view.Scopes)
	if err != nil {
		return "", nil, err
	}
	return a.Store.CreateToken(r.Context(), web.Owner(r), models.NewToken{
		Name: view.Name, Scopes: scopes, Life: time.Duration(days) * 24 * time.Hour, Actor: "user:" + string(web.Owner(r)),
	})
}

// maxTokenDays is the longest life that the page offers.
const maxTokenDays = 365

func (a *App) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := a.Store.RevokeToken(r.Context(), web.Owner(r), models.TokenID(r.PathValue("id"))); err != nil {
		return err
	}
	return web.SeeOther(w, r, views.SettingsPath)
}

// appPage is where a person decides about one app.
func (a *App) appPage(w http.ResponseWriter, r *http.Request) error {
	link, err := a.Store.App(r.Context(), web.Owner(r), models.AppID(r.PathValue("id")))
	if err != nil {
		return err
	}
	frame, err := a.frame(r, link.Name, views.SectionSettings)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.App(frame, views.AppView{App: appLine(link)}), nil)
}

// The decisions about an app.
const (
	linkApp    = "link"
	unlinkApp  = "unlink"
	blockApp   = "block"
	unblockApp = "unblock"
)

// decide takes one decision about an app.
func (a *App) decide(what string) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		form, err := web.Form(r)
		if err != nil {
			return err
		}
		verb := map[string]func(context.Context, models.UserID, models.AppID) error{
			linkApp: a.Store.LinkApp, unlinkApp: a.Store.UnlinkApp, blockApp: a.Store.BlockApp, unblockApp: a.Store.UnblockApp,
		}[what]
		id := models.AppID(r.PathValue("id"))
		if err := verb(r.Context(), web.Owner(r), id); err != nil {
			return err
		}
		if back := form.Get("return"); back != "" {
			return web.SeeOther(w, r, back)
		}
		return web.SeeOther(w, r, views.AppURL(string(id)))
	}
}

// reference is the description of the API for people.
func (a *App) reference(w http.ResponseWriter, r *http.Request) error {
	frame, err := a.frame(r, "API", views.SectionHelp)
	if err != nil {
		return err
	}
	return web.Render(w, r, views.Reference(frame, api.Reference(a.API)), nil)
}
