package handlers

import (
	"net/http"

	"mayfly/events"
	"mayfly/handlers/api"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/static"
	"mayfly/storage"
	"mayfly/views"
	"mayfly/web"
)

// App is what handlers call. All fields but Python and the bools are required.
type App struct {
	Site   *web.Server
	Store  *models.Store
	Vault  *storage.Vault
	Runner *runner.Runner
	Hub    *events.Hub
	API    *api.API

	Limits        views.LimitsView
	Python        string                 // its version, "" when unknown
	Packages      func() []views.Package // what user code may import
	Warming       func() string          // "" or a sentence: why a run has to wait
	Refusing      func() string          // "" or a sentence: why no run is taken
	Development   bool                   // serves /gallery
	DiscordSignIn bool

	logs    drawnLogs
	feeds   feeds
	imports importReader
}

// Routes is the whole surface of the app.
func Routes(a *App) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	routes := []web.Route{
		{Method: get, Pattern: "/{$}", Audience: web.Public, Handle: a.home},
		{Method: get, Pattern: "/docs", Audience: web.Public, Handle: a.help},
		{Method: get, Pattern: "/docs/api", Audience: web.Public, Handle: a.reference},

		{Method: get, Pattern: "/find", Audience: web.Session, Handle: a.find},

		{Method: get, Pattern: "/login/discord", Audience: web.Public, Handle: a.Site.BeginDiscord, Limit: web.LoginRate},
		{Method: get, Pattern: "/auth/discord/callback", Audience: web.Public, Handle: a.Site.FinishDiscord, Limit: web.LoginRate},
		{Method: post, Pattern: "/login/local", Audience: web.Public, Handle: a.Site.SignInLocal, Limit: web.LoginRate},
		{Method: post, Pattern: "/logout", Audience: web.Public, Handle: a.Site.Logout},

		{Method: get, Pattern: "/runs", Audience: web.Session, Handle: a.runs},
		{Method: post, Pattern: "/runs", Audience: web.Session, Handle: a.submit, Limit: web.RunRate, Body: uploadMax},
		{Method: get, Pattern: "/runs/{id}", Audience: web.Session, Handle: a.run},
		{Method: get, Pattern: "/runs/{id}/events", Audience: web.Session, Handle: a.runEvents},
		{Method: get, Pattern: "/runs/{id}/log", Audience: web.Session, Handle: a.runLog, Limit: web.FileRate},
		{Method: get, Pattern: "/runs/{id}/outputs/{seq}", Audience: web.Session, Handle: a.runOutput},
		{Method: post, Pattern: "/runs/{id}/again", Audience: web.Session, Handle: a.again, Limit: web.RunRate},
		{Method: post, Pattern: "/notebooks/from-run", Audience: web.Session, Handle: a.fromRun},
		{Method: get, Pattern: "/runs/{id}/outputs/{seq}/page", Audience: web.Session, Handle: a.tablePage},
		{Method: post, Pattern: "/runs/{id}/interrupt", Audience: web.Session, Handle: a.interrupt, Body: codeForm},
		{Method: post, Pattern: "/runs/{id}/answer", Audience: web.Session, Handle: a.answer},

		{Method: get, Pattern: "/files", Audience: web.Session, Handle: a.files},
		{Method: post, Pattern: "/files", Audience: web.Session, Handle: a.upload, Limit: web.FileRate, Body: uploadMax},
		{Method: post, Pattern: "/files/delete", Audience: web.Session, Handle: a.deleteFiles},
		{Method: post, Pattern: "/files/restore", Audience: web.Session, Handle: a.restoreFiles},
		{Method: get, Pattern: "/files.zip", Audience: web.Session, Handle: a.zip, Limit: web.FileRate},
		{Method: get, Pattern: "/files/{id}", Audience: web.Session, Handle: a.file},
		{Method: get, Pattern: "/files/{id}/content", Audience: web.Session, Handle: a.content, Limit: web.FileRate},
		{Method: post, Pattern: "/files/{id}/delete", Audience: web.Session, Handle: a.deleteFile},

		{Method: get, Pattern: "/static/", Audience: web.Asset, Handle: web.Static(static.Handler())},
		{Method: get, Pattern: "/healthz", Audience: web.Asset, Handle: a.healthy, AnyHost: true},
		{Method: get, Pattern: "/readyz", Audience: web.Asset, Handle: a.ready, AnyHost: true},
	}
	routes = append(append(routes, grantRoutes(a)...), notebookRoutes(a)...)
	routes = append(routes, accountRoutes(a)...)
	routes = append(append(routes, shareRoutes(a)...), figureRoutes(a)...)
	routes = append(routes, api.Routes(a.API)...)
	if a.Development {
		routes = append(routes, web.Route{Method: get, Pattern: "/gallery", Audience: web.Public, Handle: a.gallery})
	}
	return routes
}

// notebookRoutes are those of notebooks and their cells.
func notebookRoutes(a *App) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Pattern: "/notebooks", Audience: web.Session, Handle: a.notebooks},
		{Method: post, Pattern: "/notebooks", Audience: web.Session, Handle: a.makeNotebook},
		{Method: post, Pattern: "/notebooks/import", Audience: web.Session, Handle: a.importNotebook, Limit: web.RunRate, Body: importMax},
		{Method: get, Pattern: "/notebooks/{id}/export/{form}", Audience: web.Session, Handle: a.exportNotebook, Limit: web.FileRate},
		{Method: post, Pattern: "/notebooks/{id}/files", Audience: web.Session, Handle: a.uploadToNotebook, Limit: web.FileRate, Body: uploadMax},
		{Method: get, Pattern: "/cells/{id}/outputs/{seq}", Audience: web.Session, Handle: a.importedOutput},
		{Method: get, Pattern: "/cells/{id}/attachments/{name}", Audience: web.Session, Handle: a.attachment, Limit: web.FileRate},
		{Method: get, Pattern: "/notebooks/{id}", Audience: web.Session, Handle: a.notebook},
		{Method: get, Pattern: "/notebooks/{id}/events", Audience: web.Session, Handle: a.notebookEvents},
		{Method: get, Pattern: "/notebooks/{id}/changes", Audience: web.Session, Handle: a.notebookChanges},
		{Method: post, Pattern: "/notebooks/{id}/name", Audience: web.Session, Handle: a.renameNotebook},
		{Method: post, Pattern: "/notebooks/{id}/duplicate", Audience: web.Session, Handle: a.duplicateNotebook},
		{Method: post, Pattern: "/notebooks/{id}/delete", Audience: web.Session, Handle: a.deleteNotebook},
		{Method: post, Pattern: "/notebooks/{id}/restore", Audience: web.Session, Handle: a.restoreNotebook},
		{Method: post, Pattern: "/notebooks/{id}/cells", Audience: web.Session, Handle: a.insertCell, Body: cellForm},
		{Method: post, Pattern: "/notebooks/{id}/run", Audience: web.Session, Handle: a.runCells, Limit: web.RunRate, Body: cellForm},
		{Method: post, Pattern: "/notebooks/{id}/interrupt", Audience: web.Session, Handle: a.interruptNotebook},
		{Method: get, Pattern: "/notebooks/{id}/restart", Audience: web.Session, Handle: a.askRestart},
		{Method: post, Pattern: "/notebooks/{id}/restart", Audience: web.Session, Handle: a.restartNotebook},
		{Method: post, Pattern: "/notebooks/{id}/complete", Audience: web.Session, Handle: a.complete, Body: cellForm},
		{Method: post, Pattern: "/cells/{id}/text", Audience: web.Session, Handle: a.cellText, Body: cellForm},
		{Method: post, Pattern: "/cells/{id}/kind", Audience: web.Session, Handle: a.cellKind},
		{Method: post, Pattern: "/cells/{id}/move", Audience: web.Session, Handle: a.moveCell},
		{Method: post, Pattern: "/cells/{id}/duplicate", Audience: web.Session, Handle: a.duplicateCell},
		{Method: post, Pattern: "/cells/{id}/delete", Audience: web.Session, Handle: a.deleteCell},
		{Method: post, Pattern: "/cells/{id}/restore", Audience: web.Session, Handle: a.restoreCell},
		{Method: get, Pattern: "/cells/{id}/output", Audience: web.Session, Handle: a.cellOutput},
	}
}

// grantRoutes are those on which a person decides what may act for them.
func grantRoutes(a *App) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Pattern: "/settings", Audience: web.Session, Handle: a.settings},
		{Method: post, Pattern: "/settings/tokens", Audience: web.Session, Handle: a.createToken, Limit: web.RunRate},
		{Method: post, Pattern: "/settings/tokens/{id}/revoke", Audience: web.Session, Handle: a.revokeToken},
		{Method: get, Pattern: "/apps/{id}", Audience: web.Session, Handle: a.appPage},
		{Method: post, Pattern: "/apps/{id}/link", Audience: web.Session, Handle: a.decide(linkApp)},
		{Method: post, Pattern: "/apps/{id}/unlink", Audience: web.Session, Handle: a.decide(unlinkApp)},
		{Method: post, Pattern: "/apps/{id}/block", Audience: web.Session, Handle: a.decide(blockApp)},
		{Method: post, Pattern: "/apps/{id}/unblock", Audience: web.Session, Handle: a.decide(unblockApp)},
	}
}

// accountRoutes are those on which a person decides about their account.
func accountRoutes(a *App) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: post, Pattern: "/settings/theme", Audience: web.Session, Handle: a.setTheme},
		{Method: post, Pattern: "/settings/shortcuts", Audience: web.Session, Handle: a.setShortcuts},
		{Method: post, Pattern: "/settings/sessions/{id}/end", Audience: web.Session, Handle: a.endSession},
		{Method: post, Pattern: "/settings/sessions/end", Audience: web.Session, Handle: a.endOtherSessions},
		{Method: get, Pattern: "/settings/data.zip", Audience: web.Session, Handle: a.myData, Limit: web.DataRate},
		{Method: post, Pattern: "/settings/delete-account", Audience: web.Session, Handle: a.deleteAccount},
	}
}

// shareRoutes are those on which people share what is theirs, and on which
// anybody with a link looks at it.
func shareRoutes(a *App) []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Pattern: "/notebooks/{id}/share", Audience: web.Session, Handle: a.notebookShares},
		{Method: post, Pattern: "/notebooks/{id}/share", Audience: web.Session, Handle: a.shareNotebook, Limit: web.RunRate},
		{Method: get, Pattern: "/runs/{id}/share", Audience: web.Session, Handle: a.runShares},
		{Method: post, Pattern: "/runs/{id}/share", Audience: web.Session, Handle: a.shareRun, Limit: web.RunRate},
		{Method: post, Pattern: "/shares/{id}/end", Audience: web.Session, Handle: a.endShare},
		{Method: get, Pattern: "/s/{token}", Audience: web.Public, Handle: a.shared, Limit: web.FileRate},
		{Method: get, Pattern: "/s/{token}/files/{file}", Audience: web.Public, Handle: a.sharedFile, Limit: web.FileRate},
		{Method: get, Pattern: "/s/{token}/runs/{run}/outputs/{seq}", Audience: web.Public, Handle: a.sharedOutput, Limit: web.FileRate},
		{Method: get, Pattern: "/s/{token}/cells/{cell}/outputs/{seq}", Audience: web.Public, Handle: a.sharedOutput, Limit: web.FileRate},
		{Method: get, Pattern: "/s/{token}/cells/{cell}/attachments/{name}", Audience: web.Public, Handle: a.sharedAttachment, Limit: web.FileRate},
		{Method: get, Pattern: "/s/{token}/copy", Audience: web.Session, Handle: a.offerCopy},
		{Method: post, Pattern: "/s/{token}/copy", Audience: web.Session, Handle: a.copyShared, Limit: web.RunRate},
	}
}

// Bounds of request bodies: a form holds the code percent-encoded, up to three
// bytes for one; an upload holds several files.
const (
	codeForm  = 3*models.MaxCode + 64<<10
	cellForm  = 3*models.MaxCellText + 64<<10
	uploadMax = 1 << 30
)
