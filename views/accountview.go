package views

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"mayfly/views/ui"
)

// Paths of what a person decides about their account.
const (
	ThemePath         = "/settings/theme"     // POST theme=light|dark|
	ShortcutsPath     = "/settings/shortcuts" // POST on=1|0
	SessionsPath      = "/settings/sessions"
	EndOthersPath     = "/settings/sessions/end"   // POST: all but this one
	DataPath          = "/settings/data.zip"       // GET
	DeleteAccountPath = "/settings/delete-account" // POST confirm=DeleteWord
	DeletedPath       = "/?account=deleted"        // where a deleted account leads
)

// DeleteWord is what is typed to delete an account, in any case.
const DeleteWord = "delete"

// EndSessionURL takes a POST that ends one browser's session.
func EndSessionURL(session string) string {
	return SessionsPath + "/" + url.PathEscape(session) + "/end"
}

// ProfileView is who somebody is here.
type ProfileView struct {
	Person
	Since time.Time // of the account
	Local bool      // signed in without Discord, on this machine
}

func (p ProfileView) wayIn() string {
	if p.Local {
		return "signed in on this machine"
	}
	return "signed in with Discord"
}

// SessionLine is one browser in which somebody is signed in.
type SessionLine struct {
	ID                     string
	Agent                  string // what the browser says it is
	Device                 Device
	Since, Used, Ends, Now time.Time
	Here                   bool // the browser that asks
}

func (s SessionLine) useWords() string {
	if s.Here {
		return "in use"
	}
	return "last used " + ui.Since(s.Used, s.Now) + " ago"
}

// HoldingsView counts what goes with an account.
type HoldingsView struct{ Runs, Notebooks, Files, Tokens, Sessions int }

func (h HoldingsView) words() string {
	return strings.Join([]string{
		ui.Plural(h.Runs, "run") + " with all output", ui.Plural(h.Notebooks, "notebook"), ui.Plural(h.Files, "file"),
		ui.Plural(h.Tokens, "token") + " and " + ui.Plural(h.Sessions, "session"),
	}, ", ")
}

type themeChoice struct{ value, icon, word string }

func themeChoices() []themeChoice {
	return []themeChoice{{"", "monitor", "System"}, {"light", "sun", "Light"}, {"dark", "moon", "Dark"}}
}

func onOff(on bool) string {
	if on {
		return "On"
	}
	return "Off"
}

// otherWay is the value that turns a switch around.
func otherWay(on bool) string {
	if on {
		return "0"
	}
	return "1"
}

// faultOf ties a field to the sentence about what is wrong with it.
func faultOf(fault, id string) templ.Attributes {
	if fault == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": id, "autofocus": true}
}
