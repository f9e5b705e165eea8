package discord

import (
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed consent.html
var consentHTML string

// ask is one authorization request, as it stands in the query of the consent
// page and in the hidden fields of its form.
type ask struct {
	ClientID, RedirectURI, ResponseType, Scope, State string
	Challenge, ChallengeMethod                        string
}

// grant is what one consent gave. The same value stands behind the code and,
// later, behind the access and the refresh token.
type grant struct {
	ask
	person  Person
	expires time.Time
	used    bool
	tokens  []string
}

func readAsk(v url.Values) ask {
	return ask{
		ClientID: v.Get("client_id"), RedirectURI: v.Get("redirect_uri"),
		ResponseType: v.Get("response_type"), Scope: v.Get("scope"), State: v.Get("state"),
		Challenge: v.Get("code_challenge"), ChallengeMethod: v.Get("code_challenge_method"),
	}
}

// refusal says why this request gets no consent page, or "". These faults are
// shown and never redirected: the address itself cannot be trusted yet.
func (s *Server) refusal(a ask) string {
	switch {
	case a.ClientID != s.clientID:
		return "Unknown Application"
	case !s.redirectAllowed(a.RedirectURI):
		return "Invalid OAuth2 redirect_uri"
	case a.ResponseType != "code":
		return "Unsupported response_type"
	case !scopesKnown(a.Scope):
		return "The requested scope is invalid, unknown, or malformed"
	case a.Challenge != "" && a.ChallengeMethod != "S256":
		return "Unsupported code_challenge_method"
	}
	return ""
}

func scopesKnown(scope string) bool {
	names := strings.Fields(scope)
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool {
		return name != "identify" && name != "guilds" && name != "email"
	})
}

// askConsent shows the page on which a person picks an account. It needs no
// script.
func (s *Server) askConsent(w http.ResponseWriter, r *http.Request) {
	a := readAsk(r.URL.Query())
	if why := s.refusal(a); why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	if r.URL.Query().Get("prompt") == "none" {
		if p, known := s.remembered(r, a.Scope); known {
			s.sendBack(w, r, a, url.Values{"code": {s.grantCode(a, p)}})
			return
		}
	}
	s.mu.Lock()
	people := slices.Clone(s.people)
	s.mu.Unlock()
	page, err := template.New("consent").Parse(consentHTML)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, struct {
		Ask    ask
		People []Person
	}{a, people})
}

// takeConsent sends the browser back with a code, or with access_denied when
// the person cancelled. Scripts post id=… with the parameters in the query or
// in the form.
func (s *Server) takeConsent(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "400: Bad Request", http.StatusBadRequest)
		return
	}
	a := readAsk(r.Form)
	if why := s.refusal(a); why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	if r.Form.Get("cancel") != "" {
		s.sendBack(w, r, a, url.Values{
			"error":             {"access_denied"},
			"error_description": {"The resource owner or authorization server denied the request"},
		})
		return
	}
	id := chosen(r.Form)
	if !isDecimal(id) || len(id) > 20 {
		http.Error(w, "An account id has 1 to 20 digits.", http.StatusBadRequest)
		return
	}
	p := s.person(id, r.Form.Get("name"))
	s.rememberBrowser(w, p.ID, a.Scope)
	s.sendBack(w, r, a, url.Values{"code": {s.grantCode(a, p)}})
}

// sendBack redirects the browser to the application with the answer and the
// state it sent.
func (s *Server) sendBack(w http.ResponseWriter, r *http.Request, a ask, answer url.Values) {
	back, err := url.Parse(a.RedirectURI)
	if err != nil {
		http.Error(w, "Invalid OAuth2 redirect_uri", http.StatusBadRequest)
		return
	}
	query := back.Query()
	if a.State != "" {
		query.Set("state", a.State)
	}
	for key := range answer {
		query.Set(key, answer.Get(key))
	}
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// chosen returns the typed id, or the picked one when nothing was typed.
func chosen(form url.Values) string {
	if id := strings.TrimSpace(form.Get("id")); id != "" {
		return id
	}
	return form.Get("person")
}

func (s *Server) grantCode(a ask, p Person) string {
	code := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = &grant{ask: a, person: p, expires: time.Now().Add(codeLifetime)}
	return code
}
