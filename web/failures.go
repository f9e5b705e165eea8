package web

import (
	"net/http"

	"mayfly/models"
)

// Failures lists every code that programs may meet, with what it means: the
// words of one case may say more.
func Failures() []Problem {
	var all []Problem
	for _, code := range []models.Code{
		models.InvalidInput, models.Unauthenticated, models.Forbidden, models.MissingScope, models.NotLinked, models.AppBlocked,
		models.NotFoundCode, models.GoneCode, models.Conflict, models.KeyReused, models.OverLimit, models.Busy, models.Unavailable, models.Internal,
	} {
		p := byCode(code)
		p.Code = string(code)
		all = append(all, p)
	}
	for _, p := range []Problem{
		{Status: http.StatusMethodNotAllowed, Title: "That does not work here", Next: "Use a method that Allow names."},
		{Status: http.StatusRequestTimeout, Title: "Too slow", Next: "Check the connection and send it again."},
		{Status: http.StatusRequestEntityTooLarge, Title: "That is too large", Next: "Send less at once."},
		{Status: http.StatusUnsupportedMediaType, Title: "That is another kind of body", Next: "Send the Content-Type that the call takes."},
		{Status: http.StatusRequestedRangeNotSatisfiable, Title: "The file has no such part", Next: "Ask for parts of it, at most ten at once."},
		{Status: http.StatusPreconditionFailed, Title: "The file is another", Next: "Send the ETag that it has as If-Match, or none."},
		{Status: http.StatusMisdirectedRequest, Title: "Wrong address", Next: "Use the address of this Mayfly."},
		{Status: http.StatusTooManyRequests, Title: "Too often", Next: "Wait as long as Retry-After says."},
	} {
		p.Code = codeOf(p.Status)
		all = append(all, p)
	}
	return all
}
