package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWarningsNameWhatIsSeldomMeant(t *testing.T) {
	t.Parallel()
	closed := map[string]string{
		"LISTEN": "0.0.0.0:8080", "CONTENT_LISTEN": "0.0.0.0:8081", "URL": "https://mayfly.example", "CONTENT_URL": "https://files.example",
		"DISCORD_CLIENT_ID": "1", "DISCORD_CLIENT_SECRET": "x", "GUILDS": "900",
	}
	for name, c := range map[string]struct {
		change map[string]string
		want   string // a word of the one warning, "" for none
	}{
		"as it should be":       {nil, ""},
		"anyone may come in":    {map[string]string{"GUILDS": ""}, "anyone"},
		"people are named":      {map[string]string{"GUILDS": "", "USERS": "42"}, ""},
		"nobody can sign in":    {map[string]string{"DISCORD_CLIENT_ID": "", "DISCORD_CLIENT_SECRET": ""}, "nobody"},
		"in plain sight":        {map[string]string{"URL": "http://mayfly.example"}, "MAYFLY_URL is not https"},
		"another Discord":       {map[string]string{"DISCORD_BASE_URL": "http://127.0.0.1:9090"}, "MAYFLY_DISCORD_BASE_URL"},
		"a lifetime for tests":  {map[string]string{"FILE_LIFETIME": "3s"}, "MAYFLY_FILE_LIFETIME"},
		"the seams on loopback": {map[string]string{"LISTEN": "", "CONTENT_LISTEN": "", "URL": "", "CONTENT_URL": "", "FILE_LIFETIME": "3s"}, ""},
	} {
		settings := maps.Clone(closed)
		for setting, value := range c.change {
			if settings[setting] = value; value == "" {
				delete(settings, setting)
			}
		}
		got := warnings(parse(t, settings))
		if (c.want == "") != (len(got) == 0) || len(got) > 1 || (c.want != "" && !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTheSecretIsMadeOnceAndKeptPrivateSEC61(t *testing.T) {
	t.Parallel()
	cfg := parse(t, map[string]string{"DATA": t.TempDir()})
	keys := make(chan string, 8)
	for range cap(keys) {
		go func() {
			s, err := loadSecrets(cfg)
			if err != nil {
				t.Error(err)
			}
			keys <- string(s.current)
		}()
	}
	first := <-keys
	for range cap(keys) - 1 {
		if key := <-keys; key != first || len(key) != 32 {
			t.Errorf("two first starts disagree, or the secret has %d bytes", len(key))
		}
	}
	path := filepath.Join(cfg.Data, "keys", "secret")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret's mode: %v %v", info, err)
	}
	for _, text := range []string{"", "short", "c2hvcnQ="} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadSecrets(cfg); err == nil || strings.Contains(err.Error(), cfg.Data) {
			t.Errorf("the secret %q: %v", text, err)
		}
	}
}

func TestTheRuntimeSaysWhichPythonItIs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if got := pythonVersion(folder); got != "" {
		t.Errorf("without a runtime: %q", got)
	}
	text := "home = /usr/bin\nversion = 3.11.2\nexecutable = /usr/bin/python3.11\n"
	if err := os.WriteFile(filepath.Join(folder, "pyvenv.cfg"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := pythonVersion(folder); got != "3.11.2" {
		t.Errorf("got %q", got)
	}
}
