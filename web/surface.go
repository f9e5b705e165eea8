package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
)

// surface is one origin: the app or the content origin. Both run the same
// chain with their own headers, hosts and way to show a Problem.
type surface struct {
	name    string
	url     *url.URL
	headers http.Header
	proxies []netip.Prefix
	logger  *slog.Logger
	show    func(http.ResponseWriter, *http.Request, Problem)
}

// serve starts the scope of a request, sets the headers that every response
// has, and runs next inside the log and the recovery from panics.
func (sf *surface) serve(s *Server, next http.Handler) http.Handler {
	next = recovered(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sc := &scope{server: s, surface: sf, id: newRequestID(), client: clientAddr(r, sf.proxies)}
		r = withScope(r, sc)
		header := w.Header()
		for name, values := range sf.headers {
			header[name] = values[:1:1] // full: an Add by a handler must copy
		}
		header.Set("X-Request-Id", sc.id)
		sc.body = paced(w, r)
		answer := &answer{ResponseWriter: w}
		defer logRequest(sc, r, answer)()
		next.ServeHTTP(answer, r)
	})
}

// baseHeaders are the headers of SEC-12 that both origins share.
func baseHeaders(u *url.URL) http.Header {
	h := http.Header{}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "+
		"magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()")
	h.Set("Cache-Control", "private, no-store")
	if u.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return h
}

// appHeaders adds the app's policy (SEC-11). The referrer policy is
// same-origin, not no-referrer: under the latter browsers send "Origin: null"
// with a form of our own, and the form would be refused.
func appHeaders(app, content *url.URL) http.Header {
	h := baseHeaders(app)
	bytes := origin(content)
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
		"connect-src 'self'; font-src 'self'; img-src 'self' "+bytes+"; media-src "+bytes+"; frame-src 'self' "+bytes+"; "+
		"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin")
	return h
}

// contentHeaders adds the policy of user bytes (SEC-53): a sandboxed document
// that may load nothing but itself.
func contentHeaders(app, content *url.URL) http.Header {
	h := baseHeaders(content)
	h.Set("Content-Security-Policy", "default-src 'none'; img-src "+origin(content)+"; media-src "+origin(content)+"; "+
		"sandbox; base-uri 'none'; form-action 'none'; frame-ancestors "+origin(app))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Referrer-Policy", "no-referrer")
	return h
}
