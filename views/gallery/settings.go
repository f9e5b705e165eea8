package gallery

import (
	"time"

	"github.com/a-h/templ"

	"mayfly/views"
	"mayfly/views/ui"
)

const (
	grantA = "abcdefghijklmnopqrstuvwxya"
	grantB = "abcdefghijklmnopqrstuvwxyb"
	grantC = "abcdefghijklmnopqrstuvwxyc"
	grantD = "abcdefghijklmnopqrstuvwxyd"
	grantE = "abcdefghijklmnopqrstuvwxye"
	grantF = "abcdefghijklmnopqrstuvwxyf"
)

func settingsPages() []Named {
	used := now.Add(-4 * time.Minute)
	all := []string{"run", "files:read", "files:write"}
	me := views.Person{ID: person, Name: "mira"}
	full := views.SettingsView{
		Profile: views.ProfileView{Person: me, Since: now.Add(-90 * day)}, Theme: "dark", Shortcuts: true, Sessions: browsers(),
		Shares: []views.ShareLine{
			{ID: grantA, Title: "Raid night, week 47", Page: "/notebooks/" + grantA, Made: now.Add(-3 * time.Hour), Clock: ui.Clock{Expires: now.Add(26 * time.Hour), Now: now}},
			{ID: grantB, Title: hostile, Run: true, Page: "/runs/" + grantB, Made: now.Add(-50 * time.Hour), Clock: ui.Clock{Expires: now.Add(20 * time.Minute), Now: now}},
		},
		Holdings: views.HoldingsView{Runs: 1284, Notebooks: 12, Files: 112, Tokens: 2, Sessions: 4},
		Tokens: []views.TokenLine{
			{ID: grantA, Name: "nightly report", Scopes: all, Used: &used, Expires: now.Add(720 * time.Hour), Now: now},
			{ID: grantB, Name: "تقرير المبيعات with a name that goes on and on until it must end", Scopes: all[:1], Expires: now.Add(time.Hour), Now: now},
			{ID: grantC, Name: "old laptop", Scopes: all[1:2], Used: &used, Expires: now, Now: now, Revoked: true},
		},
		Apps: []views.AppLine{
			{ID: grantD, Name: "Guild helper", Scopes: all, Everyone: true, Acted: &used, Now: now},
			{ID: grantE, Name: "chart-bot <b>", Scopes: all[:1], Linked: true, Now: now},
			{ID: grantF, Name: "spammy", Blocked: true, Acted: &used, Now: now},
		},
	}
	few := views.SettingsView{Profile: views.ProfileView{Person: views.Person{ID: "1", Name: hostile}, Since: now, Local: true}, Sessions: browsers()[:1],
		Holdings: views.HoldingsView{Sessions: 1}}
	fresh, refused := full, views.SettingsView{Profile: few.Profile, Sessions: few.Sessions, DeleteFault: "Nothing was deleted: type the word delete into the field.", Fault: "A token needs a name, so that you know it in the list.", Scopes: all[:1], Life: "90"}
	fresh.Fresh, fresh.FreshName = "mf_hsmn4dfqax2miyhmume5citzfihsmn4dfqax2miy", "nightly report"
	page := func(v views.SettingsView) templ.Component {
		return views.Settings(frame("Settings", views.SectionSettings), v)
	}
	app := func(a views.AppLine) templ.Component {
		a.ID, a.Name, a.Now = grantA, "Guild helper", now
		if !a.Blocked {
			a.Scopes = all
		}
		return views.App(frame("Guild helper", views.SectionSettings), views.AppView{App: a})
	}
	return []Named{
		{"settings", page(full)},
		{"settings-empty", page(few)},
		{"settings-fresh", page(fresh)},
		{"settings-refused", page(refused)},
		{"app-asks", app(views.AppLine{})},
		{"app-linked", app(views.AppLine{Linked: true, Acted: &used})},
		{"app-everyone", app(views.AppLine{Everyone: true})},
		{"app-blocked", app(views.AppLine{Blocked: true})},
		{"reference", views.Reference(frame("API", views.SectionHelp), reference())},
	}
}

func browsers() []views.SessionLine {
	agents := []string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36",
		"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1", hostile,
	}
	lines := make([]views.SessionLine, len(agents))
	for i, agent := range agents {
		lines[i] = views.SessionLine{ID: token(60 + i), Agent: agent, Device: views.DeviceOf(agent), Here: i == 0, Now: now,
			Since: now.Add(-time.Duration(i+1) * 2 * day), Used: now.Add(-time.Duration(i) * 7 * time.Hour), Ends: now.Add(time.Duration(7-i) * day)}
	}
	return lines
}

func reference() views.ReferenceView {
	fields := []views.ReferenceField{
		{Name: "code", Type: "string", Required: true, Words: "Python source, 2 MiB at most. Indentation that all lines share is taken off."},
		{Name: "timeout", Type: "number or null", Words: "Seconds of wall time."},
		{Name: "generated_files", Type: "list of", Object: "Result", Words: "The files that it made."},
	}
	ask := []views.ReferenceField{{Name: "Idempotency-Key", Place: "header", Type: "string", Words: "The same key gives the first result again."}}
	return views.ReferenceView{
		Base: "https://mayfly.example/api/v1", SpecURL: "/api/v1/openapi.json",
		Groups: []views.ReferenceGroup{{Name: "runs", Operations: []views.ReferenceOperation{
			{ID: "execute", Method: "POST", Path: "/execute", Summary: "Run code and wait for its result", Words: "A fresh interpreter runs the code once. Scope: run.",
				Asks: ask, Body: fields, Answers: []views.ReferenceAnswer{{Status: "200", Object: "Result"}}, Example: "curl https://mayfly.example/api/v1/execute\n"},
			{ID: "delete-file", Method: "DELETE", Path: "/files/{id}", Summary: "Delete a file", Words: "Scope: files:write.", Answers: []views.ReferenceAnswer{{Status: "204"}}, Example: "curl -X DELETE\n"},
		}}},
		Objects:  []views.ReferenceObject{{Name: "Result", Fields: fields}},
		Failures: []views.ReferenceFailure{{Code: "not_found", Status: "404", Title: "There is nothing here", Next: "Check the address."}},
	}
}
