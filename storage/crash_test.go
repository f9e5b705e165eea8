package storage_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/storage"
)

// What the process that is killed is told.
const (
	saverURL  = "MAYFLY_TEST_SAVER_URL" // of the database
	saverDir  = "MAYFLY_TEST_SAVER_DIR"
	saverStep = "MAYFLY_TEST_SAVER_STEP" // where its last save stops and waits
)

// The steps of a save: three of the copy, four of the syncs.
const (
	copySteps = 3
	saveSteps = copySteps + 4
)

// saveUntilKilled saves two files and tells of them, then begins a third and
// stops in the middle of it.
func saveUntilKilled() {
	if err := saveAndStop(); err != nil {
		fmt.Println("fault", err)
		os.Exit(1)
	}
}

func saveAndStop() error {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv(saverURL))
	if err != nil {
		return err
	}
	store, err := models.NewStore(pool, testkit.Queue{}, models.DefaultLimits())
	if err != nil {
		return err
	}
	v, err := storage.Open(store, storage.Config{URL: "file://" + os.Getenv(saverDir), FileMax: 1 << 20, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	step, err := strconv.Atoi(os.Getenv(saverStep))
	if err != nil {
		return err
	}
	for i := range 2 {
		f, err := v.Save(ctx, "42", upload("kept", 0), strings.NewReader(string(random(byte(os.Getpid()+i), 5000))))
		if err != nil {
			return err
		}
		fmt.Println("kept", f.ID, f.SHA256)
	}
	source := &stopping{at: step}
	real := v.SyncWith(nil)
	v.SyncWith(func(path string) error {
		source.step()
		return real(path)
	})
	_, err = v.Save(ctx, "42", upload("cut", 0), source)
	return fmt.Errorf("the last save was not stopped: %v", err)
}

// stopping is a source that stops the process at a step, and waits to be
// killed.
type stopping struct{ at, now int }

func (s *stopping) Read(p []byte) (int, error) {
	s.step()
	if s.now >= copySteps {
		return 0, io.EOF
	}
	return copy(p, random(7, 5000)), nil
}

func (s *stopping) step() {
	if s.now == s.at {
		fmt.Println("stopped")
		select {}
	}
	s.now++
}

func TestREL2AKillAtAnyStepLeavesOnlyRemovableGarbage(t *testing.T) {
	t.Parallel()
	r := openRoom(t, models.DefaultLimits(), t.TempDir(), func(c *storage.Config) { c.OrphanGrace = 0 })
	acknowledged := map[models.FileID]string{}
	for round := range 50 {
		for id, sum := range r.killASaver(t, round%saveSteps) {
			acknowledged[id] = sum
		}
	}
	if n := r.count(t, "SELECT count(*) FROM files WHERE state = 'pending'"); n != 50 {
		t.Errorf("%d saves were cut in the middle, not 50", n)
	}
	page, err := r.store.Files(t.Context(), r.owner, models.FileQuery{})
	if err != nil || page.Total != len(acknowledged) || len(acknowledged) != 100 {
		t.Fatalf("%d files are listed, %d were acknowledged (%v)", page.Total, len(acknowledged), err)
	}
	for _, f := range page.Files {
		r.mustRead(t, &f)
		if acknowledged[f.ID] != f.SHA256 {
			t.Errorf("%s was acknowledged with sha-256 %q and has %q", f.ID, acknowledged[f.ID], f.SHA256)
		}
	}
	report, err := r.Reconcile(t.Context())
	if err != nil || report.Abandoned != 50 || report.Missing != 0 || report.Orphans == 0 {
		t.Errorf("reconciled %+v: %v", report, err)
	}
	r.mustHold(t, len(acknowledged), len(acknowledged))
}

// killASaver starts a process that saves, kills it at a step of its third
// save, and returns the files it had told of.
func (r *room) killASaver(t *testing.T, step int) map[models.FileID]string {
	t.Helper()
	saver := exec.CommandContext(t.Context(), "/proc/self/exe")
	saver.Env = []string{saverURL + "=" + testkit.PostgresURL(r.pool), saverDir + "=" + r.dir, saverStep + "=" + strconv.Itoa(step)}
	out, err := saver.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := saver.Start(); err != nil {
		t.Fatal(err)
	}
	told := map[models.FileID]string{}
	stopped := false
	for lines := bufio.NewScanner(out); !stopped && lines.Scan(); {
		switch word := strings.Fields(lines.Text()); word[0] {
		case "kept":
			told[models.FileID(word[1])] = word[2]
		case "stopped":
			stopped = true
		default:
			t.Error(lines.Text())
		}
	}
	_ = saver.Process.Kill()
	_ = saver.Wait()
	if !stopped {
		t.Fatalf("step %d was never reached", step)
	}
	return told
}
