package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit/fakediscord/discord"
)

// throughDiscord is an app whose people come from a stand-in for Discord.
func throughDiscord(t *testing.T, admission Admission) (http.Handler, *discord.Server, *pgxpool.Pool) {
	t.Helper()
	fake := someDiscord()
	app, _, pool := visited(t, func(c *Config) {
		c.Discord, c.Admission = providerFor(t, fake, len(admission.Guilds) > 0, 0), admission
	})
	return app, fake, pool
}

// goToDiscord starts a sign-in and gives the address at Discord.
func (v *visitor) goToDiscord(query string) string {
	v.t.Helper()
	w := v.get("/login/discord" + query)
	if w.Code != http.StatusSeeOther {
		v.t.Fatalf("/login/discord answered %d %s", w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

// comeBack answers Discord's page as this person and returns to the app.
func (v *visitor) comeBack(address string, form url.Values) *httptest.ResponseRecorder {
	v.t.Helper()
	return v.get("/auth/discord/callback?" + consent(v.t, address, form).Encode())
}

func TestASignInThroughDiscord(t *testing.T) {
	t.Parallel()
	app, _, pool := throughDiscord(t, Admission{})
	v := newVisitor(t, app)
	there := v.goToDiscord("?return=/mine")
	if c := v.cookies["mayfly-signin"]; c == nil || c.MaxAge != 600 || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the sign-in cookie is %+v", c)
	}
	if countRows(t, pool, "SELECT count(*) FROM users") != 0 {
		t.Error("going to Discord left a row")
	}
	w := v.comeBack(there, url.Values{"id": {"42"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mine" || v.cookies["mayfly-signin"] != nil {
		t.Errorf("%d to %q, cookies %v", w.Code, w.Header().Get("Location"), v.cookies)
	}
	v.is("42")
	var name string
	if err := pool.QueryRow(t.Context(), "SELECT name FROM users WHERE id = '42'").Scan(&name); err != nil || len([]rune(name)) != 64 {
		t.Errorf("the name is %q, %v", name, err)
	}
}

func TestTheStateSEC6(t *testing.T) {
	t.Parallel()
	app, _, _ := throughDiscord(t, Admission{})
	stateOf := func(address string) string { return mustURL(t, address).Query().Get("state") }

	chooser := newVisitor(t, app)
	there := chooser.goToDiscord("?state=chosen&client_id=evil&redirect_uri=http://evil.example")
	if s := stateOf(there); s == "chosen" || len(s) < 26 || mustURL(t, there).Query().Get("redirect_uri") != appURL+"/auth/discord/callback" {
		t.Errorf("the request decides where the sign-in goes: %s", there)
	}

	// The callback of an attacker's sign-in, in a victim's browser.
	victim, attacker := newVisitor(t, app), newVisitor(t, app)
	back := consent(t, attacker.goToDiscord(""), url.Values{"id": {"43"}})
	if w := victim.get("/auth/discord/callback?" + back.Encode()); w.Code != http.StatusBadRequest {
		t.Errorf("without a sign-in under way: %d", w.Code)
	}
	mine := victim.goToDiscord("")
	if w := victim.get("/auth/discord/callback?" + back.Encode()); w.Code != http.StatusBadRequest {
		t.Errorf("with another's state: %d", w.Code)
	}
	victim.is("")
	for _, state := range []string{"", "&state=", "&state=" + strings.Repeat("a", 26)} {
		if w := victim.get("/auth/discord/callback?code=x" + state); w.Code != http.StatusBadRequest {
			t.Errorf("with %q: %d", state, w.Code)
		}
	}
	own := consent(t, mine, url.Values{"id": {"42"}}) // a forged callback does not spoil the real one
	kept := victim.cookies["mayfly-signin"]
	if w := victim.get("/auth/discord/callback?" + own.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("the real callback: %d %s", w.Code, w.Body)
	}
	victim.is("42")
	again := newVisitor(t, app)
	again.cookies["mayfly-signin"] = kept
	if w := again.get("/auth/discord/callback?" + own.Encode()); w.Code != http.StatusBadRequest {
		t.Errorf("a second time: %d", w.Code)
	}
}

func TestASignInCookieIsOursAlone(t *testing.T) {
	t.Parallel()
	app, _, _ := throughDiscord(t, Admission{})
	v := newVisitor(t, app)
	there := v.goToDiscord("")
	state := mustURL(t, there).Query().Get("state")
	whole := v.cookies["mayfly-signin"].Value
	if strings.Contains(whole, state) {
		t.Error("the cookie shows the state")
	}
	for _, value := range []string{"", "x", whole[:len(whole)-2], "A" + whole[1:]} {
		v.cookies["mayfly-signin"] = &http.Cookie{Name: "mayfly-signin", Value: value}
		if w := v.get("/auth/discord/callback?code=x&state=" + state); w.Code != http.StatusBadRequest {
			t.Errorf("with the cookie %.8q: %d", value, w.Code)
		}
	}
}

func TestWhoCancelsOrIsRefusedIsToldSoAndStaysNobody(t *testing.T) {
	t.Parallel()
	app, _, pool := throughDiscord(t, Admission{})
	v := newVisitor(t, app)
	w := v.comeBack(v.goToDiscord("?return=/mine"), url.Values{"id": {"42"}, "cancel": {"1"}})
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "cancelled") || !strings.Contains(w.Body.String(), "signin=/login/discord?return=%2Fmine") {
		t.Errorf("cancelled: %d %s", w.Code, w.Body)
	}
	state := mustURL(t, v.goToDiscord("")).Query().Get("state")
	// A code that was used or is too old is nobody's outage.
	if w := v.get("/auth/discord/callback?code=SECRETCODE&state=" + state); w.Code != http.StatusBadRequest || w.Header().Get("Retry-After") != "" ||
		!strings.Contains(w.Body.String(), "no longer open") || strings.Contains(w.Body.String(), "SECRET") {
		t.Errorf("a code that Discord does not know: %d %s", w.Code, w.Body)
	}
	v.is("")
	if countRows(t, pool, "SELECT count(*) FROM users") != 0 {
		t.Error("somebody became known")
	}
}

func TestSEC7StrangersAreToldWhoToAsk(t *testing.T) {
	t.Parallel()
	app, fake, pool := throughDiscord(t, Admission{Guilds: []string{"900"}, Users: []string{"77"}})
	bob := newVisitor(t, app)
	w := bob.comeBack(bob.goToDiscord(""), url.Values{"id": {"43"}})
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "43") || !strings.Contains(w.Body.String(), "Ask the person") {
		t.Errorf("a stranger: %d %s", w.Code, w.Body)
	}
	bob.is("")
	if countRows(t, pool, "SELECT count(*) FROM users") != 0 {
		t.Error("a stranger became known")
	}
	for _, id := range []string{"42", "77"} { // a member, and somebody named
		v := newVisitor(t, app)
		if w := v.comeBack(v.goToDiscord(""), url.Values{"id": {id}}); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", id, w.Code, w.Body)
		}
		if c := v.cookies["mayfly"]; c == nil || c.MaxAge != int(memberRecheck.Seconds()) {
			t.Errorf("%s: a session of a closed circle lives %+v", id, c)
		}
	}
	fake.Add(discord.Person{ID: "42", Username: "ada"}) // left the server
	v := newVisitor(t, app)
	if w := v.comeBack(v.goToDiscord(""), url.Values{"id": {"42"}}); w.Code != http.StatusForbidden {
		t.Errorf("who left is let in: %d", w.Code)
	}
}

func TestLoginRateSEC17(t *testing.T) {
	t.Parallel()
	app, _, _ := visited(t, func(c *Config) { c.LocalSignIn, c.Rates = true, Rates{} })
	v := newVisitor(t, app)
	for i := range 11 {
		w := v.post("/login/local", url.Values{})
		if (i < 10) != (w.Code == http.StatusSeeOther) {
			t.Errorf("sign-in %d answered %d", i+1, w.Code)
		}
		if i == 10 && (w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "") {
			t.Errorf("over the limit: %d %v", w.Code, w.Header())
		}
	}
	r := v.request(http.MethodPost, "/login/local", url.Values{})
	r.Header.Set("X-Forwarded-For", "10.9.9.9") // no proxy of ours: counts for nothing
	if w := v.do(r); w.Code != http.StatusTooManyRequests {
		t.Errorf("a header gets around the limit: %d", w.Code)
	}
}
