package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"mayfly/models"
)

// Lives of a session (SEC-5). The idle life is the Store's: MAYFLY_SESSION_IDLE.
const (
	sessionMax      = 30 * 24 * time.Hour
	memberRecheck   = 24 * time.Hour // absolute life where membership is asked for
	agentRunes      = 200            // of a User-Agent kept for the list of sessions
	maxSessionToken = 128            // bytes of a cookie value worth looking up
)

// Keys of sessions.Session.Values.
const (
	valueUser    = "user"    // *models.User
	valueSession = "session" // *models.Session
)

// sessionStore is gorilla's sessions.Store over the sessions table. The cookie
// holds a random token; the table holds its hash (SEC-2). Only Save writes, and
// only a sign-in or a logout calls it, so that an anonymous visit leaves no row
// and gets no cookie (SEC-3).
type sessionStore struct {
	store   *models.Store
	name    string // of the cookie
	options sessions.Options
	max     time.Duration
}

func newSessionStore(c Config) *sessionStore {
	secure := c.URL.Scheme == "https"
	life := c.SessionMax
	if life <= 0 {
		life = sessionMax
	}
	if c.Admission.restricted() {
		life = min(life, memberRecheck)
	}
	return &sessionStore{
		store: c.Store, name: cookieName("mayfly", secure), max: life,
		options: cookieOptions(secure, life),
	}
}

// cookieName gives a cookie the prefix that binds it to exactly this host over
// TLS. Without TLS browsers refuse the prefix.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// cookieOptions are the attributes of every cookie we set. Lax, not Strict:
// the way back from Discord must carry the cookie.
func cookieOptions(secure bool, life time.Duration) sessions.Options {
	return sessions.Options{
		Path: "/", MaxAge: int(life.Seconds()), Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Get returns the request's session, looked up once.
func (st *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New looks the cookie's token up. A missing, foreign or ended session is new
// and no error; an error means that the database could not be asked.
func (st *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	found := sessions.NewSession(st, name)
	options := st.options
	found.Options, found.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" || len(cookie.Value) > maxSessionToken {
		return found, nil
	}
	row, user, err := st.store.Session(r.Context(), cookie.Value)
	if models.CodeOf(err) == models.Unauthenticated {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	found.ID, found.IsNew = cookie.Value, false
	found.Values[valueUser], found.Values[valueSession] = user, row
	return found, nil
}

// Save opens a row for the session's user and sets the cookie; with a negative
// MaxAge it ends the row and takes the cookie away. A session that has a row
// already is left alone: an id never changes hands (SEC-3).
func (st *sessionStore) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if s.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		if s.ID == "" {
			return nil
		}
		return st.store.EndSession(r.Context(), s.ID)
	}
	user, ok := s.Values[valueUser].(*models.User)
	if !ok || user == nil {
		return errors.New("save session: it belongs to nobody")
	}
	if !s.IsNew {
		return nil
	}
	token, err := st.store.OpenSession(r.Context(), user.ID, cutRunes(r.UserAgent(), agentRunes), st.max)
	if err != nil {
		return err
	}
	s.ID, s.IsNew = token, false
	http.SetCookie(w, sessions.NewCookie(s.Name(), token, s.Options))
	return nil
}

// recognised looks the session up and puts it in the request's scope.
func (s *Server) recognised(rt Route, next HandlerFunc) HandlerFunc {
	if rt.Audience == Asset || rt.Audience == Token {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		session, err := s.sessions.Get(r, s.sessions.name)
		if err != nil {
			return err
		}
		if !session.IsNew {
			sc := scopeOf(r)
			sc.token = session.ID
			sc.user, _ = session.Values[valueUser].(*models.User)
			sc.session, _ = session.Values[valueSession].(*models.Session)
		}
		if rt.Audience == Session && CurrentUser(r) == nil {
			return unauthenticated()
		}
		return next(w, r)
	}
}

// signIn gives the visitor a new session as user and ends the one they had,
// whoever it was.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, user *models.User) error {
	if err := s.endCurrent(r); err != nil {
		return err
	}
	fresh := sessions.NewSession(s.sessions, s.sessions.name)
	options := s.sessions.options
	fresh.Options, fresh.IsNew = &options, true
	fresh.Values[valueUser] = user
	return fresh.Save(r, w)
}

// endCurrent ends the session of this request and its streams.
func (s *Server) endCurrent(r *http.Request) error {
	sc := scopeOf(r)
	if sc.session == nil {
		return nil
	}
	if err := s.sessions.store.EndSession(r.Context(), sc.token); err != nil {
		return err
	}
	s.streams.endSession(sc.session.Hash)
	return nil
}

// EndStreamsOf ends the streams here of sessions that were ended, by their hashes.
// Those on other machines end when they ask for their session again.
func (s *Server) EndStreamsOf(hashes ...string) {
	for _, hash := range hashes {
		s.streams.endSession(hash)
	}
}

// cutRunes shortens text that others chose, and drops what is no valid text.
func cutRunes(text string, most int) string {
	kept := make([]rune, 0, most)
	for _, r := range text {
		if len(kept) == most {
			break
		}
		if !isControl(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
