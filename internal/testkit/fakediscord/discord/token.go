package discord

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// token exchanges a code, or a refresh token, for tokens. It takes only
// form bodies and knows the client by HTTP Basic or by form fields.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if !s.clientForm(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		s.exchangeCode(w, r)
	case "refresh_token":
		s.exchangeRefresh(w, r)
	default:
		oauthError(w, http.StatusBadRequest, "unsupported_grant_type", "")
	}
}

// clientForm reads the form and checks the client; it answers when either is
// wrong.
func (s *Server) clientForm(w http.ResponseWriter, r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		oauthError(w, http.StatusBadRequest, "invalid_request", "")
		return false
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if id != s.clientID || subtle.ConstantTimeCompare([]byte(secret), []byte(s.clientSecret)) != 1 {
		oauthError(w, http.StatusUnauthorized, "invalid_client", "")
		return false
	}
	return true
}

func (s *Server) exchangeCode(w http.ResponseWriter, r *http.Request) {
	code := r.PostForm.Get("code")
	if code == "" {
		oauthError(w, http.StatusBadRequest, "invalid_request", `Missing "code" in request.`)
		return
	}
	g, known := s.codes[code]
	if known && g.used {
		s.forget(g) // RFC 6749 §4.1.2: a second use ends what the first one gave
	}
	if !known || g.used || time.Now().After(g.expires) {
		oauthError(w, http.StatusBadRequest, "invalid_grant", `Invalid "code" in request.`)
		return
	}
	g.used = true
	switch {
	case r.PostForm.Get("redirect_uri") != g.RedirectURI:
		oauthError(w, http.StatusBadRequest, "invalid_grant", `Invalid "redirect_uri" in request.`)
	case !verifies(g.Challenge, r.PostForm.Get("code_verifier")):
		oauthError(w, http.StatusBadRequest, "invalid_grant", `Invalid "code_verifier" in request.`)
	default:
		s.issue(w, g)
	}
}

func (s *Server) exchangeRefresh(w http.ResponseWriter, r *http.Request) {
	g, known := s.tokens[r.PostForm.Get("refresh_token")]
	if !known {
		oauthError(w, http.StatusBadRequest, "invalid_grant", "")
		return
	}
	s.forget(g)
	s.issue(w, g)
}

// issue hands out a fresh pair of tokens for the grant.
func (s *Server) issue(w http.ResponseWriter, g *grant) {
	access, refresh := rand.Text(), rand.Text()
	g.tokens, g.expires = []string{access, refresh}, time.Now().Add(tokenLifetime)
	s.tokens[access], s.tokens[refresh] = g, g
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": access, "token_type": "Bearer", "expires_in": int(tokenLifetime.Seconds()),
		"refresh_token": refresh, "scope": g.Scope,
	})
}

// revoke ends every token of the grant that the given one belongs to.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	if !s.clientForm(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, known := s.tokens[r.PostForm.Get("token")]; known {
		s.forget(g)
	}
	writeJSON(w, http.StatusOK, map[string]any{})
}

func (s *Server) forget(g *grant) {
	for _, t := range g.tokens {
		delete(s.tokens, t)
	}
	g.tokens = nil
}

// verifies checks a PKCE verifier (RFC 7636 §4.6). A request without a
// challenge takes no verifier.
func verifies(challenge, verifier string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

// bearer returns the grant behind the request's access token when it holds the
// scope; otherwise it answers 401 as Discord does.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request, scope string) (grant, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.tokens[token]
	if !ok || !known || len(g.tokens) == 0 || g.tokens[0] != token || time.Now().After(g.expires) ||
		!slices.Contains(strings.Fields(g.Scope), scope) {
		apiError(w, http.StatusUnauthorized, "401: Unauthorized")
		return grant{}, false
	}
	return *g, true
}

func oauthError(w http.ResponseWriter, status int, code, description string) {
	body := map[string]any{"error": code}
	if description != "" {
		body["error_description"] = description
	}
	writeJSON(w, status, body)
}

func apiError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]any{"message": message, "code": 0})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
