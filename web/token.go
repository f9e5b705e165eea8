package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"mayfly/models"
)

// apiPath begins every address that programs call.
const apiPath = "/api/"

// forPrograms reports whether a program asks, which reads no page: also where
// no route matches.
func forPrograms(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, apiPath) }

// cookieless takes the cookies from what programs send, unread: they do nothing
// on the API (SEC-22).
func cookieless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if forPrograms(r) {
			r.Header.Del("Cookie")
		}
		next.ServeHTTP(w, r)
	})
}

var errTokenInAddress = refuse(http.StatusBadRequest, "A token is no part of an address",
	"Addresses are written into logs. The token was not used.",
	"Send it in the header Authorization: Bearer, and revoke this one if others may have seen the address.")

// authorised looks up the token of a request and puts it into the scope. Only
// the header counts (SEC-22). Calls with tokens that do not work are limited by
// address (SEC-17); one that works is let in whoever else failed there.
func (s *Server) authorised(next HandlerFunc) HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if holdsToken(r.URL.RawQuery) {
			return errTokenInAddress
		}
		secret := bearer(r)
		if secret == "" {
			return s.unlet(w, r, errNoToken)
		}
		caller, err := s.config.Store.Token(r.Context(), secret)
		if models.CodeOf(err) == models.Unauthenticated {
			return s.unlet(w, r, err)
		}
		if err != nil {
			return err
		}
		scopeOf(r).caller = caller
		return next(w, r)
	}
}

var errNoToken error = &models.Error{Code: models.Unauthenticated, Message: "The call brings no token."}

// unlet is why a call is not let in, or that its address has called so too often.
func (s *Server) unlet(w http.ResponseWriter, r *http.Request, why error) error {
	w.Header().Set("WWW-Authenticate", `Bearer realm="Mayfly"`)
	if delay := s.limiter.wait(tokenRate, "token "+network(ClientIP(r))); delay > 0 {
		return tooOften(delay)
	}
	return why
}

// holdsToken reports whether a token stands in an address. A name that only begins
// as one does is none.
func holdsToken(query string) bool {
	for rest := query; ; {
		at := strings.Index(rest, models.TokenPrefix)
		if at < 0 {
			return false
		}
		rest = rest[at:]
		if models.LooksLikeToken(rest[:min(len(rest), models.TokenLength)]) {
			return true
		}
		rest = rest[len(models.TokenPrefix):]
	}
}

// bearer is the token in the request's one Authorization header, or "".
func bearer(r *http.Request) string {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return ""
	}
	scheme, token, found := strings.Cut(values[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Spend takes one call of the budget that the owner has with programs, and of
// the app's that calls, and says in headers what is left of the one that is
// nearer to its end (SEC-17).
func Spend(w http.ResponseWriter, r *http.Request, kind Rate, owner models.UserID) error {
	sc := scopeOf(r)
	if kind == Unlimited || sc.server == nil {
		return nil
	}
	l := sc.server.limiter
	perMinute := l.rates.of(kind)
	budget := "api " + strconv.Itoa(int(kind)) + " "
	left, delay := l.spend(perMinute, budget+"user "+string(owner))
	if sc.caller != nil && sc.caller.AppID != nil && delay == 0 {
		all := perMinute * l.rates.perApp()
		appLeft, appDelay := l.spend(all, budget+"app "+string(*sc.caller.AppID))
		if appDelay > 0 || appLeft/float64(all) < left/float64(perMinute) {
			perMinute, left, delay = all, appLeft, appDelay
		}
	}
	tellBudget(w.Header(), perMinute, left, delay)
	if delay > 0 {
		return tooOften(delay)
	}
	return nil
}

func tellBudget(header http.Header, perMinute int, left float64, delay time.Duration) {
	full := time.Duration((float64(perMinute) - left) / float64(perMinute) * float64(time.Minute))
	header.Set("RateLimit-Limit", strconv.Itoa(perMinute))
	header.Set("RateLimit-Remaining", strconv.Itoa(int(left)))
	header.Set("RateLimit-Reset", strconv.Itoa(int(max(full, delay).Round(time.Second).Seconds())))
}

func (c Rates) perApp() int {
	if c.PerApp > 0 {
		return c.PerApp
	}
	return 10
}

func showJSON(w http.ResponseWriter, r *http.Request, status int, document []byte) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(document)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(document) // fails only when the program is gone
	}
}
