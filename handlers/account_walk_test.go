package handlers_test

import (
	"net/url"
	"slices"
	"time"

	"mayfly/models"
)

// accountCalls are the calls of the routes of an account and of its history.
func accountCalls(r *rig, ada models.UserID) map[string]call {
	run := func() string { return string(r.done(ada, "ada_alone()").ID) }
	session := func() string {
		if _, err := r.store.OpenSession(r.t.Context(), ada, "other", time.Hour); err != nil {
			r.t.Fatal(err)
		}
		open, err := r.store.Sessions(r.t.Context(), ada)
		if err != nil {
			r.t.Fatal(err)
		}
		return string(open[slices.IndexFunc(open, func(s models.Session) bool { return s.Agent == "other" })].ID())
	}
	return map[string]call{
		"POST /settings/theme":             {path: "/settings/theme", form: url.Values{"theme": {"dark"}}, owner: 303, stranger: 303, nobody: 401},
		"POST /settings/shortcuts":         {path: "/settings/shortcuts", form: url.Values{"on": {"0"}}, owner: 303, stranger: 303, nobody: 401},
		"POST /settings/sessions/{id}/end": {path: "/settings/sessions/" + session() + "/end", form: url.Values{}, owner: 303, stranger: 404, nobody: 401},
		"GET /settings/data.zip":           {path: "/settings/data.zip", owner: 200, stranger: 200, nobody: 401},
		"POST /settings/delete-account":    {path: "/settings/delete-account", form: url.Values{"confirm": {"no"}}, owner: 422, stranger: 422, nobody: 401},
		"POST /runs/{id}/again":            {path: "/runs/" + run() + "/again", form: url.Values{"form_key": {"x"}}, owner: 303, stranger: 404, nobody: 401},
		"POST /notebooks/from-run":         {path: "/notebooks/from-run", form: url.Values{"run": {run()}}, owner: 303, stranger: 404, nobody: 401},
		"POST /settings/sessions/end":      {path: "/settings/sessions/end", form: url.Values{}, owner: 303, stranger: 303, nobody: 401},
	}
}
