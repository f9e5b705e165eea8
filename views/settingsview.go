package views

import (
	"net/url"
	"strings"
	"time"

	"mayfly/views/ui"
)

// Paths of the settings.
const (
	SettingsPath = "/settings"
	TokensPath   = "/settings/tokens" // POST name=…&scope=…&life=…
	AppsPath     = "/apps"
)

// RevokeURL takes a POST that ends a token.
func RevokeURL(token string) string { return TokensPath + "/" + url.PathEscape(token) + "/revoke" }

// AppURL is the page of an app.
func AppURL(app string) string { return AppsPath + "/" + url.PathEscape(app) }

// DecideURL takes a POST that decides about an app: link, unlink, block, unblock.
func DecideURL(app, what string) string { return AppURL(app) + "/" + what }

// SettingsView is the page of what a person decides.
type SettingsView struct {
	Profile     ProfileView
	Theme       string // light, dark; "" is the system's
	Shortcuts   bool
	Sessions    []SessionLine
	Tokens      []TokenLine
	Apps        []AppLine
	Shares      []ShareLine // links that work
	Holdings    HoldingsView
	DeleteFault string // why the account was not deleted

	Fresh, FreshName string // a token made just now, and its name

	// What the form holds after it was refused.
	Fault, Name, Life string
	Scopes            []string
}

// TokenLine is one token in the list.
type TokenLine struct {
	ID, Name       string
	Scopes         []string
	Used           *time.Time
	Expires, Now   time.Time
	Revoked, Ended bool
}

// Works says that it can be used.
func (t TokenLine) Works() bool { return !t.Revoked && !t.Ended }

// AppLine is one app with what the person decided.
type AppLine struct {
	ID, Name                  string
	Scopes                    []string
	Everyone, Linked, Blocked bool
	Acted                     *time.Time
	Now                       time.Time
}

// AppView is the page of one app.
type AppView struct{ App AppLine }

type scopeChoice struct{ name, does string }

func scopeChoices() []scopeChoice {
	var all []scopeChoice
	for _, name := range []string{"run", "files:read", "files:write"} {
		all = append(all, scopeChoice{name, scopeWords(name)})
	}
	return all
}

// scopeWords says what a scope lets a program do.
func scopeWords(name string) string {
	switch name {
	case "run":
		return "run code for you, which can load your files"
	case "files:read":
		return "list and download your files"
	case "files:write":
		return "keep, extend and delete files for you"
	case "admin":
		return "clear expired files away for everybody"
	}
	return name
}

type lifeChoice struct{ value, words string }

func lifeChoices() []lifeChoice {
	return []lifeChoice{{"7", "7 days"}, {"30", "30 days"}, {"90", "90 days"}, {"365", "a year"}}
}

// ticked is what the form begins with, or held when it was refused.
func (v SettingsView) ticked(scope string) bool {
	if v.Fault == "" {
		return true
	}
	for _, s := range v.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}

func (v SettingsView) life() string {
	if v.Life == "" {
		return "30"
	}
	return v.Life
}

// mayWords are scopes in one line.
func mayWords(scopes []string) string { return strings.Join(scopes, " · ") }

func (t TokenLine) may() string { return mayWords(t.Scopes) }

func (t TokenLine) useWords() string {
	used := "never used"
	if t.Used != nil {
		used = "last used " + ui.Since(*t.Used, t.Now) + " ago"
	}
	if t.Works() {
		return used + " · until " + t.Expires.UTC().Format("2 Jan 2006")
	}
	return used
}

func (t TokenLine) word() string {
	switch {
	case t.Revoked:
		return "Revoked"
	case t.Ended:
		return "Expired"
	}
	return "Works"
}

func (t TokenLine) tone() ui.Tone {
	if t.Works() {
		return ui.Good
	}
	return ui.Quiet
}

func (t TokenLine) icon() string {
	switch {
	case t.Revoked:
		return "ban"
	case t.Ended:
		return "timer-off"
	}
	return "check"
}

func (a AppLine) may() string {
	if len(a.Scopes) == 0 {
		return "no working token"
	}
	return mayWords(a.Scopes)
}

func (a AppLine) useWords() string {
	if a.Acted == nil {
		return "has not acted for you"
	}
	return "last acted for you " + ui.Since(*a.Acted, a.Now) + " ago"
}

func (a AppLine) word() string {
	switch {
	case a.Blocked:
		return "Blocked"
	case a.Linked:
		return "Linked"
	case a.Everyone:
		return "For everyone"
	}
	return "Not linked"
}

func (a AppLine) tone() ui.Tone {
	switch {
	case a.Blocked:
		return ui.Bad
	case a.Linked, a.Everyone:
		return ui.Good
	}
	return ui.Quiet
}

func (a AppLine) icon() string {
	switch {
	case a.Blocked:
		return "ban"
	case a.Linked, a.Everyone:
		return "check"
	}
	return "minus"
}

// question is what the page of an app says first.
func (v AppView) question() string {
	switch {
	case v.App.Blocked && len(v.App.Scopes) == 0:
		return "You have blocked this app: it can do nothing for you."
	case v.App.Blocked:
		return "You have blocked this app: it can do nothing for you. Unblocked it could"
	case v.App.Everyone:
		return "Whoever runs this Mayfly lets this app act for everyone who does not block it. It can"
	case v.App.Linked:
		return "You have linked this app. It can"
	}
	return "May this app act for you here? It could"
}

func (v AppView) facts() string {
	return "What it does for you is in your history, and counts in your limits. " + strings.ToUpper(v.App.useWords()[:1]) + v.App.useWords()[1:] + "."
}
