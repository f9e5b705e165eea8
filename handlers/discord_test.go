package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"mayfly/internal/testkit/fakediscord/discord"
	"mayfly/web"
)

// throughDiscord lets in the members of one server of a stand-in for Discord.
func throughDiscord(t *testing.T) func(*setup) {
	t.Helper()
	fake := httptest.NewServer(discord.New(discord.Config{
		ClientID: "100", ClientSecret: "not-so-secret",
		People: []discord.Person{{ID: "42", Username: "ada", Guilds: []discord.Guild{{ID: "900"}}}, {ID: "43", Username: "bob", GlobalName: "<b>Bob</b>"}},
	}))
	t.Cleanup(fake.Close)
	base, err := url.Parse(fake.URL)
	if err != nil {
		t.Fatal(err)
	}
	return func(s *setup) {
		s.web.LocalSignIn, s.web.Admission = false, web.Admission{Guilds: []string{"900"}}
		s.web.Discord = web.NewDiscord(web.DiscordConfig{ClientID: "100", ClientSecret: "not-so-secret", BaseURL: base, AppURL: s.web.URL, Guilds: true})
	}
}

// throughConsent walks through Discord as this person and returns the app's
// answer.
func (p *person) throughConsent(start, id string) *answer {
	p.t.Helper()
	there := p.get(start).want(http.StatusSeeOther).Header.Get("Location")
	req := p.request(http.MethodPost, there, strings.NewReader(url.Values{"id": {id}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.get(p.do(req).Header.Get("Location"))
}

func TestTheWayThroughDiscordAndBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, throughDiscord(t))
	ada := r.nobody()
	start, _ := ada.get("/runs?before=").want(401).page().Find(".sign-in a").Attr("href")
	if start != "/login/discord?return=%2Fruns%3Fbefore%3D" {
		t.Fatalf("the page leads to %q", start)
	}
	if at := ada.throughConsent(start, "42").want(303).at(); at != "/runs?before=" {
		t.Errorf("it came back to %q", at)
	}
	ada.get("/runs").want(200)
	ada.post("/login/local", url.Values{}).want(403)
}

func TestAStrangerReadsWhomToAskSEC7(t *testing.T) {
	t.Parallel()
	r := newRig(t, throughDiscord(t))
	bob := r.nobody()
	a := bob.throughConsent("/login/discord", "43")
	polite(t, "a stranger", a.want(403))
	if got := a.words("main"); !strings.Contains(got, "<b>Bob</b>") || !strings.Contains(got, "Discord id 43") || a.page().Find("main b").Length() != 0 {
		t.Errorf("the page says %q", got)
	}
	bob.get("/files").want(401)
	if n := r.count("SELECT count(*) FROM users"); n != 0 {
		t.Errorf("%d people are known", n)
	}
}
