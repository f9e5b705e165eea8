package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mayfly/models"
	"mayfly/web"
)

// table collects the operations: their rows for the routes of the app, and
// their description for programs.
type table struct {
	app    *API
	api    huma.API
	routes []web.Route
}

// call is one request on its way.
type call struct {
	ctx   context.Context
	w     http.ResponseWriter
	r     *http.Request
	token *models.Token
	owner models.UserID // whom it is for: what Permit said
}

type callKey struct{}

// humaContext renames the embedded field, which has a method of its own name.
type humaContext = huma.Context

// exchange is huma's view of a call. Whatever does not fit the description is
// 400: huma says 422, which is kept for keys that were used before.
type exchange struct {
	humaContext
	call    *call
	misfits bool
}

// SetStatus writes the status.
func (x *exchange) SetStatus(code int) {
	if x.misfits && code == http.StatusUnprocessableEntity {
		code = http.StatusBadRequest
	}
	x.humaContext.SetStatus(code)
}

// inWire puts huma's own errors into our words.
func inWire(ctx huma.Context, _ string, v any) (any, error) {
	e, own := v.(*huma.ErrorModel)
	x, ours := ctx.(*exchange)
	if !own || !ours {
		return v, nil
	}
	x.misfits = true
	return invalid(x.call, e), nil
}

// Handle takes an operation of huma's into the table.
func (t *table) Handle(op *huma.Operation, handle func(huma.Context)) {
	t.add(op.Method, op.Path, maxBody, func(c *call) error {
		if op.RequestBody != nil {
			body, err := strict(c.r)
			if err != nil {
				return err
			}
			c.r.Body = io.NopCloser(bytes.NewReader(body))
			c.r.Header.Set("Content-Type", "application/json") // however it was spelt
		}
		handle(&exchange{humaContext: humago.NewContext(op, c.r, c.w), call: c})
		return nil
	})
}

// ServeHTTP is part of what huma wants; the app's own table serves.
func (t *table) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func (t *table) add(method, path string, body int64, handle func(*call) error) {
	t.routes = append(t.routes, web.Route{
		Method: method, Pattern: Base + path, Audience: web.Token, Body: body,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			if err := oneEach(r); err != nil {
				return err
			}
			c := &call{w: w, token: web.Caller(r)}
			c.r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
			c.ctx = c.r.Context()
			return handle(c)
		},
	})
}

// oneEach refuses an address that cannot be decoded or says something twice or
// emptily: readers differ in what they take of it.
func oneEach(r *http.Request) error {
	fields, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return models.Invalid("The address is not well encoded.")
	}
	for _, values := range fields {
		switch {
		case len(values) > 1:
			return models.Invalid("The address says something twice.")
		case values[0] == "":
			return models.Invalid("The address names something and says nothing of it.")
		}
	}
	if keys := r.Header.Values("Idempotency-Key"); len(keys) > 1 || len(keys) == 1 && keys[0] == "" {
		return models.Invalid("An Idempotency-Key is one header, and not empty.")
	}
	return nil
}

// answerTime is how long the writing of one answer may take: 20 MB on a slow
// line. It begins when the answer is there, however long that took.
const answerTime = 5 * time.Minute

// row is what the table says of one operation.
type row struct {
	method, path, id, tag string
	summary, words        string
	scope                 models.Scope
	limit                 web.Rate
	status                int
	unnamed               bool // an app need not say whom it is for
}

func (o row) operation() huma.Operation {
	words := o.words
	if o.scope != models.ScopeAny {
		words += " Scope: " + string(o.scope) + "."
	}
	return huma.Operation{
		Method: o.method, Path: o.path, OperationID: o.id, Tags: []string{o.tag}, Summary: o.summary, Description: words,
		DefaultStatus: o.status, MaxBodyBytes: maxBody + 1, // huma refuses that many
		BodyReadTimeout: time.Minute,
		Security:        []map[string][]string{{"token": {}}},
	}
}

// permit finds out whom a call is for, and takes it from their budget.
func (t *table) permit(c *call, o row, asked models.UserID) (err error) {
	if o.unnamed && asked == "" && c.token.AppID != nil {
		return c.token.May(o.scope)
	}
	if c.owner, err = t.app.Store.Permit(c.ctx, c.token, o.scope, asked); err != nil {
		return err
	}
	return web.Spend(c.w, c.r, o.limit, c.owner)
}

// operate adds an operation with typed input and output.
func operate[I, O any, P interface {
	*I
	subject() models.UserID
}](t *table, o row, handle func(*call, *I) (*O, error)) {
	huma.Register(t.api, o.operation(), func(ctx context.Context, in *I) (*O, error) {
		c, _ := ctx.Value(callKey{}).(*call)
		err := t.permit(c, o, P(in).subject())
		var out *O
		if err == nil {
			out, err = handle(c, in)
		}
		// A recorder in a test has no deadline to set; a connection always has.
		_ = http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(answerTime))
		if err != nil {
			return nil, problemOf(web.Explain(c.w, c.r, err))
		}
		return out, nil
	})
}

// raw adds an operation that writes its own answer, with its description by
// hand.
func (t *table) raw(o row, body int64, describe func(*huma.Operation), handle func(*call) error) {
	op := o.operation()
	op.Responses = map[string]*huma.Response{}
	describe(&op)
	t.api.OpenAPI().AddOperation(&op)
	t.add(o.method, o.path, body, handle)
}
