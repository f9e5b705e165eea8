package web

import (
	"fmt"
	"net/http"
	"strings"
)

// HandlerFunc answers a request or returns why it could not; Fail then answers.
// A handler that returns an error has written nothing.
type HandlerFunc func(http.ResponseWriter, *http.Request) error

// Audience says who may call a route (SEC-1). The zero value is nobody, and a
// route with it does not start.
type Audience int

// The audiences of the app. Links on the content origin are their own
// audience: that origin has its own table.
const (
	nobody  Audience = iota
	Asset            // anybody, and no cookie is looked at: static files, health
	Public           // anybody; a session is recognised when there is one
	Session          // signed-in people only; everybody else gets 401
	Token            // programs with a token; no cookie is looked at, everybody else gets 401
)

// String names the audience in start-up errors and tests.
func (a Audience) String() string {
	switch a {
	case Asset:
		return "asset"
	case Public:
		return "public"
	case Session:
		return "session"
	case Token:
		return "token"
	}
	return "undeclared"
}

// Route is one row of the route table. Pattern is a path pattern of
// http.ServeMux without method and host. Limit and Body are optional: no rate
// limit, and DefaultBody bytes.
type Route struct {
	Method   string
	Pattern  string
	Audience Audience
	Handle   HandlerFunc

	Limit   Rate  // how often one person or address may call it
	Body    int64 // most bytes of a request body; 0 means DefaultBody
	AnyHost bool  // answered under every Host: health checks only
}

// check reports why a route cannot be served.
func (rt Route) check() error {
	switch {
	case rt.Audience <= nobody || rt.Audience > Token:
		return fmt.Errorf("route %s %s declares no audience", rt.Method, rt.Pattern)
	case rt.Handle == nil:
		return fmt.Errorf("route %s %s has no handler", rt.Method, rt.Pattern)
	case rt.Method == "" || strings.ToUpper(rt.Method) != rt.Method:
		return fmt.Errorf("route %q %s needs a method in capitals", rt.Method, rt.Pattern)
	case !strings.HasPrefix(rt.Pattern, "/"):
		return fmt.Errorf("route %s %q must start with /", rt.Method, rt.Pattern)
	case rt.AnyHost && rt.Audience != Asset:
		return fmt.Errorf("route %s %s: only an asset may answer every host", rt.Method, rt.Pattern)
	}
	return nil
}

// safeMethod reports whether a method changes nothing (RFC 9110 §9.2.1).
func safeMethod(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// Static serves a row of the table with a plain http.Handler, for files that
// are the same for everybody.
func Static(h http.Handler) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	}
}
