package pgserver_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

func TestStartMakesAClusterThatOnlyItsOwnerReaches(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	s := start(t, c)
	for sql, want := range map[string]string{
		"SHOW listen_addresses":                    "",
		"SHOW statement_timeout":                   "30s",
		"SHOW lock_timeout":                        "5s",
		"SHOW idle_in_transaction_session_timeout": "1min",
		"SHOW data_checksums":                      "on",
		"SHOW fsync":                               "on",
		"SELECT current_user":                      "mayfly",
		"SELECT rolsuper::text || rolcreatedb::text || rolcreaterole::text FROM pg_roles WHERE rolname = current_user": "falsefalsefalse",
	} {
		if got := ask(t, s.URL(), sql); got != want {
			t.Errorf("%s is %q, not %q", sql, got, want)
		}
	}
	for folder, mode := range map[string]os.FileMode{".": 0o711, "blobs": 0o700, "keys": 0o700, "pg": 0o700, "pg-run": 0o700} {
		info, err := os.Stat(filepath.Join(c.Data, folder))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s is %o, not %o", folder, info.Mode().Perm(), mode)
		}
		if as := credentialOf(t, "mayfly"); os.Geteuid() == 0 && folder != "." && info.Sys().(*syscall.Stat_t).Uid != as.Uid {
			t.Errorf("%s does not belong to mayfly", folder)
		}
	}
}

func TestWhatWasWrittenIsThereAfterStopAndStart(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	s := start(t, c)
	ask(t, s.URL(), "CREATE TABLE kept AS SELECT 'here'::text AS word", "SELECT word FROM kept")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(t.Context(), s.URL()); err == nil {
		t.Error("it still answers after Stop")
	}
	again := start(t, c)
	if got := ask(t, again.URL(), "SELECT word FROM kept"); got != "here" {
		t.Errorf("got %q", got)
	}
}

func TestServerEndsWithItsKilledStarter(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	starter, _ := startElsewhere(t, c.Data, "")
	ask(t, c.URL(), "CREATE TABLE kept AS SELECT 'committed'::text AS word", "SELECT word FROM kept")
	postgres := serverPid(t, c)
	if err := starter.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = starter.Wait()
	// Start waits for the lock, which every process of the old server holds.
	s := start(t, c)
	// A process that nobody has waited for yet still has a number, but no more
	// command line.
	if line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(postgres), "cmdline")); len(line) > 0 {
		t.Errorf("the killed starter's PostgreSQL is still there: %q", line)
	}
	if got := ask(t, s.URL(), "SELECT word FROM kept"); got != "committed" {
		t.Errorf("got %q", got)
	}
}

func TestItRunsForAnUnprivilegedStarterToo(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	if os.Geteuid() == 0 {
		as := credentialOf(t, "mayfly")
		if err := os.Chown(filepath.Dir(c.Data), int(as.Uid), int(as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	cmd, stop := startElsewhere(t, c.Data, "mayfly")
	if got := ask(t, c.URL(), "SELECT current_user"); got != "mayfly" {
		t.Errorf("got %q", got)
	}
	_ = stop.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the starter ended with %v", err)
	}
}

func TestServerKnowsNothingOfOurEnvironment(t *testing.T) {
	t.Setenv("MAYFLY_SECRET", "environment-secret")
	c := dataFolder(t)
	start(t, c)
	environ, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(serverPid(t, c)), "environ"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(environ, []byte("MAYFLY")) {
		t.Errorf("PostgreSQL was given %q", environ)
	}
}

func TestACtrlCAtOurTerminalDoesNotReachIt(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	start(t, c)
	theirs, err := syscall.Getpgid(serverPid(t, c))
	if err != nil {
		t.Fatal(err)
	}
	if ours := syscall.Getpgrp(); ours == theirs {
		t.Error("PostgreSQL is in our process group and would end before its clients")
	}
}

func TestItsLogNamesNoStatementAndNoValue(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var log bytes.Buffer
	c := dataFolder(t)
	c.Logger = slog.New(slog.NewTextHandler(lockedWriter{&mu, &log}, nil))
	s := start(t, c)
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "CREATE TABLE one (word text PRIMARY KEY); INSERT INTO one VALUES ('somebody''s code'), ('somebody''s code')")
	if err == nil {
		t.Fatal("the duplicate was taken")
	}
	_ = conn.Close(t.Context())
	if err := s.Stop(); err != nil { // the log is complete when it has ended
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(log.String(), "duplicate key") {
		t.Errorf("the failure is not in the log: %s", log.String())
	}
	if strings.Contains(log.String(), "somebody") {
		t.Errorf("the log tells values: %s", log.String())
	}
}

type lockedWriter struct {
	mu *sync.Mutex
	to *bytes.Buffer
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

func TestDoneTellsThatItEndedByItself(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	s := start(t, c)
	if err := syscall.Kill(serverPid(t, c), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-t.Context().Done():
		t.Fatal("Done stayed open")
	}
}

// serverPid is the first line of the file that PostgreSQL keeps.
func serverPid(t *testing.T, c pgserver.Config) int {
	t.Helper()
	said, err := os.ReadFile(filepath.Join(c.Data, "pg", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(said), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestStartGivesUpWhenItIsNotWanted(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := pgserver.Start(ctx, c); err == nil {
		_ = s.Stop()
		t.Error("it started for a context that was over")
	}
	start(t, c) // and nothing of the attempt is in the way
}
