package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"mayfly/web"
)

// problemType is what failures come as (RFC 9457).
const problemType = "application/problem+json"

// ProblemJSON is a failure as programs read it; package web sends it where no
// operation was reached.
func ProblemJSON(p web.Problem) []byte {
	document, err := json.Marshal(problemOf(p))
	if err != nil { // only for text that is no UTF-8, which no Problem holds
		return []byte(`{"status":500,"code":"internal"}`)
	}
	return document
}

func problemOf(p web.Problem) *wireProblem {
	p = inPrograms(p)
	detail := p.Message
	if detail == "" {
		detail = p.Title + "."
	}
	if p.Status == http.StatusNotFound && p.Message == "" { // no route: what an id leads to has words of its own
		p.Next = "Check the address. The calls are listed at /docs/api."
	}
	return &wireProblem{
		Type: "/docs/api#code-" + p.Code, Title: p.Title, Status: p.Status, Code: p.Code,
		Detail: strings.ToValidUTF8(detail, "\ufffd"), Next: p.Next, RequestID: p.RequestID,
	}
}

// Error makes a problem an error that huma answers with.
func (p *wireProblem) Error() string { return p.Detail }

// GetStatus is its status.
func (p *wireProblem) GetStatus() int { return p.Status }

// ContentType is RFC 9457's.
func (p *wireProblem) ContentType(string) string { return problemType }

// Bounds of what is told of one request's faults: names of keys come from
// outside.
const (
	faultsMost    = 20
	locationRunes = 100
)

// invalid is the problem of a request that does not fit the description. Its
// values are left out: they may be somebody's code.
func invalid(c *call, e *huma.ErrorModel) *wireProblem {
	p := &wireProblem{
		Type: "/docs/api#code-invalid", Title: "That cannot be used", Status: http.StatusBadRequest, Code: "invalid",
		Detail: "The request does not fit what this call takes. Nothing was changed.", Next: "Correct it and send it again.",
		RequestID: web.RequestID(c.r),
	}
	for _, fault := range e.Errors[:min(len(e.Errors), faultsMost)] {
		p.Errors = append(p.Errors, wireFault{Location: shortened(fault.Location), Message: fault.Message})
	}
	return p
}

func shortened(location string) string {
	runes := []rune(strings.ToValidUTF8(location, "\ufffd"))
	if len(runes) > locationRunes {
		return string(runes[:locationRunes]) + "…"
	}
	return string(runes)
}
