package web

import (
	"net/http"
	"strings"
)

// knownHost lets a request through only under its origin's own host name
// (SEC-14). A visitor who typed another loopback name is sent to the right one
// before any cookie is set: a cookie of 127.0.0.1 is not seen at localhost.
func (sf *surface) knownHost(anyHost map[string]bool, next http.Handler) http.Handler {
	want := hostPort(sf.url)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.EqualFold(r.Host, want) || anyHost[r.URL.Path]:
			next.ServeHTTP(w, r)
		case sf.redirectsLoopback(r):
			http.Redirect(w, r, origin(sf.url)+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		default:
			Fail(w, r, errMisdirected)
		}
	})
}

func (sf *surface) redirectsLoopback(r *http.Request) bool {
	return sf.name == appSurface && (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		loopbackHost(r.Host) && loopbackHost(hostPort(sf.url)) && strings.HasPrefix(r.URL.Path, "/")
}
