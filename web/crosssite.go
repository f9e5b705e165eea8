package web

import (
	"net/http"
)

// sameSite refuses requests that another site made a browser send (SEC-10):
// the standard library's check, and two of our own. An Origin that is sent must
// be exactly ours, scheme included. A session cookie without any sign of where
// the request comes from is refused; scripts send "Origin: $MAYFLY_URL".
func (s *Server) sameSite(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Fail(w, r, errCrossSite) })
	protection.SetDenyHandler(refuse)
	ours := origin(s.config.URL)
	return protection.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !safeMethod(r.Method) {
			from := r.Header.Get("Origin")
			_, noCookie := r.Cookie(s.sessions.name)
			unsaid := from == "" && r.Header.Get("Sec-Fetch-Site") == ""
			if (from != "" && from != ours) || (unsaid && noCookie == nil) {
				refuse(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	}))
}

// fromOtherSite reports whether a browser says that another site asked. Event
// streams refuse those although they are GETs (SEC-20).
func fromOtherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return true
}
