package models_test

import (
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// The rule of what a token may do for whom, case by case.
func TestPermitSEC23SEC24(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, mine, err := s.CreateToken(t.Context(), ada, wanted("mine", time.Hour))
	must(t, err)
	_, open, err := s.System().CreateApp(t.Context(), true, wanted("open", time.Hour))
	must(t, err)
	_, asks, err := s.System().CreateApp(t.Context(), false, wanted("asks", time.Hour))
	must(t, err)
	check := func(what string, token *models.Token, scope models.Scope, asked, owner models.UserID, code models.Code) {
		t.Helper()
		got, err := s.Permit(t.Context(), token, scope, asked)
		if models.CodeOf(err) != code || (err == nil && got != owner) {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	check("a personal token", mine, "run", "", "42", "")
	check("a personal token that names its owner", mine, "run", "42", "42", "")
	check("a personal token that names somebody", mine, "run", "43", "", models.Forbidden)
	check("a scope that it lacks", mine, "files:write", "", "", models.MissingScope)
	check("any scope", mine, models.ScopeAny, "", "42", "")
	check("an app that names nobody", open, "run", "", "", models.InvalidInput)
	check("an app for everyone", open, "run", "42", "42", "")
	check("an app for everyone, for somebody unknown", open, "run", "77", "77", "")
	check("an app without the scope", open, "admin", "42", "", models.MissingScope)
	check("an app that nobody linked", asks, "run", "42", "", models.NotLinked)
	check("an app that somebody unknown cannot have linked", asks, "run", "77", "", models.NotLinked)
	must(t, s.LinkApp(t.Context(), ada, *asks.AppID))
	check("an app that was linked", asks, "run", "42", "42", "")
	check("for somebody else", asks, "run", "43", "", models.NotLinked)
	must(t, s.UnlinkApp(t.Context(), ada, *asks.AppID))
	check("an app that was unlinked", asks, "run", "42", "", models.NotLinked)
	must(t, s.BlockApp(t.Context(), ada, *open.AppID))
	check("an app that was blocked", open, "run", "42", "", models.AppBlocked)
	must(t, s.UnblockApp(t.Context(), ada, *open.AppID))
	check("an app that was unblocked", open, "run", "42", "42", "")
	if _, err := s.User(t.Context(), "77"); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("asking alone made an account: %v", err)
	}
	for _, id := range []models.AppID{"", "x", models.AppID("../" + string(*open.AppID)[3:]), "aaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		if _, err := s.App(t.Context(), ada, id); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("app %q: %v", id, err)
		}
		if err := s.LinkApp(t.Context(), ada, id); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("link %q: %v", id, err)
		}
	}
}

// A blocked app's runs that wait never start, and none can be queued any more.
func TestABlockedAppsWaitingRunsDoNotStartSEC24(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, bot, err := s.System().CreateApp(t.Context(), true, wanted("bot", time.Hour))
	must(t, err)
	ask := func(by *models.Token) (*models.Run, error) {
		return s.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromAPI, By: by})
	}
	var waiting []models.RunID
	for range 4 { // two have a job, two wait behind them
		run, err := ask(bot)
		must(t, err)
		waiting = append(waiting, run.ID)
	}
	own, err := ask(nil)
	must(t, err)
	_, err = s.System().BeginRun(t.Context(), waiting[0], "n")
	must(t, err)
	must(t, s.BlockApp(t.Context(), ada, *bot.AppID))
	for _, id := range waiting[1:] {
		run, err := s.Run(t.Context(), ada, id)
		if err != nil || run.Ending != models.Cancelled {
			t.Errorf("%+v, %v", run, err)
		}
		if _, err := s.System().BeginRun(t.Context(), id, "n"); models.CodeOf(err) != models.Conflict {
			t.Errorf("it begins: %v", err)
		}
	}
	if _, err := ask(bot); models.CodeOf(err) != models.AppBlocked {
		t.Errorf("another: %v", err)
	}
	if run, err := s.Run(t.Context(), ada, own.ID); err != nil || run.State != models.Queued || run.JobID == nil {
		t.Errorf("Ada's own run has no turn: %+v, %v", run, err)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE NOT cancelled"); n != 2 { // the running one and Ada's
		t.Errorf("%d jobs", n)
	}
}

func TestAnIdempotencyKeyGivesTheFirstRunAgainSEC25(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, one, err := s.System().CreateApp(t.Context(), true, wanted("one", time.Hour))
	must(t, err)
	_, two, err := s.System().CreateAppToken(t.Context(), *one.AppID, wanted("two", time.Hour))
	must(t, err)
	hash := func(c string) string {
		return (c + "0000000000000000000000000000000000000000000000000000000000000000")[:64]
	}
	ask := func(by *models.Token, owner models.UserID, key, what string) (*models.Run, error) {
		return s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromAPI, By: by, Once: &models.Once{Key: key, Hash: hash(what)}})
	}
	first, err := ask(one, ada, "k", "a")
	must(t, err)
	again, err := ask(one, ada, "k", "a")
	if err != nil || again.ID != first.ID {
		t.Errorf("again: %v, %v", again, err)
	}
	if _, err := ask(one, ada, "k", "b"); models.CodeOf(err) != models.KeyReused {
		t.Errorf("another request: %v", err)
	}
	for name, other := range map[string]func() (*models.Run, error){
		"another key":    func() (*models.Run, error) { return ask(one, ada, "k2", "a") },
		"another token":  func() (*models.Run, error) { return ask(two, ada, "k", "a") },
		"another person": func() (*models.Run, error) { return ask(one, "77", "k", "a") },
	} {
		if run, err := other(); err != nil || run.ID == first.ID {
			t.Errorf("%s: %v, %v", name, run, err)
		}
	}
	for _, bad := range []string{"", " ", "a b", "ä", "\x00", string(make([]byte, 256))} {
		if _, err := ask(one, ada, bad, "a"); models.CodeOf(err) != models.InvalidInput {
			t.Errorf("key %q: %v", bad, err)
		}
	}
	exec(t, pool, "DELETE FROM runs WHERE id = '"+string(first.ID)+"'")
	if _, err := ask(one, ada, "k", "a"); models.CodeOf(err) != models.GoneCode {
		t.Errorf("of a run that is forgotten: %v", err)
	}
	exec(t, pool, "UPDATE replays SET created_at = now() - interval '48 h'")
	if n, err := s.System().Forget(t.Context()); err != nil || n.Replays != 4 {
		t.Errorf("%+v, %v", n, err)
	}
}

// An id that a bot's call names first is the account that signs in later.
func TestABotsCallMakesTheAccount(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	_, bot, err := s.System().CreateApp(t.Context(), true, wanted("bot", time.Hour))
	must(t, err)
	for _, id := range []models.UserID{"", "0", "x", "042", "123456789012345678901"} {
		if _, err := s.QueueRun(t.Context(), id, models.NewRun{Code: "1", Source: models.FromAPI, By: bot}); models.CodeOf(err) != models.InvalidInput {
			t.Errorf("for %q: %v", id, err)
		}
	}
	if _, err := s.QueueRun(t.Context(), "42", models.NewRun{Code: " ", Source: models.FromAPI, By: bot}); models.CodeOf(err) != models.InvalidInput {
		t.Errorf("no code: %v", err)
	}
	if n := count(t, pool, "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM app_links)"); n != 0 {
		t.Errorf("refused calls wrote %d rows", n)
	}
	run, err := s.QueueRun(t.Context(), "42", models.NewRun{Code: "1", Source: models.FromAPI, By: bot})
	must(t, err)
	ada := testkit.Person(t, s, "42")
	page, err := s.Runs(t.Context(), ada, models.RunQuery{})
	if err != nil || len(page.Runs) != 1 || page.Runs[0].ID != run.ID || *page.Runs[0].AppID != *bot.AppID {
		t.Errorf("Ada finds %+v, %v", page, err)
	}
	apps, err := s.Apps(t.Context(), ada)
	if err != nil || len(apps) != 1 || apps[0].ActedAt == nil || apps[0].Scopes != "run files:read" || !apps[0].Acts() {
		t.Errorf("her apps: %+v, %v", apps, err)
	}
}

func TestAFileIsExtendedAsFarAsItMay(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	s, pool := testkit.Store(t, limits)
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	pending, err := s.System().BeginFile(t.Context(), ada, models.NewFile{Source: models.FromUpload, Name: "a.csv"})
	must(t, err)
	if _, err := s.ExtendFile(t.Context(), ada, pending.ID, nil, nil); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a pending one: %v", err)
	}
	file, err := s.System().KeepFile(t.Context(), pending, 1, "x")
	must(t, err)
	life := func() time.Duration {
		f, err := s.ExtendFile(t.Context(), ada, file.ID, nil, nil)
		must(t, err)
		return f.ExpiresAt.Sub(f.CreatedAt).Round(time.Second)
	}
	for _, want := range []time.Duration{96 * time.Hour, 144 * time.Hour, 168 * time.Hour} {
		if got := life(); got != want {
			t.Errorf("it lives %v, not %v", got, want)
		}
	}
	if _, err := s.ExtendFile(t.Context(), ada, file.ID, nil, nil); models.CodeOf(err) != models.Conflict {
		t.Errorf("beyond the cap: %v", err)
	}
	if _, err := s.ExtendFile(t.Context(), bob, file.ID, nil, nil); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("Bob: %v", err)
	}
	exec(t, pool, "UPDATE files SET expires_at = now()")
	if _, err := s.ExtendFile(t.Context(), ada, file.ID, nil, nil); models.CodeOf(err) != models.GoneCode {
		t.Errorf("expired: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
