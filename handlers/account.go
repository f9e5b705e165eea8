package handlers

import (
	"net/http"
	"strings"

	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// addAccount reads what the settings show of a person's account.
func (a *App) addAccount(r *http.Request, view *views.SettingsView) error {
	profile, err := a.Store.Profile(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	open, err := a.Store.Sessions(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	held, err := a.Store.Holdings(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	view.Profile = views.ProfileView{
		Person: views.Person{ID: string(profile.ID), Name: profile.Name}, Since: profile.CreatedAt, Local: a.Site.LocalSignIn(),
	}
	view.Theme, view.Shortcuts, view.Holdings = string(profile.Theme), profile.Shortcuts, views.HoldingsView(held)
	view.Sessions = sessionLines(open, web.CurrentSession(r))
	return nil
}

func sessionLines(open []models.Session, here models.SessionID) []views.SessionLine {
	lines := make([]views.SessionLine, len(open))
	for i, s := range open {
		lines[i] = views.SessionLine{
			ID: string(s.ID()), Agent: s.Agent, Device: views.DeviceOf(s.Agent), Since: s.CreatedAt, Used: s.SeenAt, Ends: s.EndsAt(),
			Now: s.ReadAt, Here: s.ID() == here,
		}
	}
	return lines
}

// setTheme and setShortcuts keep how the person wants the pages.
func (a *App) setTheme(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	if err := a.Store.SetTheme(r.Context(), web.Owner(r), models.Theme(form.Get("theme"))); err != nil {
		return err
	}
	return web.SeeOther(w, r, views.SettingsPath+"#look")
}

func (a *App) setShortcuts(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	on := form.Get("on")
	if on != "1" && on != "0" {
		return models.Invalid("Shortcuts are on or off.")
	}
	if err := a.Store.SetShortcuts(r.Context(), web.Owner(r), on == "1"); err != nil {
		return err
	}
	if web.WantsFragment(r) { // the switch in a notebook's list of keys
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return web.SeeOther(w, r, views.SettingsPath+"#look")
}

// endSession ends one browser's session: this one's is signing out.
func (a *App) endSession(w http.ResponseWriter, r *http.Request) error {
	id := models.SessionID(r.PathValue("id"))
	if id == web.CurrentSession(r) {
		return a.Site.Logout(w, r)
	}
	hash, err := a.Store.EndOneSession(r.Context(), web.Owner(r), id)
	if err != nil {
		return err
	}
	a.Site.EndStreamsOf(hash)
	return web.SeeOther(w, r, views.SettingsPath+"#sessions")
}

func (a *App) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	hashes, err := a.Store.EndOtherSessions(r.Context(), web.Owner(r), web.CurrentSession(r))
	if err != nil {
		return err
	}
	a.Site.EndStreamsOf(hashes...)
	return web.SeeOther(w, r, views.SettingsPath+"#sessions")
}

// deleteAccount removes everything, once the word for it was typed.
func (a *App) deleteAccount(w http.ResponseWriter, r *http.Request) error {
	form, err := web.Form(r)
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(form.Get("confirm")), views.DeleteWord) {
		return a.settingsPage(w, r, http.StatusUnprocessableEntity, views.SettingsView{
			DeleteFault: "Nothing was deleted: type the word " + views.DeleteWord + " into the field.",
		})
	}
	hashes, err := a.Store.DeleteAccount(r.Context(), web.Owner(r))
	if err != nil {
		return err
	}
	a.Site.EndStreamsOf(hashes...)
	return a.Site.SignOut(w, r, views.DeletedPath)
}
