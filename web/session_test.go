package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

func locally(c *Config) { c.LocalSignIn = true }

// local is a visitor who may sign in locally.
func local(t *testing.T) (*visitor, *pgxpool.Pool) {
	t.Helper()
	app, _, pool := visited(t, locally)
	return newVisitor(t, app), pool
}

func (v *visitor) signIn(id string) *http.Cookie {
	v.t.Helper()
	if w := v.post("/login/local", url.Values{"discord_id": {id}}); w.Code != http.StatusSeeOther {
		v.t.Fatalf("sign in: %d %s", w.Code, w.Body)
	}
	return v.cookies["mayfly"]
}

func TestTheSessionCookieSEC2(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	c := v.signIn("42")
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure || c.MaxAge != int(sessionMax.Seconds()) {
		t.Errorf("the cookie is %+v", c)
	}
	if len(c.Value) < 26 {
		t.Errorf("%d characters are fewer than 128 bits", len(c.Value))
	}
	sum := sha256.Sum256([]byte(c.Value))
	if countRows(t, pool, "SELECT count(*) FROM sessions WHERE hash = $1", hex.EncodeToString(sum[:])) != 1 {
		t.Error("the table does not hold the token's hash")
	}
	if countRows(t, pool, "SELECT count(*) FROM sessions WHERE sessions::text LIKE '%' || $1 || '%'", c.Value) != 0 {
		t.Error("the table holds the token itself")
	}
	v.is("42")
}

func TestTheSessionCookieWithTLSSEC2(t *testing.T) {
	t.Parallel()
	discord := providerFor(t, someDiscord(), false, 0)
	app, s, _ := visited(t, func(c *Config) {
		c.URL, c.Discord = mustURL(t, "https://mayfly.example"), discord
	})
	if s.sessions.name != "__Host-mayfly" || s.signInCookie != "__Host-mayfly-signin" || !s.sessions.options.Secure {
		t.Errorf("cookies %q and %q, secure %v", s.sessions.name, s.signInCookie, s.sessions.options.Secure)
	}
	v := newVisitor(t, app)
	v.url = "https://mayfly.example"
	v.get("/login/discord")
	c := v.cookies["__Host-mayfly-signin"]
	if c == nil || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("the sign-in cookie is %+v", c)
	}
	v.cookies["mayfly"] = &http.Cookie{Name: "mayfly", Value: "planted by a neighbour"}
	v.is("")
}

func TestASignInGivesANewIdSEC3(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	v.cookies["mayfly"] = &http.Cookie{Name: "mayfly", Value: strings.Repeat("a", 26)} // fixed by somebody
	first := v.signIn("42")
	if first.Value == strings.Repeat("a", 26) {
		t.Fatal("the id from before the sign-in became a session")
	}
	second := v.signIn("43")
	if second.Value == first.Value || countRows(t, pool, "SELECT count(*) FROM sessions") != 1 {
		t.Error("the session before goes on")
	}
	v.cookies["mayfly"] = first
	v.is("")
	v.cookies["mayfly"] = second
	v.is("43")
}

func TestAVisitLeavesNothingSEC3(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	for _, path := range []string{"/", "/mine", "/nothing", "/login/discord"} {
		if w := v.get(path); len(w.Result().Cookies()) != 0 {
			t.Errorf("%s sets %v", path, w.Result().Cookies())
		}
	}
	for _, value := range []string{"x", strings.Repeat("x", 5000), "%00", "\x7f"} {
		v.cookies["mayfly"] = &http.Cookie{Name: "mayfly", Value: value}
		v.is("")
	}
	if countRows(t, pool, "SELECT count(*) FROM sessions")+countRows(t, pool, "SELECT count(*) FROM users") != 0 {
		t.Error("a visit left a row")
	}
}

func TestALogoutSEC4(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	old := v.signIn("42")
	v.cookies["neighbour"] = &http.Cookie{Name: "neighbour", Value: "1"}
	if w := v.get("/logout"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET /logout answers %d", w.Code)
	}
	v.is("42")
	w := v.post("/logout", url.Values{})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" || w.Header().Get("Clear-Site-Data") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if v.cookies["mayfly"] != nil || v.cookies["neighbour"] == nil || countRows(t, pool, "SELECT count(*) FROM sessions") != 0 {
		t.Error("the cookie or the row is left, or a neighbour's cookie is not")
	}
	v.cookies["mayfly"] = old
	v.is("")
	if w := newVisitor(t, v.app).post("/logout", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("nobody's logout answers %d", w.Code)
	}
}

func TestSessionsEndIdleAndAbsoluteSEC5(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	v.signIn("42")
	execute(t, pool, "UPDATE sessions SET seen_at = now() - interval '167 hours'")
	v.is("42") // and is seen again
	if countRows(t, pool, "SELECT count(*) FROM sessions WHERE seen_at > now() - interval '1 minute'") != 1 {
		t.Error("the visit was not noted")
	}
	execute(t, pool, "UPDATE sessions SET seen_at = now() - interval '168 hours'")
	v.is("")
	execute(t, pool, "UPDATE sessions SET seen_at = now(), expires_at = now()")
	v.is("")
	execute(t, pool, "UPDATE sessions SET expires_at = now() + interval '1 hour'")
	v.is("42")
	execute(t, pool, "DELETE FROM users") // banned, or the account was deleted
	v.is("")
}

func TestASessionThatCannotBeLookedUpIsNotGuessed(t *testing.T) {
	t.Parallel()
	v, pool := local(t)
	v.signIn("42")
	execute(t, pool, "ALTER TABLE sessions RENAME TO sessions_away")
	if w := v.get("/mine"); w.Code != http.StatusInternalServerError {
		t.Errorf("a session that cannot be looked up is answered %d, as if it were known", w.Code)
	}
	if w := v.get("/"); w.Code != http.StatusInternalServerError {
		t.Errorf("a public page takes somebody for nobody: %d", w.Code)
	}
}

func TestLocalSignInIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	app, _, pool := visited(t, locally)
	form := url.Values{"discord_id": {"42"}}
	for name, change := range map[string]func(*http.Request){
		"X-Forwarded-For":   func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") },
		"X-Forwarded-Proto": func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") },
		"Forwarded":         func(r *http.Request) { r.Header.Set("Forwarded", "for=127.0.0.1") },
		"Via":               func(r *http.Request) { r.Header.Set("Via", "1.1 proxy") },
		"X-Real-IP":         func(r *http.Request) { r.Header.Set("X-Real-Ip", "127.0.0.1") },
		"another peer":      func(r *http.Request) { r.RemoteAddr = "10.0.0.7:50000" },
	} {
		v := newVisitor(t, app)
		r := v.request(http.MethodPost, "/login/local", form)
		change(r)
		if w := v.do(r); w.Code != http.StatusForbidden || len(v.cookies) != 0 {
			t.Errorf("with %s: %d", name, w.Code)
		}
	}
	off, _, _ := visited(t, func(*Config) {})
	if w := newVisitor(t, off).post("/login/local", form); w.Code != http.StatusForbidden {
		t.Errorf("where it is off: %d", w.Code)
	}
	if countRows(t, pool, "SELECT count(*) FROM sessions") != 0 {
		t.Error("a session was opened")
	}
}

func TestLocalSignInDefaultsAndReturnsSEC9(t *testing.T) {
	t.Parallel()
	v, _ := local(t)
	for path, want := range map[string]string{"": "/", "/files?q=a": "/files?q=a", "//evil.example": "/", "https://evil.example": "/", `/\evil`: "/"} {
		if w := v.post("/login/local", url.Values{"return": {path}}); w.Header().Get("Location") != want {
			t.Errorf("return=%q leads to %q", path, w.Header().Get("Location"))
		}
	}
	v.is("1")
}
