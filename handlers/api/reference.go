package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mayfly/views"
	"mayfly/web"
)

// Reference is the description for people, from the one for programs.
func Reference(a *API) views.ReferenceView {
	t := build(a)
	v := views.ReferenceView{Base: a.URL + Base, SpecURL: SpecPath}
	for _, tag := range []string{"runs", "files", "service"} {
		group := views.ReferenceGroup{Name: tag}
		for _, op := range t.operations() {
			if op.Tags[0] == tag {
				group.Operations = append(group.Operations, t.reference(a, op))
			}
		}
		v.Groups = append(v.Groups, group)
	}
	schemas := t.api.OpenAPI().Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		if name != "RunRequest" { // stands with the calls that take it
			v.Objects = append(v.Objects, views.ReferenceObject{Name: name, Fields: fieldsOf(schemas[name])})
		}
	}
	for _, p := range web.Failures() {
		p = inPrograms(p)
		v.Failures = append(v.Failures, views.ReferenceFailure{Code: p.Code, Title: p.Title, Next: p.Next, Status: strconv.Itoa(p.Status)})
	}
	return v
}

func (t *table) reference(a *API, op *huma.Operation) views.ReferenceOperation {
	o := views.ReferenceOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Words: op.Description, Example: exampleOf(a, op)}
	for _, p := range op.Parameters {
		f := views.ReferenceField{Name: p.Name, Place: p.In, Required: p.Required, Words: p.Description}
		f.Type, f.Object = typeOf(p.Schema)
		o.Asks = append(o.Asks, f)
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			o.Body = fieldsOf(t.resolved(media.Schema))
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status == "default" {
			continue
		}
		answer := views.ReferenceAnswer{Status: status}
		for _, media := range op.Responses[status].Content {
			answer.Object = refName(media.Schema)
		}
		if answer.Object == "" {
			answer.Words = lowerFirst(strings.TrimSuffix(op.Responses[status].Description, "."))
		}
		o.Answers = append(o.Answers, answer)
	}
	return o
}

func (t *table) resolved(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return t.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// fieldsOf lists the properties: what is required first, in its own order.
func fieldsOf(s *huma.Schema) []views.ReferenceField {
	names := slices.Clone(s.Required)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var fields []views.ReferenceField
	for _, name := range names {
		p := s.Properties[name]
		f := views.ReferenceField{Name: name, Required: slices.Contains(s.Required, name), Words: p.Description}
		f.Type, f.Object = typeOf(p)
		fields = append(fields, f)
	}
	return fields
}

// typeOf says a type in words, and which object it is.
func typeOf(s *huma.Schema) (words, object string) {
	switch {
	case s == nil:
		return "", ""
	case s.Ref != "":
		return "", refName(s)
	case len(s.OneOf) > 0:
		return "string or integer", ""
	case s.Type == huma.TypeArray && s.Items != nil:
		inner, object := typeOf(s.Items)
		return strings.TrimSpace("list of " + inner), object
	case len(s.Enum) > 0:
		return "one of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(s.Enum), "[]"), " ", ", "), ""
	case s.Type == huma.TypeObject:
		return "object", ""
	case s.Format == "date-time":
		words = "time"
	case s.Format == "binary":
		words = "file"
	default:
		words = s.Type
	}
	if s.Nullable {
		words += " or null"
	}
	return words, ""
}

func refName(s *huma.Schema) string {
	if s == nil || s.Ref == "" {
		return ""
	}
	return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
}

func lowerFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// exampleOf is a command line that calls the operation.
func exampleOf(a *API, op *huma.Operation) string {
	path := strings.ReplaceAll(op.Path, "{id}", "ID")
	parts := []string{`curl -H "Authorization: Bearer $TOKEN"`}
	switch {
	case op.OperationID == "upload-file":
		parts = append(parts, "-F file=@sales.csv")
	case op.RequestBody != nil:
		parts = append(parts, `-H "Content-Type: application/json" -H "Idempotency-Key: $(uuidgen)"`, `-d '{"code": "print(6 * 7)"}'`)
	case op.Method != http.MethodGet:
		parts = append(parts, "-X "+op.Method)
	}
	switch op.OperationID {
	case "run-events":
		parts = append(parts, "-N")
	case "get-content":
		parts = append(parts, "-OJ")
	}
	return strings.Join(append(parts, a.URL+Base+path), " \\\n  ") + "\n"
}
