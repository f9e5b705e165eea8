package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mayfly/internal/testkit/browser"
)

// callStatus asks for the API's status with a token, for somebody or nobody.
func callStatus(t *testing.T, s *server, token, user string) int {
	t.Helper()
	address := s.url + "/api/v1/status"
	if user != "" {
		address += "?user_id=" + user
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// The way of a bot's author and of somebody who uses the bot: a token from the
// command line, a link in a browser that runs no scripts, a block, an end.
func TestAnAppFromTheCommandLineToABlock(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	made := s.run(t, nil, "token", "create", "--name", "link bot", "--app")
	secret := strings.TrimSuffix(made.out, "\n")
	page := regexp.MustCompile(regexp.QuoteMeta(s.url) + `/apps/([a-z2-7]{26})`).FindStringSubmatch(made.err)
	if made.code != 0 || !regexp.MustCompile(`^mf_[a-z2-7]{40}$`).MatchString(secret) || page == nil {
		t.Fatalf("token create: %+v", made)
	}
	const user = "300000000000000042"
	if got := callStatus(t, s, secret, user); got != http.StatusForbidden {
		t.Errorf("before the link: %d", got)
	}
	tab := browser.Open(t, s.url, browser.Screen{NoScript: true})
	tab.Expect("401") // nobody is signed in yet
	tab.Go("/apps/" + page[1])
	tab.Press("As somebody else")
	tab.Type("#local-id", user)
	tab.Press("Sign in as this person")
	tab.At("/apps/" + page[1])
	tab.SeeIn("h1", "link bot")
	tab.See("May this app act for you here?")
	tab.Shoot("app-noscript")
	tab.Press("Yes, it may")
	tab.See("You have linked this app")
	if got := callStatus(t, s, secret, user); got != http.StatusOK {
		t.Errorf("after the link: %d", got)
	}
	tab.Go("/settings")
	tab.SeeIn("#apps", "link bot")
	tab.Press("Block")
	tab.At("/settings")
	tab.SeeIn("#apps", "Blocked")
	if got := callStatus(t, s, secret, user); got != http.StatusForbidden {
		t.Errorf("after the block: %d", got)
	}
	second := s.run(t, nil, "token", "create", "--name", "second", "--for", page[1])
	if got := callStatus(t, s, strings.TrimSpace(second.out), user); second.code != 0 || got != http.StatusForbidden {
		t.Errorf("another token of the blocked app: %+v, %d", second, got)
	}
	tab.Type("#token-name", "my own")
	tab.Press("Make token")
	tab.See("Copy it now")
	own := browser.Ask[string](tab, "document.querySelector('[data-token]').textContent")
	if got := callStatus(t, s, own, ""); got != http.StatusOK {
		t.Errorf("with the page's token: %d", got)
	}
	id := regexp.MustCompile(`(?m)^([a-z2-7]{26}) +my own `).FindStringSubmatch(s.run(t, nil, "token", "list").out)
	if id == nil {
		t.Fatal("token list lacks it")
	}
	if got := s.run(t, nil, "token", "revoke", id[1]); got.code != 0 || got.out != "revoked "+id[1]+"\n" {
		t.Errorf("token revoke: %+v", got)
	}
	if got := callStatus(t, s, own, ""); got != http.StatusUnauthorized {
		t.Errorf("revoked, it gets %d", got)
	}
	tab.Go("/settings")
	tab.SeeIn("#tokens", "Revoked")
}

func TestWrongUseOfTheTokenCommandIsTold(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	for args, words := range map[string]string{
		"create":                                  "--name is missing",
		"create --name x":                         "give one of --user ID, --app and --for APP-ID",
		"create --name x --user 1 --app":          "give one of",
		"create --name x --user 1 --everyone":     "--everyone goes with --app",
		"create --name x --user 0":                "A Discord id is a number",
		"create --name x --app --scopes run,root": `"root" is no scope`,
		"create --name x --app --expires 0s":      "--expires is more than zero",
		"create --name x --ap":                    "did you mean --app",
		"create --name x --app y":                 "takes flags only",
		"revoke":                                  "takes the id of one token",
		"remove":                                  `no command "remove"`,
	} {
		got := s.run(t, nil, append([]string{"token"}, strings.Fields(args)...)...)
		if got.code != exitWrongUse || !strings.Contains(got.err, words) || got.out != "" {
			t.Errorf("token %s: %+v", args, got)
		}
	}
	for args, words := range map[string]string{"revoke aaaaaaaaaaaaaaaaaaaaaaaaaa": "There is no such token", "create --name x --for aaaaaaaaaaaaaaaaaaaaaaaaaa": "There is no such app"} {
		if got := s.run(t, nil, append([]string{"token"}, strings.Fields(args)...)...); got.code != exitTrouble || !strings.Contains(got.err, words) {
			t.Errorf("token %s: %+v", args, got)
		}
	}
}
