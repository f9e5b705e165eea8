package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mayfly/internal/testkit"
)

// diagnose runs the program's doctor with these settings and no others.
func diagnose(t *testing.T, args []string, settings ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"doctor"}, args...)...)
	cmd.Dir = t.TempDir() // no .env
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "MAYFLY_DATA=" + filepath.Join(t.TempDir(), "data"),
		"MAYFLY_LISTEN=127.0.0.1:0", "MAYFLY_CONTENT_LISTEN=127.0.0.1:0",
	}, settings...)
	cmd.Stderr = t.Output()
	said, _ := cmd.Output()
	return string(said), cmd.ProcessState.ExitCode()
}

// noRuntime keeps doctor from starting a jail, where that is not asked about.
const noRuntime = "MAYFLY_RUNTIME=/nowhere"

func TestDoctorOfAWellMachine(t *testing.T) {
	t.Parallel()
	blobs := t.TempDir()
	out, code := diagnose(t, []string{"--json"}, "MAYFLY_DATABASE_URL="+testkit.PostgresURL(testkit.Postgres(t)), "MAYFLY_BLOBS=file://"+blobs, "MAYFLY_DISK_RESERVE=0%")
	var findings []finding
	if err := json.Unmarshal([]byte(out), &findings); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	var names []string
	for _, f := range findings {
		if f.Status != fine || f.Detail == "" {
			t.Errorf("%+v", f)
		}
		names = append(names, f.Name)
	}
	want := []string{"settings", "root", "kernel", "jail user", "cgroups", "bubblewrap", "runtime", "server", "jail", "database", "blobs", "discord", "ports", "ports"}
	if !slices.Equal(names, want) || code != 0 {
		t.Errorf("exit %d, checks %v, want %v", code, names, want)
	}
	if left, _ := os.ReadDir(blobs); len(left) != 0 {
		t.Errorf("doctor left %v", left)
	}
}

func TestDoctorNamesWhatFails(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() }) // after the parallel cases
	notFolder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(notFolder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	discord := []string{"MAYFLY_DISCORD_CLIENT_ID=1", "MAYFLY_DISCORD_CLIENT_SECRET=hush-hush"}
	open := []string{"MAYFLY_LISTEN=0.0.0.0:0", "MAYFLY_URL=https://mayfly.example", "MAYFLY_CONTENT_URL=https://files.example"}
	for name, c := range map[string]struct {
		settings []string
		want     string // the beginning of a line, without the spaces between columns
		not      string
	}{
		"runtime":         {nil, "fail runtime no Python runtime in /nowhere: run make setup", ""},
		"jail":            {nil, "fail jail the sandbox is not available on this machine", "self-test passed"},
		"settings":        {[]string{"MAYFLY_RUN_WALL=soon"}, "fail settings MAYFLY_RUN_WALL", "database"},
		"port":            {[]string{"MAYFLY_LISTEN=" + taken.Addr().String()}, "fail ports " + taken.Addr().String() + " is in use", ""},
		"database":        {[]string{"MAYFLY_DATABASE_URL=postgres://ada:hush-hush@127.0.0.1:1/mayfly"}, "fail database PostgreSQL on 127.0.0.1 does not answer as ada", "hush-hush"},
		"database words":  {[]string{"MAYFLY_DATABASE_URL=postgres://ada:hush-hush@[/mayfly"}, "fail database MAYFLY_DATABASE_URL cannot be read", "hush-hush"},
		"no database yet": {nil, "ok database none yet: the first start makes one", ""},
		"blobs":           {[]string{"MAYFLY_BLOBS=file://" + notFolder}, "fail blobs", ""},
		"blobs' kind":     {[]string{"MAYFLY_BLOBS=ftp://x/y"}, "fail blobs MAYFLY_BLOBS", ""},
		"reserve":         {[]string{"MAYFLY_BLOBS=file:///tmp", "MAYFLY_DISK_RESERVE=100%"}, "fail blobs", ""},
		"nobody":          {open, "fail discord nobody can sign in", ""},
		"everybody":       {append(discord, open...), "warn settings anyone with a Discord account may come in: MAYFLY_GUILDS", "hush-hush"},
		"guilds":          {append(append(discord, open...), "MAYFLY_GUILDS=5"), "ok discord sign-in by application 1", "may come in"},
		"at home":         {discord, "ok discord sign-in by application 1", "may come in"},
		"plain http":      {append(append(discord, open...), "MAYFLY_URL=http://mayfly.example"), "warn settings MAYFLY_URL is not https", ""},
		"test settings":   {append(append(discord, open...), "MAYFLY_FILE_LIFETIME=2s"), "warn settings MAYFLY_FILE_LIFETIME, MAYFLY_SWEEP_EVERY", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, code := diagnose(t, nil, append(c.settings, noRuntime)...)
			found := false
			for line := range strings.Lines(out) {
				found = found || strings.HasPrefix(strings.Join(strings.Fields(line), " "), c.want)
			}
			if !found || code != 1 || (c.not != "" && strings.Contains(out, c.not)) {
				t.Errorf("exit %d, want a line %q\n%s", code, c.want, out)
			}
		})
	}
}

func TestDoctorIsUsedWrong(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--jsn"}, {"everything"}} {
		if out, code := diagnose(t, args, noRuntime); code != exitWrongUse || out != "" {
			t.Errorf("%v: exit %d, %q", args, code, out)
		}
	}
}
