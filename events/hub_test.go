package events_test

import (
	"log/slog"
	"testing"
	"time"

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
