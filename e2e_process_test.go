package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stillborn is a server that is never started; its settings serve commands.
func stillborn(t *testing.T, settings map[string]string) *server {
	t.Helper()
	s, err := newServer(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(s.folder) })
	return s
}

func TestAPortInUseIsOneLineThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"LISTEN", "CONTENT_LISTEN"} {
		s := stillborn(t, nil)
		taken, err := net.Listen("tcp", s.settings[setting])
		if err != nil {
			t.Fatal(err)
		}
		got := s.run(t, nil, "serve")
		_ = taken.Close()
		want := "mayfly: " + s.settings[setting] + " is in use by another program: stop it, or set MAYFLY_" + setting + " to another address"
		if got.code != exitTrouble || got.err != want || got.out != "" {
			t.Errorf("%s: %+v, want %q", setting, got, want)
		}
		if _, err := os.Stat(filepath.Join(s.settings["DATA"], "pg", "data")); err == nil {
			t.Error("a server that cannot listen made a database")
		}
	}
}

func TestAnotherServerOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	running := withLocal.get(t)
	second := stillborn(t, map[string]string{"DATA": running.settings["DATA"]})
	got := second.run(t, nil, "serve")
	if got.code != exitTrouble || !strings.Contains(got.err, running.settings["DATA"]) || strings.Contains(got.out, "ready") {
		t.Errorf("%+v", got)
	}
	if ping := nobody(t, running).get("/readyz"); ping.status != 200 {
		t.Errorf("the first one answers %d now", ping.status)
	}
}

func TestEveryBadSettingIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	s := stillborn(t, map[string]string{
		"LISTEN": "8080", "FILE_LIFETIME": "two days", "SECRET": "short", "DISCORD_CLIENT_ID": "1", "RUN_MEMORY": "lots",
	})
	got := s.run(t, nil, "serve")
	for _, name := range []string{"MAYFLY_FILE_LIFETIME", "MAYFLY_RUN_MEMORY"} {
		if !strings.Contains(got.err, name) {
			t.Errorf("%s is not named: %s", name, got.err)
		}
	}
	if got.code != exitWrongUse || strings.Contains(got.err, "short") {
		t.Errorf("%+v", got)
	}
}
