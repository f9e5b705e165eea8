package api

import (
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"mayfly/models"
	"mayfly/web"
)

// Routes is the whole surface for programs, for the table of the app.
func Routes(a *API) []web.Route {
	t := build(a)
	return append(t.routes, web.Route{
		Method: http.MethodGet, Pattern: SpecPath, Audience: web.Asset, Handle: serveSpec(t.api.OpenAPI()),
	})
}

// build makes the table. The description is whole when it returns.
func build(a *API) *table {
	t := &table{app: a}
	t.api = huma.NewAPI(config(), t)
	t.addRuns(a)
	t.addFiles(a)
	operate(t, row{method: http.MethodPost, path: "/cleanup", id: "cleanup", tag: "service", scope: models.ScopeAdmin, unnamed: true,
		summary: "Take the bytes of expired files away now", words: "Expired files cannot be read in any case; this frees their space."}, a.cleanup)
	operate(t, row{method: http.MethodGet, path: "/status", id: "status", tag: "service", unnamed: true,
		summary: "Version, limits, packages, totals"}, a.status)
	t.finish(a)
	return t
}

func (t *table) addRuns(a *API) {
	const tag = "runs"
	operate(t, row{method: http.MethodPost, path: "/execute", id: "execute", tag: tag, scope: models.ScopeRun, limit: web.RunRate,
		summary: "Run code and wait for its result",
		words: "A fresh interpreter runs the code once. What the code does wrong is a result, not a failure of the call. " +
			"When the program goes away meanwhile, the run goes on: the same Idempotency-Key gives its result."}, a.execute)
	operate(t, row{method: http.MethodPost, path: "/runs", id: "start-run", tag: tag, scope: models.ScopeRun, limit: web.RunRate,
		status: http.StatusAccepted, summary: "Run code without waiting"}, a.startRun)
	operate(t, row{method: http.MethodGet, path: "/runs/{id}", id: "get-run", tag: tag, scope: models.ScopeRun,
		summary: "One run, with its result once it is done"}, a.getRun)
	t.raw(row{method: http.MethodGet, path: "/runs/{id}/events", id: "run-events", tag: tag, scope: models.ScopeRun,
		summary: "Follow a run as it goes",
		words:   "Server-sent events: `state`, `output` with the id to go on from (Last-Event-ID), and at the end `done` with the result."},
		0, t.describeEvents, a.runEvents)
	operate(t, row{method: http.MethodPost, path: "/runs/{id}/interrupt", id: "interrupt-run", tag: tag, scope: models.ScopeRun,
		status: http.StatusAccepted, summary: "Stop a run, or take it out of the queue",
		words: "A run that is over already stays as it is: 409."}, a.interrupt)
}

func (t *table) addFiles(a *API) {
	const tag = "files"
	operate(t, row{method: http.MethodGet, path: "/files", id: "list-files", tag: tag, scope: models.ScopeFilesRead,
		summary: "Live files, the newest first"}, a.listFiles)
	t.raw(row{method: http.MethodPost, path: "/files", id: "upload-file", tag: tag, scope: models.ScopeFilesWrite, limit: web.FileRate,
		summary: "Keep a file",
		words:   "multipart/form-data with the file in the field `file`; a field `user_id` comes before it, or stands in the address."},
		uploadMax, t.describeUpload, a.upload)
	operate(t, row{method: http.MethodGet, path: "/files/{id}", id: "get-file", tag: tag, scope: models.ScopeFilesRead,
		summary: "One file's facts", words: "410 when it has expired or was deleted, for 30 days."}, a.getFile)
	t.raw(row{method: http.MethodGet, path: "/files/{id}/content", id: "get-content", tag: tag, scope: models.ScopeFilesRead, limit: web.FileRate,
		summary: "A file's bytes", words: "Ranges, If-Range and If-None-Match work; the ETag is the SHA-256."},
		0, t.describeContent, a.content)
	operate(t, row{method: http.MethodDelete, path: "/files/{id}", id: "delete-file", tag: tag, scope: models.ScopeFilesWrite,
		status: http.StatusNoContent, summary: "Delete a file", words: "It cannot be read from this moment on."}, a.deleteFile)
	operate(t, row{method: http.MethodPost, path: "/files/{id}/extend", id: "extend-file", tag: tag, scope: models.ScopeFilesWrite,
		summary: "Give a file another lifetime", words: "Up to extend_max of GET /status after its making; 409 when it has that already."}, a.extendFile)
}

func config() huma.Config {
	format := jsonFormat()
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Mayfly", Version: "1", Description: "Python for a Discord community. " +
				"Every file that code makes is kept for a time, with a clock on it. Failures are application/problem+json (RFC 9457)."},
			Servers: []*huma.Server{{URL: Base}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {
					Type: "http", Scheme: "bearer", Description: "A token of yours or of an app. It goes into this header and nowhere else."}},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": format, "json": format},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{inWire},
	}
}

// Operations lists what the surface does, in the order of the table, for tests
// and the reference.
func (t *table) operations() []*huma.Operation {
	var all []*huma.Operation
	paths := t.api.OpenAPI().Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}
