package models_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// cancelled checks that a run ended without having begun, and never begins.
func cancelled(t *testing.T, s *models.Store, owner models.UserID, id models.RunID) {
	t.Helper()
	if _, err := s.System().BeginRun(t.Context(), id, "n"); models.CodeOf(err) != models.Conflict {
		t.Errorf("it begins: %v", err)
	}
	run, err := s.Run(t.Context(), owner, id)
	if err != nil || run.State != models.Done || run.Ending != models.Cancelled || run.StartedAt != nil || run.ReturnCode != 130 {
		t.Errorf("%+v, %v", run, err)
	}
}

// What waits of a token's runs ends with it, whoever the runs are for; others
// get the turns.
func TestATokensWaitingRunsEndWithItSEC21(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	_, bot, err := s.System().CreateApp(t.Context(), true, wanted("bot", time.Hour))
	must(t, err)
	_, second, err := s.System().CreateAppToken(t.Context(), *bot.AppID, wanted("second", time.Hour))
	must(t, err)
	ask := func(owner models.UserID, by *models.Token) *models.Run {
		t.Helper()
		run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromAPI, By: by})
		must(t, err)
		return run
	}
	running := ask(ada, bot)
	waiting := []*models.Run{ask(ada, bot), ask(ada, bot), ask(bob, bot)} // of Ada's, one has a job and one has none
	others := []*models.Run{ask(ada, nil), ask(ada, second), ask(bob, second)}
	_, err = s.System().BeginRun(t.Context(), running.ID, "n")
	must(t, err)
	must(t, s.System().RevokeAnyToken(t.Context(), "cli:test", bot.ID))
	for _, run := range waiting {
		cancelled(t, s, run.UserID, run.ID)
	}
	if run, err := s.Run(t.Context(), ada, running.ID); err != nil || run.State != models.Running {
		t.Errorf("the one that runs: %+v, %v", run, err)
	}
	for _, other := range others {
		if run, err := s.Run(t.Context(), other.UserID, other.ID); err != nil || run.State != models.Queued {
			t.Errorf("another's: %+v, %v", run, err)
		}
	}
	if run, err := s.Run(t.Context(), ada, others[0].ID); err != nil || run.JobID == nil {
		t.Errorf("Ada's own run has no turn: %+v, %v", run, err)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE NOT cancelled"); n != 3 { // the running one, Ada's, Bob's second
		t.Errorf("%d jobs", n)
	}
	late := ask(ada, bot) // a call that was let in just before the end
	cancelled(t, s, ada, late.ID)
}

// Nothing happens at the moment in which a token expires: it counts when the run
// would begin.
func TestARunOfAnExpiredTokenDoesNotBeginSEC21(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserKernels = 1
	s, pool := testkit.Store(t, limits)
	ada := testkit.Person(t, s, "42")
	_, mine, err := s.CreateToken(t.Context(), ada, wanted("mine", time.Hour))
	must(t, err)
	run, err := s.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromAPI, By: mine})
	must(t, err)
	own, err := s.QueueRun(t.Context(), ada, models.NewRun{Code: "2", Source: models.FromWeb})
	must(t, err)
	exec(t, pool, "UPDATE tokens SET expires_at = now()")
	cancelled(t, s, ada, run.ID)
	if next, err := s.Run(t.Context(), ada, own.ID); err != nil || next.JobID == nil {
		t.Errorf("the turn goes to nobody: %+v, %v", next, err)
	}
	if _, err := s.System().BeginRun(t.Context(), own.ID, "n"); err != nil {
		t.Errorf("Ada's own does not begin: %v", err)
	}
}

func TestAnUnlinkedAppsWaitingRunsDoNotStartSEC24(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	for _, everyone := range []bool{false, true} {
		_, bot, err := s.System().CreateApp(t.Context(), everyone, wanted("bot", time.Hour))
		must(t, err)
		must(t, s.LinkApp(t.Context(), ada, *bot.AppID))
		run, err := s.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromAPI, By: bot})
		must(t, err)
		must(t, s.UnlinkApp(t.Context(), ada, *bot.AppID))
		if !everyone {
			cancelled(t, s, ada, run.ID)
		} else if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
			t.Errorf("one for everyone acts on: %v", err)
		}
	}
}

// Two tokens with runs for the same people, revoked at once, wait for no lock of
// each other's.
func TestTokensAreRevokedAtOnceWithoutDeadlock(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	_, bot, err := s.System().CreateApp(t.Context(), true, wanted("bot", time.Hour))
	must(t, err)
	tokens := []*models.Token{bot}
	for range 3 {
		_, more, err := s.System().CreateAppToken(t.Context(), *bot.AppID, wanted("more", time.Hour))
		must(t, err)
		tokens = append(tokens, more)
	}
	for i := range 12 {
		owner := models.UserID([]string{"42", "43", "44"}[i%3])
		_, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromAPI, By: tokens[i/3]})
		must(t, err)
	}
	var all sync.WaitGroup
	for _, token := range tokens {
		all.Go(func() {
			if err := s.System().RevokeAnyToken(t.Context(), "cli:test", token.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, pool, "SELECT count(*) FROM runs WHERE state <> 'done'"); n != 0 {
		t.Errorf("%d runs wait on", n)
	}
}

// A body may arrive for minutes: a token that ended meanwhile changes nothing.
func TestATokenThatEndedChangesNoFileSEC21(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, bot, err := s.System().CreateApp(t.Context(), true, models.NewToken{Name: "bot", Scopes: "files:write", Life: time.Hour, Actor: "cli:test"})
	must(t, err)
	begin := func() *models.File {
		f, err := s.System().BeginFile(t.Context(), ada, models.NewFile{Source: models.FromAPI, Name: "a.txt", By: bot})
		must(t, err)
		return f
	}
	kept, err := s.System().KeepFileOnce(t.Context(), begin(), 1, "x", bot, nil)
	must(t, err)
	pending := begin()
	refused := func(code models.Code) {
		t.Helper()
		_, extended := s.ExtendFile(t.Context(), ada, kept.ID, bot, nil)
		_, uploaded := s.System().KeepFileOnce(t.Context(), pending, 1, "x", bot, nil)
		for what, err := range map[string]error{"extend": extended, "upload": uploaded, "delete": s.DeleteFile(t.Context(), ada, kept.ID, bot)} {
			if models.CodeOf(err) != code {
				t.Errorf("%s: %v, not %s", what, err, code)
			}
		}
	}
	must(t, s.BlockApp(t.Context(), ada, *bot.AppID))
	refused(models.AppBlocked)
	must(t, s.UnblockApp(t.Context(), ada, *bot.AppID))
	exec(t, pool, "UPDATE tokens SET revoked_at = now()")
	refused(models.Unauthenticated)
	if n := count(t, pool, "SELECT count(*) FROM files WHERE state = 'ready' AND expires_at < created_at + interval '49 h'"); n != 1 {
		t.Errorf("%d files as they were", n)
	}
}

// The trail names the app, the person and the file: SEC-64's deletes, and what
// is done for another.
func TestTheTrailKnowsWhatWasDoneToFilesSEC64(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	_, bot, err := s.System().CreateApp(t.Context(), true, models.NewToken{Name: "bot", Scopes: "files:write", Life: time.Hour, Actor: "cli:test"})
	must(t, err)
	keep := func(by *models.Token) models.FileID {
		t.Helper()
		pending, err := s.System().BeginFile(t.Context(), ada, models.NewFile{Source: models.FromAPI, Name: "a.txt", By: by})
		must(t, err)
		f, err := s.System().KeepFileOnce(t.Context(), pending, 1, "x", by, nil)
		must(t, err)
		return f.ID
	}
	id, own := keep(bot), keep(nil)
	_, err = s.ExtendFile(t.Context(), ada, id, bot, nil)
	must(t, err)
	_, err = s.ExtendFile(t.Context(), ada, own, nil, nil)
	must(t, err)
	must(t, s.DeleteFile(t.Context(), ada, id, bot))
	must(t, s.DeleteFile(t.Context(), ada, own, nil))
	must(t, s.RestoreFile(t.Context(), ada, own))
	session, err := s.OpenSession(t.Context(), ada, "a browser", time.Hour)
	must(t, err)
	must(t, s.EndSession(t.Context(), session))
	lines, err := s.System().Audits(t.Context(), ada)
	must(t, err)
	var told []string
	for _, l := range lines {
		told = append(told, l.Actor[:4]+" "+l.Action)
		byBot := strings.HasPrefix(l.Actor, "app:")
		if byBot && (l.AppID != *bot.AppID || l.TokenID != bot.ID || l.FileID != id) || strings.HasPrefix(l.Action, "file.") && !byBot && l.FileID != own || l.UserID != ada {
			t.Errorf("%+v", l)
		}
	}
	want := "user session.end, user session.open, user file.restore, user file.delete, app: file.delete, app: file.extend, app: file.keep"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("the trail is\n%s, not\n%s", got, want)
	}
}
