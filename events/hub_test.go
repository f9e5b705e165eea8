package events_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/events"
	"mayfly/internal/testkit"
	"mayfly/models"
)

func woken(t *testing.T, w *events.Watch, why string) {
	t.Helper()
	select {
	case <-w.C:
	case <-time.After(10 * time.Second):
		t.Fatal("not woken: " + why)
	}
}

func TestHintsWakeWhoWatchesAfterTheCommit(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	hub, err := events.Listen(t.Context(), pool, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	owner, other := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	mine, others := hub.Watch(events.OfUser(owner)), hub.Watch(events.OfUser(other))
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb})
	if err != nil {
		t.Fatal(err)
	}
	woken(t, mine, "its user queued a run")
	ofRun := hub.Watch(events.OfRun(run.ID))
	defer ofRun.Close()
	if _, err := s.System().BeginRun(t.Context(), run.ID, "n"); err != nil {
		t.Fatal(err)
	}
	for seq := range 5 {
		if err := s.System().AppendOutputs(t.Context(), run.ID, []models.Output{{RunID: run.ID, Seq: seq + 1, Stream: "stdout"}}); err != nil {
			t.Fatal(err)
		}
	}
	woken(t, ofRun, "its run has output")
	select {
	case <-others.C:
		t.Fatal("somebody else's watch was woken")
	default:
	}
}

func TestALostConnectionWakesEverybodyAndListensAgain(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	hub, err := events.Listen(t.Context(), pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	owner := testkit.Person(t, s, "42")
	w := hub.Watch(events.OfUser(owner))
	if _, err := pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
		t.Fatal(err)
	}
	woken(t, w, "the connection was lost")
	if _, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb}); err != nil {
		t.Fatal(err)
	}
	woken(t, w, "a hint after the reconnect")
}

func listen(t *testing.T, pool *pgxpool.Pool) *events.Hub {
	t.Helper()
	hub, err := events.Listen(t.Context(), pool, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	return hub
}

func silent(t *testing.T, w *events.Watch, why string) {
	t.Helper()
	select {
	case <-w.C:
		t.Error("woken: " + why)
	default:
	}
}

func TestEveryProcessHearsOfACommitAndNobodyOfARollback(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	here, there := listen(t, pool), listen(t, pool)
	owner := testkit.Person(t, s, "42")
	watches := []*events.Watch{here.Watch(events.OfUser(owner)), here.Watch(events.OfUser(owner)), there.Watch(events.OfUser(owner))}
	fence := there.Watch(events.OfUser("43"))
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT pg_notify($1, $2)", models.HintChannel(), `{"user":"42"}`); err != nil {
		t.Fatal(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Hints come in the order of their commits: behind the fence there is none.
	if _, err := pool.Exec(t.Context(), "SELECT pg_notify($1, $2)", models.HintChannel(), `{"user":"43"}`); err != nil {
		t.Fatal(err)
	}
	woken(t, fence, "a hint of its user's")
	silent(t, watches[2], "what was rolled back")
	if _, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "1", Source: models.FromWeb}); err != nil {
		t.Fatal(err)
	}
	for _, w := range watches {
		woken(t, w, "its user queued a run")
	}
}

func TestASlowWatcherHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	hub := listen(t, pool)
	owner, other := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	slow, quick, closed := hub.Watch(events.OfUser(owner)), hub.Watch(events.OfUser(other)), hub.Watch(events.OfUser(owner))
	closed.Close()
	closed.Close()
	for range 500 {
		if _, err := pool.Exec(t.Context(), "SELECT pg_notify($1, $2)", models.HintChannel(), `{"user":"42"}`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool.Exec(t.Context(), "SELECT pg_notify($1, 'no hint at all'), pg_notify($1, $2)", models.HintChannel(), `{"user":"43"}`); err != nil {
		t.Fatal(err)
	}
	woken(t, quick, "its hint came behind 500 others and one that cannot be read")
	woken(t, slow, "500 hints")
	silent(t, slow, "500 hints are due one look")
	silent(t, closed, "it was closed")
}

func TestAHubSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	outage := testkit.Restartable(t)
	hub := listen(t, outage.Pool)
	w := hub.Watch(events.OfUser("42"))
	outage.Begin(t)
	outage.End(t)
	woken(t, w, "it may have missed something")
	for heard := false; !heard; { // the first statements meet connections that are broken
		_, err := outage.Pool.Exec(t.Context(), "SELECT pg_notify($1, $2)", models.HintChannel(), `{"user":"42"}`)
		heard = err == nil
	}
	woken(t, w, "a hint after the outage")
}

func TestCloseGivesTheConnectionBack(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	for range 5 {
		hub, err := events.Listen(t.Context(), pool, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		hub.Close()
		for deadline := time.Now().Add(10 * time.Second); pool.Stat().AcquiredConns() != 0; { // it is destroyed in the background
			if time.Now().After(deadline) {
				t.Fatal("the connection is still held")
			}
			if err := pool.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	// Nobody gets a connection that still listens.
	var channels int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_listening_channels()").Scan(&channels); err != nil || channels != 0 {
		t.Errorf("%d channels (%v)", channels, err)
	}
}
