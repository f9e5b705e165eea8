package web

import (
	"compress/gzip"
	"errors"
	"log/slog"
	"net/http"
	"path"

	"github.com/gorilla/securecookie"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/klauspost/compress/gzhttp"
)

// appSurface names the app in the log.
const appSurface = "app"

// Server is the app's origin: its chain of checks, sessions, sign-in and
// streams. Make one per process with NewServer.
type Server struct {
	config       Config
	surface      *surface
	limiter      *limiter
	streams      *streams
	sessions     *sessionStore
	links        *Links
	codecs       []securecookie.Codec
	signInCookie string
	usedStates   *lru.Cache[string, struct{}]
}

// NewServer checks the configuration and makes the Server. The error joins
// every fault found.
func NewServer(c Config) (*Server, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	ring, err := deriveKeys(c.Secret, c.SecretOld)
	if err != nil {
		return nil, err
	}
	limits, err := newLimiter(c.Rates)
	if err != nil {
		return nil, err
	}
	used, err := lru.New[string, struct{}](signInMemory)
	if err != nil {
		return nil, err
	}
	s := &Server{
		config: c, limiter: limits, streams: newStreams(c.Streams), sessions: newSessionStore(c),
		links: &Links{ring: ring, base: c.ContentURL}, codecs: cookieCodecs(ring), usedStates: used,
		signInCookie: cookieName("mayfly-signin", c.URL.Scheme == "https"),
	}
	s.surface = &surface{
		name: appSurface, url: c.URL, headers: appHeaders(c.URL, c.ContentURL),
		proxies: c.TrustedProxies, logger: c.Logger, show: s.showPage,
	}
	return s, nil
}

// Links returns the signer of addresses on the content origin.
func (s *Server) Links() *Links { return s.links }

// URL is the whole address of a path of the app, as its settings say it.
func (s *Server) URL(path string) string { return origin(s.config.URL) + path }

// LocalSignIn reports whether pages offer the local sign-in.
func (s *Server) LocalSignIn() bool { return s.config.LocalSignIn }

// SignInPath returns the link that starts a sign-in and comes back to path, or
// "" when people sign in locally.
func (s *Server) SignInPath(path string) string {
	if s.config.Discord == nil {
		return ""
	}
	return signInPath(path)
}

// EndStreams ends every event stream and lets none in again. Call it before
// http.Server.Shutdown, which waits for them.
func (s *Server) EndStreams() { s.streams.close() }

// Handler returns the app's whole handler for a route table. It fails when a
// route declares no audience or lacks a part (SEC-1). The order of the chain:
// scope and headers, log, recovery, host, cross-site check, compression; then
// per route: limit by address, session or token, limit by person, body, handler.
func (s *Server) Handler(routes []Route) (http.Handler, error) {
	mux := http.NewServeMux()
	anyHost := map[string]bool{}
	var faults []error
	for _, rt := range routes {
		if err := rt.check(); err != nil {
			faults = append(faults, err)
			continue
		}
		anyHost[rt.Pattern] = rt.AnyHost
		mux.Handle(rt.Method+" "+rt.Pattern, s.route(rt))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	matched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { dispatch(mux, w, r, s.failRecognised) })
	packed, err := compressed(matched)
	if err != nil {
		return nil, err
	}
	return s.surface.serve(s, s.surface.knownHost(anyHost, cookieless(s.sameSite(packed)))), nil
}

// compressed compresses answers that it makes smaller: for people as far as it
// goes at a fair price, for programs, which ask often and mostly from near, at
// the lowest one.
func compressed(next http.Handler) (http.Handler, error) {
	kinds := gzhttp.ContentTypes([]string{"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"})
	wrapper := func(level int) (http.Handler, error) {
		wrap, err := gzhttp.NewWrapper(kinds, gzhttp.MinSize(1024), gzhttp.CompressionLevel(level))
		if err != nil {
			return nil, err
		}
		return wrap(next), nil
	}
	pages, err := wrapper(gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	programs, err := wrapper(gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if forPrograms(r) {
			programs.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}), nil
}

// route wraps a route's handler in what the route declared.
func (s *Server) route(rt Route) http.Handler {
	handle := bounded(rt, rt.Handle)
	switch {
	case rt.Audience == Token: // whose limits count is known when it is known whom the call is for
		handle = s.authorised(handle)
	case rt.Limit == LoginRate:
		handle = s.limited(rt, s.recognised(rt, handle))
	default:
		handle = s.recognised(rt, s.limited(rt, handle))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scopeOf(r).pattern = rt.Method + " " + rt.Pattern
		if err := handle(w, r); err != nil {
			Fail(w, r, err)
		}
	})
}

// dispatch serves the request from the mux, and gives fail a Problem where the
// mux would say 404 or 405 in its own words.
func dispatch(mux *http.ServeMux, w http.ResponseWriter, r *http.Request, fail func(http.ResponseWriter, *http.Request, error)) {
	handler, pattern := mux.Handler(r)
	if forPrograms(r) && path.Clean(r.URL.Path) != r.URL.Path {
		fail(w, r, errNoPage) // a program is not sent elsewhere: it would take its token along
		return
	}
	if pattern != "" {
		mux.ServeHTTP(w, r)
		return
	}
	probe := &statusProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	if probe.status != http.StatusMethodNotAllowed {
		fail(w, r, errNoPage)
		return
	}
	w.Header().Set("Allow", probe.header.Get("Allow"))
	fail(w, r, refuse(http.StatusMethodNotAllowed, "That does not work here",
		"This address takes "+probe.header.Get("Allow")+" only.", "Go back to the start."))
}

// failRecognised is Fail where no route has looked at the session: whoever is
// signed in stays so on the page.
func (s *Server) failRecognised(w http.ResponseWriter, r *http.Request, err error) {
	look := s.recognised(Route{Audience: Public}, func(http.ResponseWriter, *http.Request) error { return err })
	Fail(w, r, look(w, r))
}

// statusProbe takes an answer and keeps only its status and headers.
type statusProbe struct {
	header http.Header
	status int
}

func (p *statusProbe) Header() http.Header         { return p.header }
func (p *statusProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *statusProbe) WriteHeader(status int)      { p.status = status }
