package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDefaultsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	c, err := Parse(map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	for what, ok := range map[string]bool{
		"listen":      c.Listen == "127.0.0.1:8080",
		"url":         c.URL.String() == "http://localhost:8080",
		"content url": c.ContentURL.String() == "http://127.0.0.1:8081",
		"blobs":       c.Blobs == "file://"+c.Data+"/blobs",
		"file max":    c.FileMax == 50_000_000,
		"memory":      c.RunMemory == 512<<20,
		"lifetime":    c.FileLifetime == 48*time.Hour,
		"wall":        c.RunWall == time.Minute,
		"reserve":     c.DiskReserve == 10,
		"roles":       c.HasRole("web") && c.HasRole("runner") && !c.HasRole("cook"),
		"local":       c.LocalSignIn(),
	} {
		if !ok {
			t.Errorf("%s differs from interface.md: %+v", what, c)
		}
	}
}

func TestAllFaultsAreReportedTogetherByTheirSetting(t *testing.T) {
	t.Parallel()
	_, err := Parse(map[string]string{
		"MAYFLY_RUN_WALL": "soon", "MAYFLY_FILE_MAX": "big", "MAYFLY_URL": "ftp://x", "MAYFLY_TRUSTED_PROXIES": "here",
	})
	for _, name := range []string{"MAYFLY_RUN_WALL", "MAYFLY_FILE_MAX", "MAYFLY_URL", "MAYFLY_TRUSTED_PROXIES"} {
		if err == nil || !strings.Contains(err.Error(), name+":") {
			t.Errorf("no fault for %s in: %v", name, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string]string{
		"SEC-61 short secret":      {"MAYFLY_SECRET": "c2hvcnQ="},
		"SEC-61 secret not base64": {"MAYFLY_SECRET": strings.Repeat("!", 64)},
		"SEC-52 one host for both": {"MAYFLY_URL": "http://localhost:1", "MAYFLY_CONTENT_URL": "http://localhost:2"},
		"half a Discord":           {"MAYFLY_DISCORD_CLIENT_ID": "1"},
		"zero limit":               {"MAYFLY_USER_KERNELS": "0"},
		"a limit of nothing":       {"MAYFLY_RATES": "runs:0"},
		"a limit on nothing known": {"MAYFLY_RATES": "runs:1,walks:60"},
		"a limit that is no pair":  {"MAYFLY_RATES": "runs"},
		"wall over its maximum":    {"MAYFLY_RUN_WALL": "10m"},
		"listener without port":    {"MAYFLY_LISTEN": "localhost"},
		"url with a path":          {"MAYFLY_URL": "http://localhost:8080/app"},
	} {
		if _, err := Parse(values); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestSecretsNeverShow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("hunter2hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Parse(map[string]string{"MAYFLY_DISCORD_BOT_TOKEN_FILE": path})
	if err != nil {
		t.Fatal(err)
	}
	if c.DiscordBotToken.Reveal() != "hunter2hunter2" {
		t.Fatalf("the _FILE twin gave %q", c.DiscordBotToken.Reveal())
	}
	if text := fmt.Sprintf("%v %+v %#v", c, c, c.DiscordBotToken); strings.Contains(text, "hunter2") {
		t.Fatalf("printed config shows a secret: %s", text)
	}
	if c.LocalSignIn() {
		t.Error("local sign-in is on although a Discord setting is set")
	}
}

func TestDevelopmentMeansEveryAddressIsLoopback(t *testing.T) {
	t.Parallel()
	for _, values := range []map[string]string{
		{"MAYFLY_LISTEN": "0.0.0.0:8080"},
		{"MAYFLY_LISTEN": ":8080"},
		{"MAYFLY_CONTENT_LISTEN": "192.0.2.1:8081"},
		{"MAYFLY_URL": "https://mayfly.example"},
		{"MAYFLY_CONTENT_URL": "https://files.example"},
	} {
		c, err := Parse(values)
		if err != nil {
			t.Fatal(err)
		}
		if c.Development() || c.LocalSignIn() {
			t.Errorf("%v counts as development", values)
		}
	}
}

// Another process, of a user who may read neither .env nor the files of secrets
// and has another default folder, finds the same settings.
func TestEnvironmentCarriesTheSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	secret := base64.StdEncoding.EncodeToString(make([]byte, 32))
	if err := errors.Join(os.WriteFile(".env", []byte("MAYFLY_NODE=from-file\nMAYFLY_ROLES=web\n"), 0o600), os.WriteFile("held", []byte(secret+"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAYFLY_SECRET_FILE", "held")
	t.Setenv("MAYFLY_ROLES", "runner")
	want, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := Environment(want)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	values["HOME"] = "/nowhere"
	t.Chdir("/")
	got, err := Parse(values)
	if err != nil || !reflect.DeepEqual(got, want) || got.Secret.Reveal() != secret || got.Node != "from-file" || got.Roles[0] != "runner" {
		t.Errorf("%+v, want %+v (%v)", got, want, err)
	}
	if values["MAYFLY_SECRET_FILE"] != "" {
		t.Error("it still names a file of ours")
	}
}
