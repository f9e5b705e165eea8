package models_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// ownedTables are all tables that say whose their rows are: those of later
// migrations too.
func ownedTables(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT table_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND column_name = 'user_id' AND table_name <> 'audits'`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) < 8 {
		t.Fatalf("%v %v", names, err)
	}
	return names
}

// rowsOf counts what is somebody's in all tables.
func rowsOf(t *testing.T, pool *pgxpool.Pool, owner models.UserID) (sum int) {
	t.Helper()
	for _, table := range ownedTables(t, pool) {
		sum += count(t, pool, fmt.Sprintf("SELECT count(*) FROM %s WHERE user_id = '%s'", table, owner))
	}
	return sum + count(t, pool, "SELECT count(*) FROM users WHERE id = '"+string(owner)+"'")
}

// fill gives somebody one of everything.
func fill(t *testing.T, s *models.Store, owner models.UserID) (running, waiting *models.Run, secret string) {
	t.Helper()
	n := notebook(t, s, owner, "a", "b")
	queueCells(t, s, n, models.AllCells, "")
	running = queue(t, s, owner, "running()")
	made(t, s, running, "made.csv")
	if _, err := s.System().BeginRun(t.Context(), running.ID, "n1"); err != nil {
		t.Fatal(err)
	}
	waiting = queue(t, s, owner, "waiting()")
	secret, _, err := s.CreateToken(t.Context(), owner, models.NewToken{Name: "x", Scopes: "run", Life: 1e12, Actor: "user:" + string(owner)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.OpenSession(t.Context(), owner, "Firefox", 1e12); err != nil {
		t.Fatal(err)
	}
	return running, waiting, secret
}

func TestADeletedAccountLeavesNothingOfItsOwnSEC51(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	running, waiting, secret := fill(t, s, ada)
	fill(t, s, bob)
	kernel, _, err := s.System().OpenKernel(t.Context(), mustRun(t, s, ada), "n1")
	mustDo(t, err)
	before := rowsOf(t, pool, bob)
	ended, err := s.DeleteAccount(t.Context(), ada)
	if err != nil || len(ended) != 1 {
		t.Fatalf("%v %v", ended, err)
	}
	if n := rowsOf(t, pool, ada); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if n := rowsOf(t, pool, bob); n != before {
		t.Errorf("of somebody else %d rows of %d are left", n, before)
	}
	if _, err := s.Token(t.Context(), secret); models.CodeOf(err) != models.Unauthenticated {
		t.Errorf("the token: %v", err)
	}
	if n := count(t, pool, "SELECT count(*) FROM leftovers"); n != 1 {
		t.Errorf("%d blobs wait for the sweep", n)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE cancelled AND run = '"+string(waiting.ID)+"'"); n != count(t, pool, "SELECT count(*) FROM test_jobs WHERE run = '"+string(waiting.ID)+"'") {
		t.Error("what waited still has a job")
	}
	if n := count(t, pool, "SELECT count(*) FROM audits WHERE user_id = '42' AND action IN ('account.delete', 'token.create')"); n != 2 {
		t.Errorf("%d lines of the trail", n)
	}
	if asked, err := s.System().Beat(t.Context(), []models.RunID{running.ID}); err != nil || !slices.Contains(asked, running.ID) {
		t.Errorf("the run that goes on is not stopped: %v %v", asked, err)
	}
	if dead, err := s.System().DeadKernels(t.Context(), []models.KernelID{kernel.ID}); err != nil || len(dead) != 1 {
		t.Errorf("the kernel lives: %v %v", dead, err)
	}
	if err := s.System().FinishRun(t.Context(), running, models.Verdict{Ending: models.OK}); models.CodeOf(err) != models.Conflict {
		t.Errorf("its verdict: %v", err)
	}
	testkit.Person(t, s, "42")
	if n := rowsOf(t, pool, ada); n != 1 {
		t.Errorf("the new account has %d rows", n)
	}
}

// mustRun is a run of the person's notebook.
func mustRun(t *testing.T, s *models.Store, owner models.UserID) *models.Run {
	t.Helper()
	active, err := s.ActiveRuns(t.Context(), owner)
	mustDo(t, err)
	for i := range active {
		if active[i].NotebookID != nil {
			return &active[i]
		}
	}
	t.Fatal("there is none")
	return nil
}

// What is done for somebody whose account just went says so, and is no fault of
// ours.
func TestWhatComesAfterADeletedAccountIsToldSo(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	for range 2 { // the second finds nobody
		_, err := s.DeleteAccount(t.Context(), ada)
		mustDo(t, err)
	}
	_, late := s.OpenSession(t.Context(), ada, "", 1e12)
	_, queued := s.QueueRun(t.Context(), ada, models.NewRun{Code: "1", Source: models.FromWeb})
	_, begun := s.System().BeginFile(t.Context(), ada, models.NewFile{Source: models.FromUpload, Name: "a"})
	_, book := s.MakeNotebook(t.Context(), ada, models.NewNotebook{})
	for what, err := range map[string]error{"a session": late, "a run": queued, "a file": begun, "a notebook": book} {
		if models.CodeOf(err) != models.Conflict {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	ada, bob := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	for _, agent := range []string{"one", "two", "three", "idle"} {
		_, err := s.OpenSession(t.Context(), ada, agent, 1e15)
		mustDo(t, err)
	}
	_, err := pool.Exec(t.Context(), "UPDATE sessions SET seen_at = now() - interval '8 days' WHERE agent = 'idle'")
	mustDo(t, err)
	open, err := s.Sessions(t.Context(), ada)
	if err != nil || len(open) != 3 || open[0].EndsAt().IsZero() || open[0].EndsAt().After(open[0].ExpiresAt) {
		t.Fatalf("%+v %v", open, err)
	}
	for name, id := range map[string]models.SessionID{"a short one": "abc", "an unknown one": models.SessionID(fmt.Sprintf("%032d", 0)), "bytes": "\x00"} {
		if _, err := s.EndOneSession(t.Context(), ada, id); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.EndOneSession(t.Context(), bob, open[0].ID()); models.CodeOf(err) != models.NotFoundCode {
		t.Errorf("a stranger's: %v", err)
	}
	if hash, err := s.EndOneSession(t.Context(), ada, open[0].ID()); err != nil || hash != open[0].Hash {
		t.Errorf("%q %v", hash, err)
	}
	if ended, err := s.EndOtherSessions(t.Context(), ada, open[1].ID()); err != nil || len(ended) != 2 { // the idle one too
		t.Errorf("%v %v", ended, err)
	}
	if left, err := s.Sessions(t.Context(), ada); err != nil || len(left) != 1 || left[0].Hash != open[1].Hash {
		t.Errorf("left: %+v %v", left, err)
	}
	if n := count(t, pool, "SELECT count(*) FROM audits WHERE action = 'session.end'"); n != 2 {
		t.Errorf("%d lines of the trail", n)
	}
}

func TestHowSomebodyWantsThePagesIsKept(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	ada := testkit.Person(t, s, "42")
	token, err := s.OpenSession(t.Context(), ada, "", 1e15)
	mustDo(t, err)
	now := func() *models.User {
		_, user, err := s.Session(t.Context(), token)
		mustDo(t, err)
		return user
	}
	if u := now(); u.Theme != models.SystemTheme || !u.Shortcuts {
		t.Errorf("at first: %+v", u)
	}
	mustDo(t, s.SetTheme(t.Context(), ada, models.DarkTheme), s.SetShortcuts(t.Context(), ada, false))
	if u := now(); u.Theme != models.DarkTheme || u.Shortcuts {
		t.Errorf("then: %+v", u)
	}
	if err := s.SetTheme(t.Context(), ada, "puce"); models.CodeOf(err) != models.InvalidInput {
		t.Errorf("an unknown theme: %v", err)
	}
}
