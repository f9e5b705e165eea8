package web

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Rate names one limit of SEC-17. A route declares which one it falls under.
type Rate int

// The limits. Each counts per route: a sign-in's start and its callback do not
// eat each other's budget.
const (
	Unlimited Rate = iota
	LoginRate      // per address
	RunRate        // per person
	FileRate       // per person: downloads and links
	DataRate       // per person: copies of all that is theirs
	tokenRate      // per address: tokens that do not work
)

// Rates are the limits in calls a minute. A zero field takes the default of
// SEC-17.
type Rates struct {
	Login int // 10
	Runs  int // 60
	Files int // 600
	Data  int // 2

	Tokens int // 20: calls with a token that does not work
	PerApp int // 10: an app has so many times the budget of one person
}

func (c Rates) of(kind Rate) int {
	given, fallback := 0, 0
	switch kind {
	case LoginRate:
		given, fallback = c.Login, 10
	case RunRate:
		given, fallback = c.Runs, 60
	case FileRate:
		given, fallback = c.Files, 600
	case DataRate:
		given, fallback = c.Data, 2
	case tokenRate:
		given, fallback = c.Tokens, 20
	}
	if given > 0 {
		return given
	}
	return fallback
}

// rateMemory is how many callers are remembered at once, at about 200 bytes
// each. Past it the one seen longest ago is forgotten.
const rateMemory = 20_000

// limiter counts calls by caller in this process.
type limiter struct {
	rates   Rates
	callers *lru.Cache[string, *rate.Limiter]
}

func newLimiter(rates Rates) (*limiter, error) {
	callers, err := lru.New[string, *rate.Limiter](rateMemory)
	return &limiter{rates: rates, callers: callers}, err
}

// wait takes one call of the caller's budget and returns 0, or how long until
// there is one. A caller may use a minute's budget at once.
func (l *limiter) wait(kind Rate, caller string) time.Duration {
	_, delay := l.spend(l.rates.of(kind), caller)
	return delay
}

// spend is wait for a budget of so many calls a minute, and says how many are
// left.
func (l *limiter) spend(perMinute int, caller string) (left float64, delay time.Duration) {
	fresh := rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)
	bucket, known, _ := l.callers.PeekOrAdd(caller, fresh)
	if known {
		l.callers.Get(caller) // marks it as seen just now
	} else {
		bucket = fresh
	}
	taken := bucket.Reserve()
	if delay := taken.Delay(); delay > 0 {
		taken.Cancel()
		return 0, delay
	}
	return max(0, bucket.Tokens()), 0
}

// limited applies the route's limit: by address where nobody is signed in,
// else by person.
func (s *Server) limited(rt Route, next HandlerFunc) HandlerFunc {
	if rt.Limit == Unlimited {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		caller := network(ClientIP(r))
		if rt.Limit != LoginRate && Owner(r) != "" {
			caller = string(Owner(r))
		}
		if delay := s.limiter.wait(rt.Limit, rt.Pattern+" "+caller); delay > 0 {
			return tooOften(delay)
		}
		return next(w, r)
	}
}
