package web

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/markbates/goth"

	"mayfly/models"
)

// signInLifetime is how long a person may take at Discord (SEC-6).
const signInLifetime = 10 * time.Minute

// signInMemory is how many finished sign-ins are remembered, so that a state
// works once; each is forgotten by its own cookie's end.
const signInMemory = 10_000

// pending is what the encrypted cookie holds while a person is at Discord.
type pending struct {
	State   string `json:"state"`
	Session string `json:"session"` // the provider's, with the PKCE verifier
	Return  string `json:"return"`
}

var (
	errNoDiscord = refuse(http.StatusNotFound, "Discord is not set up here", "",
		"Whoever runs this Mayfly sets MAYFLY_DISCORD_CLIENT_ID and MAYFLY_DISCORD_CLIENT_SECRET.")
	errStaleSignIn = refuse(http.StatusBadRequest, "This sign-in is no longer open",
		"It was used already, took more than ten minutes, or began in another browser.", "Sign in again.")
	errDenied = refuse(http.StatusForbidden, "You were not signed in",
		"Discord says that you cancelled.", "Sign in again when you like. Mayfly only learns your Discord id, name and picture.")
	errDiscordAway = &refusal{retryAfter: 10 * time.Second, problem: Problem{Status: http.StatusServiceUnavailable,
		Title: "Discord did not answer properly", Message: "You are not signed in.",
		Safe: "Your runs and files are kept.", Next: "Sign in again in a minute."}}
)

// signInPath is the link that starts a sign-in and comes back to path.
func signInPath(path string) string {
	if path = ReturnPath(path); path == home {
		return "/login/discord"
	}
	return "/login/discord?" + url.Values{"return": {path}}.Encode()
}

// BeginDiscord (GET /login/discord) sends the visitor to Discord. Its only
// effect is a cookie of ten minutes, which is why a link may start it (SEC-11).
// The state is ours: nothing of the request but the return path is read.
func (s *Server) BeginDiscord(w http.ResponseWriter, r *http.Request) error {
	if s.config.Discord == nil {
		return errNoDiscord
	}
	state := rand.Text() // 130 bits
	session, err := s.config.Discord.BeginAuth(state)
	if err != nil {
		return err
	}
	there, err := session.GetAuthURL()
	if err != nil {
		return err
	}
	kept := pending{State: state, Session: session.Marshal(), Return: ReturnPath(r.URL.Query().Get("return"))}
	sealed, err := securecookie.EncodeMulti(s.signInCookie, kept, s.codecs...)
	if err != nil {
		return fmt.Errorf("seal sign-in: %w", err)
	}
	s.setSignInCookie(w, sealed, signInLifetime)
	w.Header().Set("Location", there)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// FinishDiscord (GET /auth/discord/callback) takes the visitor back from
// Discord: state first, then the answer, then who it is and whether they may
// come in. The cookie goes with the first callback that has the right state.
func (s *Server) FinishDiscord(w http.ResponseWriter, r *http.Request) error {
	if s.config.Discord == nil {
		return errNoDiscord
	}
	kept, err := s.takePending(w, r)
	if err != nil {
		return err
	}
	answer := r.URL.Query()
	switch {
	case answer.Get("error") == "access_denied":
		return s.tryAgain(errDenied, kept.Return)
	case answer.Get("error") != "" || answer.Get("code") == "":
		return s.tryAgain(errDiscordAway, kept.Return)
	}
	person, err := s.askDiscord(kept, answer)
	if errors.Is(err, errCodeRefused) {
		return s.tryAgain(errStaleSignIn, kept.Return)
	}
	if err != nil {
		Logger(r).Warn("sign-in failed at Discord", "cause", err.Error())
		return s.tryAgain(errDiscordAway, kept.Return)
	}
	if !s.config.Admission.admits(person) {
		return stranger(person)
	}
	if err := s.admit(w, r, models.DiscordProfile{
		ID: models.UserID(person.UserID), Name: person.Name, AvatarURL: person.AvatarURL,
	}); err != nil {
		return err
	}
	return SeeOther(w, r, kept.Return)
}

// takePending reads the cookie, checks the state that came back against it and
// deletes it. A state works once.
func (s *Server) takePending(w http.ResponseWriter, r *http.Request) (pending, error) {
	var kept pending
	cookie, err := r.Cookie(s.signInCookie)
	if err != nil {
		return kept, s.tryAgain(errStaleSignIn, home)
	}
	if err := securecookie.DecodeMulti(s.signInCookie, cookie.Value, &kept, s.codecs...); err != nil {
		return kept, s.tryAgain(errStaleSignIn, home)
	}
	state := r.URL.Query().Get("state")
	same := subtle.ConstantTimeCompare([]byte(state), []byte(kept.State)) == 1
	if state == "" || !same {
		return kept, s.tryAgain(errStaleSignIn, kept.Return)
	}
	// Only now: a forged callback must not spoil the real one that is under way.
	s.setSignInCookie(w, "", -time.Second)
	if used, _ := s.usedStates.ContainsOrAdd(kept.State, struct{}{}); used {
		return kept, s.tryAgain(errStaleSignIn, kept.Return)
	}
	return kept, nil
}

// askDiscord exchanges the code and asks who came.
func (s *Server) askDiscord(kept pending, answer url.Values) (goth.User, error) {
	session, err := s.config.Discord.UnmarshalSession(kept.Session)
	if err != nil {
		return goth.User{}, err
	}
	if _, err := session.Authorize(s.config.Discord, answer); err != nil {
		return goth.User{}, err
	}
	return s.config.Discord.FetchUser(session)
}

// admit makes the account known and gives the visitor a session.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, profile models.DiscordProfile) error {
	user, err := s.config.Store.SignIn(r.Context(), profile)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return s.signIn(w, r, user)
}

// Logout (POST /logout) ends the session here and in the database, and its
// streams. Only our cookie is expired (SEC-4).
func (s *Server) Logout(w http.ResponseWriter, r *http.Request) error {
	return s.SignOut(w, r, home)
}

// SignOut ends the session of this request and sends the visitor to path.
func (s *Server) SignOut(w http.ResponseWriter, r *http.Request, path string) error {
	if err := s.endCurrent(r); err != nil {
		return err
	}
	gone := sessions.NewSession(s.sessions, s.sessions.name)
	options := s.sessions.options
	options.MaxAge = -1
	gone.Options = &options
	if err := gone.Save(r, w); err != nil {
		return err
	}
	return SeeOther(w, r, path)
}

// stranger is the answer to somebody who may not come in. It names their id,
// which is what the person who runs this Mayfly needs.
func stranger(who goth.User) error {
	return refuse(http.StatusForbidden, "This Mayfly is for a closed circle",
		"You are signed in at Discord as "+who.Name+", but this Mayfly does not know you.",
		"Ask the person who gave you this address to let you in: by inviting you to their Discord server, "+
			"or by adding your Discord id "+who.UserID+".")
}

// tryAgain adds the sign-in link to a refusal.
func (s *Server) tryAgain(why *refusal, path string) error {
	again := *why
	again.problem.SignIn, again.problem.ReturnTo = signInPath(path), ReturnPath(path)
	return &again
}

func (s *Server) setSignInCookie(w http.ResponseWriter, value string, life time.Duration) {
	options := cookieOptions(s.config.URL.Scheme == "https", life)
	http.SetCookie(w, sessions.NewCookie(s.signInCookie, value, &options))
}
