package models_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
)

func TestADoubleSubmitMakesOneRun(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	ids := make(chan models.RunID, 20)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: "print(1)", Source: models.FromWeb, FormKey: "k"})
			if err != nil {
				t.Error(err)
				return
			}
			ids <- run.ID
		})
	}
	wg.Wait()
	close(ids)
	first := <-ids
	for id := range ids {
		if id != first {
			t.Fatalf("one key made runs %s and %s", first, id)
		}
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs"); n != 1 {
		t.Fatalf("one run has %d jobs", n)
	}
}

func TestOneWorkerBeginsARun(t *testing.T) {
	t.Parallel()
	s, _ := testkit.Store(t, models.DefaultLimits())
	run := queue(t, s, testkit.Person(t, s, "42"), "print(1)")
	var begun, refused int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := s.System().BeginRun(t.Context(), run.ID, fmt.Sprint("node", i))
			mu.Lock()
			defer mu.Unlock()
			switch models.CodeOf(err) {
			case "":
				begun++
			case models.Conflict:
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if begun != 1 || refused != 7 {
		t.Fatalf("%d began it, %d were refused", begun, refused)
	}
}

func TestAUserNeverHasMoreJobsThanTurns(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserKernels, limits.UserQueue = 2, 50
	s, pool := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { queue(t, s, owner, "print(1)") })
	}
	wg.Wait()
	const active = "SELECT count(*) FROM runs WHERE job_id IS NOT NULL AND state <> 'done'"
	for finished := range 20 {
		if n := count(t, pool, active); n > 2 || (finished < 18 && n != 2) {
			t.Fatalf("after %d ends %d runs are in River, 2 may be", finished, n)
		}
		finishOne(t, s, pool)
	}
	if n := count(t, pool, "SELECT count(*) FROM runs WHERE state <> 'done'"); n != 0 {
		t.Fatalf("%d runs were never worked", n)
	}
}

func finishOne(t *testing.T, s *models.Store, pool *pgxpool.Pool) {
	t.Helper()
	var id models.RunID
	if err := pool.QueryRow(t.Context(), "SELECT id FROM runs WHERE job_id IS NOT NULL AND state = 'queued' ORDER BY job_id LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	run, err := s.System().BeginRun(t.Context(), id, "n")
	if err == nil {
		err = s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.OK})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheQueueOfOneUserIsBounded(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserQueue = 3
	s, _ := testkit.Store(t, limits)
	busy, other := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	for range 3 {
		queue(t, s, busy, "print(1)")
	}
	_, err := s.QueueRun(t.Context(), busy, models.NewRun{Code: "print(1)", Source: models.FromWeb})
	if models.CodeOf(err) != models.OverLimit {
		t.Fatalf("the fourth run: %v", err)
	}
	run := queue(t, s, other, "print(1)")
	if place, err := s.Position(t.Context(), other, run.ID); err != nil || place != 3 {
		t.Fatalf("another user's first run stands at %d (%v), not before the run that waits for its owner's turn", place, err)
	}
}

func TestBadCodeIsRefusedWithWords(t *testing.T) {
	t.Parallel()
	s, pool := testkit.Store(t, models.DefaultLimits())
	owner := testkit.Person(t, s, "42")
	for name, code := range map[string]string{
		"empty": " \n\t", "NUL": "print(1)\x00", "not UTF-8": "print('\xff')", "too large": strings.Repeat("#", models.MaxCode+1),
	} {
		_, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: code, Source: models.FromWeb})
		if models.CodeOf(err) != models.InvalidInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := count(t, pool, "SELECT count(*) FROM runs"); n != 0 {
		t.Errorf("%d refused runs were written", n)
	}
}

func TestInterruptCancelsWhatWaitsAndAsksWhatRuns(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserKernels = 1
	s, pool := testkit.Store(t, limits)
	owner, stranger := testkit.Person(t, s, "42"), testkit.Person(t, s, "43")
	running, waiting, last := queue(t, s, owner, "1"), queue(t, s, owner, "2"), queue(t, s, owner, "3")
	if _, err := s.System().BeginRun(t.Context(), running.ID, "n"); err != nil {
		t.Fatal(err)
	}
	if err := s.Interrupt(t.Context(), stranger, running.ID); models.CodeOf(err) != models.NotFoundCode {
		t.Fatalf("a stranger's interrupt: %v", err)
	}
	for _, id := range []models.RunID{waiting.ID, running.ID} {
		if err := s.Interrupt(t.Context(), owner, id); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := s.Run(t.Context(), owner, waiting.ID); got.Ending != models.Cancelled || got.ReturnCode != 130 {
		t.Errorf("the waiting run: %+v", got)
	}
	asked, err := s.System().Beat(t.Context(), []models.RunID{running.ID, last.ID})
	if err != nil || len(asked) != 1 || asked[0] != running.ID {
		t.Fatalf("asked to stop: %v %v", asked, err)
	}
	run, _ := s.Run(t.Context(), owner, running.ID)
	if err := s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.Interrupted}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE run = '"+string(last.ID)+"'"); n != 1 {
		t.Errorf("the last run has %d jobs after the first ended", n)
	}
	if err := s.Interrupt(t.Context(), owner, running.ID); models.CodeOf(err) != models.Conflict {
		t.Errorf("interrupting what is over: %v", err)
	}
}

func TestREL7SilentRunsAreLostOnceAndTheNextFollows(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserKernels = 1
	s, pool := testkit.Store(t, limits)
	owner := testkit.Person(t, s, "42")
	silent, next := queue(t, s, owner, "1"), queue(t, s, owner, "2")
	if _, err := s.System().BeginRun(t.Context(), silent.ID, "gone"); err != nil {
		t.Fatal(err)
	}
	if lost, err := s.System().LoseStale(t.Context(), 20*time.Second); err != nil || len(lost) != 0 {
		t.Fatalf("lost a run that beats: %v %v", lost, err)
	}
	exec(t, pool, "UPDATE runs SET beat_at = now() - interval '21 s' WHERE id = '"+string(silent.ID)+"'")
	var total int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			lost, err := s.System().LoseStale(t.Context(), 20*time.Second)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += len(lost)
			mu.Unlock()
		})
	}
	wg.Wait()
	if total != 1 {
		t.Fatalf("lost %d times", total)
	}
	run, _ := s.Run(t.Context(), owner, silent.ID)
	if run.Ending != models.Lost || run.ReturnCode != 70 || run.State != models.Done {
		t.Errorf("the silent run: %+v", run)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE run = '"+string(next.ID)+"'"); n != 1 {
		t.Errorf("the next run has %d jobs", n)
	}
	if n := count(t, pool, "SELECT count(*) FROM test_jobs WHERE cancelled"); n != 1 {
		t.Errorf("%d jobs were cancelled", n)
	}
	err := s.System().FinishRun(t.Context(), run, models.Verdict{Ending: models.OK})
	if models.CodeOf(err) != models.Conflict {
		t.Errorf("a lost run was finished: %v", err)
	}
}

func queue(t *testing.T, s *models.Store, owner models.UserID, code string) *models.Run {
	t.Helper()
	run, err := s.QueueRun(t.Context(), owner, models.NewRun{Code: code, Source: models.FromWeb})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func count(t *testing.T, pool *pgxpool.Pool, sql string) (n int) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}
