package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"mayfly/models"
)

// scope is what the chain learned about one request. One value travels in the
// request's context, so that the log line at the end sees what was found
// inside. It belongs to the request's goroutine.
type scope struct {
	server  *Server
	surface *surface
	id      string
	client  netip.Addr
	pattern string     // the route that matched, or ""
	body    *pacedBody // nil when the request has none
	user    *models.User
	session *models.Session
	token   string        // of the session, to end it; never logged
	caller  *models.Token // of a program, or nil
}

type scopeKey struct{}

// scopeOf returns the scope of a request that came through a Server. A request
// that did not gets an empty one.
func scopeOf(r *http.Request) *scope {
	if sc, ok := r.Context().Value(scopeKey{}).(*scope); ok {
		return sc
	}
	return &scope{surface: &surface{}}
}

// withScope starts the request's scope.
func withScope(r *http.Request, sc *scope) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), scopeKey{}, sc))
}

// newRequestID makes a short id that people can read out: 60 random bits.
func newRequestID() string { return strings.ToLower(rand.Text()[:12]) }

// RequestID returns the id that stands in the log line, in the X-Request-Id
// header and on the error page of this request.
func RequestID(r *http.Request) string { return scopeOf(r).id }

// ClientIP returns the caller's address: the peer's, or what a trusted proxy
// says. It serves limits and logs and is no identity.
func ClientIP(r *http.Request) netip.Addr { return scopeOf(r).client }

// CurrentUser returns who is signed in, or nil.
func CurrentUser(r *http.Request) *models.User { return scopeOf(r).user }

// CurrentSession names the session of this request, "" when there is none.
func CurrentSession(r *http.Request) models.SessionID {
	if sc := scopeOf(r); sc.session != nil {
		return sc.session.ID()
	}
	return ""
}

// Caller returns the token that the request came with. On a Token route it is
// never nil.
func Caller(r *http.Request) *models.Token { return scopeOf(r).caller }

// Owner returns the id of who is signed in. On a Session route it is never
// empty; elsewhere it may be, and then owns nothing.
func Owner(r *http.Request) models.UserID {
	if u := CurrentUser(r); u != nil {
		return u.ID
	}
	return ""
}

// Logger returns the request's logger: every line carries the request id.
func Logger(r *http.Request) *slog.Logger {
	sc := scopeOf(r)
	if sc.surface.logger == nil {
		return slog.Default()
	}
	return sc.surface.logger.With("request", sc.id)
}
