package models_test

import (
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func wanted(name string, life time.Duration) models.NewToken {
	return models.NewToken{Name: name, Scopes: "run files:read", Life: life, Actor: "cli:test"}
}

func TestATokenIsKeptAsItsHashOnlySEC21(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	secret, made, err := s.CreateToken(t.Context(), ada, wanted("  a\u202eb\x00 ", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(secret, "mf_") || len(secret) < 3+32 || !models.LooksLikeToken(secret) { // 160 bits are 32 letters of base32
		t.Errorf("the secret is %q", secret)
	}
	if made.Name != "ab" {
		t.Errorf("its name is %q", made.Name)
	}
	var rows string
	if err := pool.QueryRow(t.Context(), "SELECT string_agg(tokens::text, '') || (SELECT string_agg(audits::text, '') FROM audits) FROM tokens").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(rows, secret[3:]) {
		t.Error("the secret is stored")
	}
	again, _, err := s.CreateToken(t.Context(), ada, wanted("b", time.Hour))
	if err != nil || again == secret {
		t.Errorf("a second one: %q, %v", again, err)
	}
	for _, wrong := range []string{"", "mf_", secret[:len(secret)-1], secret + "a", strings.ToUpper(secret), "mf_" + strings.Repeat("a", 40), "mf_" + strings.Repeat("1", 40)} {
		if _, err := s.Token(t.Context(), wrong); models.CodeOf(err) != models.Unauthenticated {
			t.Errorf("%q is let in: %v", wrong, err)
		}
	}
}

func TestATokenEndsAndItsUseIsSeenOnceAMinuteSEC21(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	secret, made, err := s.CreateToken(t.Context(), ada, wanted("a", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	used := func() (at *time.Time) {
		if _, err := s.Token(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		if err := pool.QueryRow(t.Context(), "SELECT used_at FROM tokens WHERE id = $1", made.ID).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := used()
	if first == nil || !used().Equal(*first) {
		t.Error("the use is written at every call, or never")
	}
	exec(t, pool, "UPDATE tokens SET used_at = used_at - interval '61 s'")
	if used().Before(*first) {
		t.Error("a later use is not written")
	}
	if err := s.RevokeToken(t.Context(), bob, made.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("Bob revokes it: %v", err)
	}
	exec(t, pool, "UPDATE tokens SET expires_at = now()")
	if _, err := s.Token(t.Context(), secret); models.CodeOf(err) != models.Unauthenticated {
		t.Errorf("expired, and let in: %v", err)
	}
	exec(t, pool, "UPDATE tokens SET expires_at = now() + interval '1 h'")
	for range 2 { // ending it twice is no fault
		if err := s.RevokeToken(t.Context(), ada, made.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Token(t.Context(), secret); models.CodeOf(err) != models.Unauthenticated {
		t.Errorf("revoked, and let in: %v", err)
	}
}

func TestTokensThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	for name, n := range map[string]models.NewToken{
		"no name": wanted(" ", time.Hour), "invisible": wanted("\u200d\u2800", time.Hour), "no life": wanted("a", 0),
		"past": wanted("a", -time.Hour), "for ever": wanted("a", models.MaxTokenLife+1),
	} {
		if _, _, err := s.CreateToken(t.Context(), ada, n); models.CodeOf(err) != models.InvalidInput {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := s.System().CreateApp(t.Context(), true, n); models.CodeOf(err) != models.InvalidInput {
			t.Errorf("an app, %s: %v", name, err)
		}
	}
	for _, names := range [][]string{nil, {""}, {"root"}, {"run", "root"}, {"RUN"}} {
		if got, err := models.ParseScopes(names); models.CodeOf(err) != models.InvalidInput {
			t.Errorf("%q are scopes: %q, %v", names, got, err)
		}
	}
	if got, err := models.ParseScopes([]string{"admin", "run", "run"}); err != nil || got != "run admin" || !got.Has("admin") || got.Has("files:read") {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := models.UserScopes([]string{"run", "admin"}); models.CodeOf(err) != models.InvalidInput {
		t.Errorf("a person makes an admin's token: %v", err)
	}
	if n := count(t, pool, "SELECT (SELECT count(*) FROM tokens) + (SELECT count(*) FROM apps) + (SELECT count(*) FROM audits)"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
	for range models.MaxTokens {
		if _, _, err := s.CreateToken(t.Context(), ada, wanted("a", time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.CreateToken(t.Context(), ada, wanted("a", time.Hour)); models.CodeOf(err) != models.OverLimit {
		t.Errorf("one too many: %v", err)
	}
}

func TestTheAuditTrailIsOnlyAddedToSEC64(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, bot, err := s.System().CreateApp(t.Context(), false, wanted("bot", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	_, mine, err := s.CreateToken(t.Context(), ada, models.NewToken{Name: "x", Scopes: "run", Life: time.Hour, Actor: "user:42"})
	if err != nil {
		t.Fatal(err)
	}
	app := *bot.AppID
	for _, err := range []error{
		s.LinkApp(t.Context(), ada, app), s.UnlinkApp(t.Context(), ada, app), s.BlockApp(t.Context(), ada, app),
		s.UnblockApp(t.Context(), ada, app), s.LinkApp(t.Context(), ada, app), s.RevokeToken(t.Context(), ada, mine.ID),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	run, err := s.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromAPI, By: bot})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := s.System().Audits(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, l := range lines {
		told = append(told, l.Actor[:4]+" "+l.Action)
	}
	want := "app: run.for, user token.revoke, user app.link, user app.unblock, user app.block, user app.unlink, user app.link, user token.create"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("the trail is\n%s, not\n%s", got, want)
	}
	if l := lines[0]; l.RunID != run.ID || l.AppID != app || l.TokenID != bot.ID || l.UserID != ada {
		t.Errorf("the run's line: %+v", l)
	}
	for _, sql := range []string{"UPDATE audits SET actor = 'user:1'", "DELETE FROM audits", "TRUNCATE audits"} {
		if _, err := pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is done", sql)
		}
	}
	exec(t, pool, "DELETE FROM users") // the trail outlives whom it is about
	if n := count(t, pool, "SELECT count(*) FROM audits"); n != len(lines)+2 {
		t.Errorf("%d lines", n)
	}
}
