package discord

import (
	"crypto/rand"
	"net/http"
)

const browserCookie = "fakediscord"

// consent is what a remembered browser granted, and as whom.
type consent struct{ personID, scope string }

// rememberBrowser keeps the browser signed in as this person.
func (s *Server) rememberBrowser(w http.ResponseWriter, personID, scope string) {
	if !s.remember {
		return
	}
	id := rand.Text()
	s.mu.Lock()
	s.browsers[id] = consent{personID, scope}
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: browserCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// remembered returns the person at this browser when they granted the same
// scope before.
func (s *Server) remembered(r *http.Request, scope string) (Person, bool) {
	cookie, err := r.Cookie(browserCookie)
	if err != nil {
		return Person{}, false
	}
	s.mu.Lock()
	given, known := s.browsers[cookie.Value]
	s.mu.Unlock()
	if !known || given.scope != scope {
		return Person{}, false
	}
	return s.person(given.personID, ""), true
}
