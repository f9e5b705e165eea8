package discord

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Lifetimes of what the server hands out. Discord's documents give 604800 s
// for an access token; a code lives minutes.
const (
	codeLifetime  = 10 * time.Minute
	tokenLifetime = 604800 * time.Second
)

// Person is an account that may sign in. ID is a decimal snowflake. Avatar is
// the avatar hash or empty.
type Person struct {
	ID         string
	Username   string
	GlobalName string
	Avatar     string
	Guilds     []Guild
}

// Guild is a server that a person belongs to.
type Guild struct {
	ID   string
	Name string
}

// Config is what a Server is started with. Redirects are the addresses that
// the application registered; empty lets any loopback address through, which
// suits a stand-in on a developer's machine. Remember keeps a browser signed in
// at the stand-in, so that prompt=none skips the page from the second time on;
// without it the page is always shown and one browser can be several people.
// BotToken is the token of the application's bot; empty lets no bot in.
// Channels are where the bot may write.
type Config struct {
	ClientID     string
	ClientSecret string
	BotToken     string
	Channels     []Channel
	Redirects    []string
	People       []Person
	Remember     bool
}

// Server answers as Discord does. It is safe for concurrent use.
type Server struct {
	clientID, clientSecret string
	bot                    string
	channels               []Channel
	redirects              []string
	remember               bool
	mux                    *http.ServeMux
	cdnKey                 []byte

	mu       sync.Mutex
	messages map[string][]Message
	sequence int64
	people   []Person
	codes    map[string]*grant
	tokens   map[string]*grant
	// browsers says who sits at which remembered browser and what they granted.
	browsers map[string]consent
}

// New makes a Server. Put it behind an http.Server or httptest.NewServer.
func New(c Config) *Server {
	s := &Server{
		clientID: c.ClientID, clientSecret: c.ClientSecret, redirects: c.Redirects, remember: c.Remember,
		bot: c.BotToken, channels: slices.Clone(c.Channels), cdnKey: []byte(rand.Text()), messages: map[string][]Message{},
		mux: http.NewServeMux(), people: slices.Clone(c.People),
		codes: map[string]*grant{}, tokens: map[string]*grant{}, browsers: map[string]consent{},
	}
	s.mux.HandleFunc("GET /oauth2/authorize", s.askConsent)
	s.mux.HandleFunc("POST /oauth2/authorize", s.takeConsent)
	s.mux.HandleFunc("POST /api/oauth2/token", s.token)
	s.mux.HandleFunc("POST /api/oauth2/token/revoke", s.revoke)
	s.mux.HandleFunc("GET /api/users/@me", s.me)
	s.mux.HandleFunc("GET /api/users/@me/guilds", s.guilds)
	s.mux.HandleFunc("GET /api/oauth2/applications/@me", s.application)
	s.mux.HandleFunc("GET /api/channels/{channel}", s.channel)
	s.mux.HandleFunc("GET /api/channels/{channel}/messages", s.history)
	s.mux.HandleFunc("GET /api/channels/{channel}/messages/{message}", s.message)
	s.mux.HandleFunc("POST /api/channels/{channel}/messages", s.send)
	s.mux.HandleFunc("POST /api/channels/{channel}/typing", s.typing)
	s.mux.HandleFunc("GET /attachments/{channel}/{attachment}/{name}", s.attachment)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		apiError(w, http.StatusNotFound, "404: Not Found")
	})
	return s
}

// ServeHTTP serves every route. Discord answers under /api and under
// /api/v{number}; both mean the same here.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/api/v"); ok {
		if version, tail, found := strings.Cut(rest, "/"); found && isDecimal(version) {
			r = r.Clone(r.Context())
			r.URL.Path = "/api/" + tail
			r.URL.RawPath = ""
		}
	}
	s.mux.ServeHTTP(w, r)
}

// Add makes a person known, or replaces the one with the same id. A test uses
// it to change guilds between two sign-ins.
func (s *Server) Add(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people = slices.DeleteFunc(s.people, func(q Person) bool { return q.ID == p.ID })
	s.people = append(s.people, p)
}

// person returns the known person with this id, or a new one made from it.
func (s *Server) person(id, name string) Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.people {
		if p.ID == id {
			return p
		}
	}
	if name == "" {
		name = "user" + id
	}
	p := Person{ID: id, Username: name}
	s.people = append(s.people, p)
	return p
}

func (s *Server) redirectAllowed(target string) bool {
	if len(s.redirects) > 0 {
		return slices.Contains(s.redirects, target)
	}
	u, err := url.Parse(target)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

func isDecimal(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
