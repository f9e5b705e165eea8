package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/markbates/goth"

	"mayfly/internal/testkit/fakediscord/discord"
)

const (
	clientID     = "100000000000000001"
	clientSecret = "not-so-secret"
)

// someDiscord serves a stand-in that knows ada (in guild 900) and bob.
func someDiscord() *discord.Server {
	return discord.New(discord.Config{
		ClientID: clientID, ClientSecret: clientSecret, Redirects: []string{appURL + "/auth/discord/callback"}, Remember: true,
		People: []discord.Person{
			{ID: "42", Username: "ada", GlobalName: "Ada " + strings.Repeat("L", 100), Avatar: "a_0f", Guilds: []discord.Guild{{ID: "900", Name: "Home"}}},
			{ID: "43", Username: "bob"},
		},
	})
}

func providerFor(t *testing.T, h http.Handler, guilds bool, timeout time.Duration) *Discord {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return NewDiscord(DiscordConfig{
		ClientID: clientID, ClientSecret: clientSecret, Guilds: guilds, Timeout: timeout,
		BaseURL: mustURL(t, server.URL), AppURL: mustURL(t, appURL),
	})
}

// consent answers the page at Discord as this person and returns the query that
// the browser comes back with.
func consent(t *testing.T, address string, form url.Values) url.Values {
	t.Helper()
	u := mustURL(t, address)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(u.String(), form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil {
		t.Fatalf("%d: %v", answer.StatusCode, err)
	}
	if got := back.Scheme + "://" + back.Host + back.Path; got != appURL+"/auth/discord/callback" {
		t.Fatalf("sent back to %s", got)
	}
	return back.Query()
}

func TestDiscordProviderSEC7(t *testing.T) {
	t.Parallel()
	d := providerFor(t, someDiscord(), true, 0)
	begun, err := d.BeginAuth("the-state")
	if err != nil {
		t.Fatal(err)
	}
	there, err := begun.GetAuthURL()
	if err != nil {
		t.Fatal(err)
	}
	query := mustURL(t, there).Query()
	for field, want := range map[string]string{
		"response_type": "code", "client_id": clientID, "scope": "identify guilds", "state": "the-state", "prompt": "none",
		"redirect_uri": appURL + "/auth/discord/callback", "code_challenge_method": "S256",
	} {
		if got := query.Get(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	kept := begun.Marshal()
	if query.Get("code_challenge") == "" || strings.Contains(there, verifierOf(t, d, kept)) {
		t.Error("the challenge is missing or shows the verifier")
	}
	back := consent(t, there, url.Values{"id": {"42"}})
	resumed, err := d.UnmarshalSession(kept)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := resumed.Authorize(d, back); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(resumed.Marshal(), "token") {
		t.Errorf("the token is kept: %s", resumed.Marshal())
	}
	user, err := d.FetchUser(resumed)
	if err != nil {
		t.Fatal(err)
	}
	if user.UserID != "42" || len([]rune(user.Name)) != nameRunes || !strings.HasPrefix(user.Name, "Ada ") ||
		user.AccessToken != "" || user.AvatarURL != "https://cdn.discordapp.com/avatars/42/a_0f.png?size=64" {
		t.Errorf("got %+v", user)
	}
	if ids, _ := user.RawData[rawGuilds].([]string); !slices.Equal(ids, []string{"900"}) {
		t.Errorf("guilds %v", ids)
	}
}

func verifierOf(t *testing.T, d *Discord, kept string) string {
	t.Helper()
	s, err := d.UnmarshalSession(kept)
	if err != nil {
		t.Fatal(err)
	}
	return s.(*discordSession).Verifier
}

func TestDiscordScopeWithoutGuildsSEC7(t *testing.T) {
	t.Parallel()
	s, err := providerFor(t, someDiscord(), false, 0).BeginAuth("x")
	if err != nil {
		t.Fatal(err)
	}
	there, _ := s.GetAuthURL()
	if got := mustURL(t, there).Query().Get("scope"); got != "identify" {
		t.Errorf("scope %q", got)
	}
	if _, err := NewDiscord(DiscordConfig{BaseURL: mustURL(t, appURL), AppURL: mustURL(t, appURL)}).BeginAuth(""); err == nil {
		t.Error("an empty state begins a sign-in")
	}
}

func TestWrongVerifierGetsNothingSEC7(t *testing.T) {
	t.Parallel()
	d := providerFor(t, someDiscord(), false, 0)
	begun, _ := d.BeginAuth("s")
	there, _ := begun.GetAuthURL()
	back := consent(t, there, url.Values{"id": {"42"}})
	other, _ := d.BeginAuth("s")
	if _, err := other.Authorize(d, back); err == nil {
		t.Error("a code was exchanged with another verifier")
	}
	if _, err := d.FetchUser(other); err == nil {
		t.Error("a user without a token")
	}
}

func TestDiscordFailuresSEC7REL23(t *testing.T) {
	t.Parallel()
	token := `{"access_token":"SECRETTOKEN","token_type":"Bearer","expires_in":60}`
	for name, h := range map[string]http.HandlerFunc{
		"hangs": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server see a client that left
			<-r.Context().Done()
		},
		"500":          func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "SECRETTOKEN", 500) },
		"429":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) },
		"no JSON":      func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>SECRETTOKEN")) },
		"a redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://evil.example/", 307) },
		"a huge user":  userAnswer(token, `{"id":"42","username":"`+strings.Repeat("x", discordBody)+`"}`),
		"id zero":      userAnswer(token, `{"id":"0","username":"a"}`),
		"id no number": userAnswer(token, `{"id":"../../x","username":"a"}`),
		"id empty":     userAnswer(token, `{"username":"a"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 5 * time.Second
			if name == "hangs" {
				timeout = 50 * time.Millisecond
			}
			d := providerFor(t, h, false, timeout)
			s, _ := d.BeginAuth("s")
			_, err := s.Authorize(d, url.Values{"code": {"SECRETCODE"}})
			if err == nil {
				_, err = d.FetchUser(s)
			}
			if err == nil {
				t.Fatal("no error")
			}
			if strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "code=") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

func userAnswer(token, user string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := user
		if strings.HasSuffix(r.URL.Path, "/token") {
			body = token
		}
		_, _ = w.Write([]byte(body))
	}
}

func TestDiscordGuildsArePaged(t *testing.T) {
	t.Parallel()
	fake := someDiscord()
	var many []discord.Guild
	for i := range 230 {
		many = append(many, discord.Guild{ID: "9" + strings.Repeat("0", 3) + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))})
	}
	fake.Add(discord.Person{ID: "44", Username: "carol", Guilds: many})
	d := providerFor(t, fake, true, 0)
	s, _ := d.BeginAuth("s")
	there, _ := s.GetAuthURL()
	if _, err := s.Authorize(d, consent(t, there, url.Values{"id": {"44"}})); err != nil {
		t.Fatal(err)
	}
	user, err := d.FetchUser(s)
	if err != nil {
		t.Fatal(err)
	}
	ids, _ := user.RawData[rawGuilds].([]string)
	if len(ids) != 230 || !slices.Contains(ids, many[229].ID) {
		t.Errorf("%d guilds", len(ids))
	}
}

func TestAdmissionTableSEC7(t *testing.T) {
	t.Parallel()
	in := func(ids ...string) goth.User {
		return goth.User{UserID: "42", RawData: map[string]any{rawGuilds: ids}}
	}
	for _, c := range []struct {
		name string
		a    Admission
		u    goth.User
		want bool
	}{
		{"no rule", Admission{}, in(), true},
		{"a member", Admission{Guilds: []string{"900", "901"}}, in("1", "901"), true},
		{"no member", Admission{Guilds: []string{"900"}}, in("1"), false},
		{"a member of nothing", Admission{Guilds: []string{"900"}}, goth.User{UserID: "42"}, false},
		{"a listed person", Admission{Users: []string{"42"}}, in(), true},
		{"a listed person, no member", Admission{Guilds: []string{"900"}, Users: []string{"42"}}, in("1"), true},
		{"another person listed", Admission{Users: []string{"43"}}, in("900"), false},
	} {
		if got := c.a.admits(c.u); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAvatarAddressHoldsNoMarkup(t *testing.T) {
	t.Parallel()
	for hash, want := range map[string]bool{"0f": true, "a_0f": true, "": false, "../x": false, `x"onerror=`: false, "A": false, strings.Repeat("a", 65): false} {
		if got := avatarURL("42", hash) != ""; got != want {
			t.Errorf("avatarURL(%q): %v, want %v", hash, got, want)
		}
	}
}
