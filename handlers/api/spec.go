package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"mayfly/models"
)

// schemaName names a schema after its wire struct.
func schemaName(t reflect.Type, hint string) string {
	return strings.TrimPrefix(huma.DefaultSchemaNamer(t, hint), "Wire")
}

func (t *table) schema(v any) *huma.Schema {
	return t.api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(v), true, "")
}

// finish puts in what huma does not know: failures, and what depends on the
// settings.
func (t *table) finish(a *API) {
	problem := t.schema(wireProblem{})
	for _, op := range t.operations() {
		op.Responses["default"] = &huma.Response{Description: "A failure.", Content: map[string]*huma.MediaType{problemType: {Schema: problem}}}
	}
	schemas := t.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	if a != nil && a.Store != nil {
		most := a.Store.Limits().WallMax.Seconds()
		timeout := schemas["RunRequest"].Properties["timeout"]
		timeout.Maximum = &most
		timeout.PrecomputeMessages()
	}
}

// serveSpec answers with the description.
func serveSpec(spec *huma.OpenAPI) func(http.ResponseWriter, *http.Request) error {
	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(spec) })
	return func(w http.ResponseWriter, r *http.Request) error {
		text, err := document()
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(text) // fails only when the program is gone
		}
		return nil
	}
}

func idParam(what string) *huma.Param {
	return &huma.Param{Name: "id", In: "path", Required: true, Description: "The id of the " + what + ".", Schema: &huma.Schema{Type: huma.TypeString}}
}

func userParam() *huma.Param {
	return &huma.Param{Name: "user_id", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Pattern: userIDPattern},
		Description: "The Discord user whom the call is for. An app names one; a personal token may leave it out."}
}

func keyParam() *huma.Param {
	return &huma.Param{Name: "Idempotency-Key", In: "header", Description: keyWords, Schema: &huma.Schema{
		Type: huma.TypeString, Pattern: "^[!-~]+$", MaxLength: new(models.MaxKey)}}
}

const keyWords = "The same key with the same request gives the first result again, for 48 hours; with another request it is 422."

func (t *table) describeEvents(op *huma.Operation) {
	op.Parameters = []*huma.Param{idParam("run"), userParam(), {Name: "Last-Event-ID", In: "header",
		Description: "The id of the last event that arrived.", Schema: &huma.Schema{Type: huma.TypeString}}}
	for _, v := range []any{wireOutput{}, wireState{}, wireResult{}} {
		t.schema(v)
	}
	op.Responses["200"] = &huma.Response{Description: "The events: data is a State, an Output, or at the end the Result.",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: eventSchema()}}}
}

// eventSchema is one event of the stream, as readers of streams take it apart.
func eventSchema() *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Required: []string{"id", "event", "data"}, Properties: map[string]*huma.Schema{
		"id":    {Type: huma.TypeString, Description: "Where to go on from: Last-Event-ID."},
		"event": {Type: huma.TypeString, Enum: []any{"state", "output", "done"}},
		"data":  {Type: huma.TypeString, Description: "JSON: a State, an Output or the Result."},
	}}
}

func (t *table) describeUpload(op *huma.Operation) {
	op.Parameters = []*huma.Param{userParam(), keyParam()}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
			"user_id": {Type: huma.TypeString, Pattern: userIDPattern, Description: "Before the file; or in the address."},
			"file":    {Type: huma.TypeString, Format: "binary", Description: "One file, with its name."},
		}}}}}
	op.Responses["201"] = &huma.Response{Description: "It is kept.", Content: map[string]*huma.MediaType{"application/json": {Schema: t.schema(wireFile{})}}}
}

func (t *table) describeContent(op *huma.Operation) {
	header := func(name, words string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Description: words, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	op.Parameters = []*huma.Param{idParam("file"), userParam(), header("Range", "A part, or up to ten."),
		header("If-Range", "The ETag that the part belongs to."), header("If-None-Match", "The ETag that is there already.")}
	bytes := map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	op.Responses["200"] = &huma.Response{Description: "All bytes.", Content: bytes}
	op.Responses["206"] = &huma.Response{Description: "The part that was asked for.", Content: bytes}
	op.Responses["304"] = &huma.Response{Description: "It is still what the ETag says."}
}
