package main

import (
	"cmp"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit/fakediscord/discord"
)

// The Python client's own tests, in client/python/tests, against a server of
// ours. They run with the packages that `scripts/setup test` installs.

const botChannel = "400000000000000001"

// programPatience is how long one of them may take, under the race detector on
// two shared cores.
const programPatience = 5 * time.Minute

func TestThePythonClientIsTyped(t *testing.T) {
	t.Parallel()
	if out, err := clientPython(t, nil, "-m", "mypy", "--cache-dir", t.TempDir()); err != nil {
		t.Errorf("mypy --strict: %v\n%s", err, out)
	}
}

func TestThePythonClientAgainstARealServer(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	runUnits(t, clientSettings(t, s), "test_client.py")
}

func TestThePythonClientWhenTheNetworkFailsSEC32(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	runUnits(t, clientSettings(t, s), "test_faults.py")
}

func TestThePythonClientInDiscordPy(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	fake, standIn := botDiscord(t)
	asked := fake.Post(botChannel, discord.Person{ID: "300000000000000051", Username: "ada"},
		"<@100000000000000001> please:\n```python\ndf = load_file('points.csv')\nprint(len(df), 'rows of points.csv')\n"+
			"df.sum().to_csv('sums.csv')\ndf.sum().to_json('sums.json')\n```",
		discord.Upload{Name: "points.csv", Data: []byte("x,y\n1,2\n3,4\n5,6\n")})
	runUnits(t, append(clientSettings(t, s), append(standIn, "STAND_IN_MESSAGE="+asked.ID)...), "test_bot.py")
	for _, m := range fake.Messages(botChannel) {
		if m.Bot && string(m.AllowedMentions) != `{"parse":[]}` {
			t.Errorf("the bot's message may ping: %s", m.AllowedMentions)
		}
	}
}

// TestTheQuickReferenceRuns runs each Python block of docs/quick-reference.md,
// and of the document that the project was made from where that stands beside
// the repository.
func TestTheQuickReferenceRuns(t *testing.T) {
	t.Parallel()
	s := withLocal.get(t)
	references := []string{"docs/quick-reference.md"}
	if _, err := os.Stat("../shared/seed.md"); err == nil {
		references = append(references, "../shared/seed.md")
	}
	for _, reference := range references {
		fake, standIn := botDiscord(t)
		asked := fake.Post(botChannel, discord.Person{ID: "123", Username: "ada"}, "with a file",
			discord.Upload{Name: "attached.csv", Data: []byte("x\n1\n")})
		path, err := filepath.Abs(reference)
		if err != nil {
			t.Fatal(err)
		}
		out, err := clientPython(t, append(clientSettings(t, s), append(standIn, "STAND_IN_MESSAGE="+asked.ID)...), "tests/seed.py", path)
		t.Logf("%s", strings.ReplaceAll(out, filepath.Dir(path)+"/", ""))
		if err != nil {
			t.Errorf("%s: %v", reference, err)
		}
		sentWithIDs(t, fake)
	}
}

// sentWithIDs looks at what arrived in the channel: a file in each message, and
// its name and id in the words.
func sentWithIDs(t *testing.T, fake *discord.Server) {
	t.Helper()
	words, sent := regexp.MustCompile("^\\s*`([^`]+)` \\(ID: `123_\\d{10}_[a-z2-7]{26,}`\\)$"), 0
	for _, m := range fake.Messages(botChannel) {
		if !m.Bot {
			continue
		}
		sent++
		found := words.FindStringSubmatch(m.Content)
		if len(m.Files) != 1 || found == nil || m.Files[0].Name != found[1] || len(m.Files[0].Data) == 0 {
			t.Errorf("sent %q with %d files", m.Content, len(m.Files))
		}
	}
	if sent < 3 {
		t.Errorf("%d messages arrived at Discord", sent)
	}
}

// botDiscord is a stand-in for Discord with one channel, and the settings by
// which client/python/tests/stand_in.py finds it.
func botDiscord(t *testing.T) (*discord.Server, []string) {
	t.Helper()
	fake := discord.New(discord.Config{
		ClientID: "100000000000000001", BotToken: "stand-in",
		Channels: []discord.Channel{{ID: botChannel, GuildID: "200000000000000001", Name: "general"}},
	})
	listening := httptest.NewServer(fake)
	t.Cleanup(listening.Close)
	return fake, []string{"STAND_IN_URL=" + listening.URL, "STAND_IN_TOKEN=stand-in", "STAND_IN_CHANNEL=" + botChannel}
}

// clientSettings are the client's settings for a server: an app token with every
// scope, and one that may only read files.
func clientSettings(t *testing.T, s *server) []string {
	t.Helper()
	return []string{
		"MAYFLY_API_URL=" + s.url,
		"MAYFLY_API_TOKEN=" + appToken(t, s, "run,files:read,files:write,admin"),
		"MAYFLY_TEST_NARROW_TOKEN=" + appToken(t, s, "files:read"),
	}
}

// appToken makes one as an operator does.
func appToken(t *testing.T, s *server, scopes string) string {
	t.Helper()
	got := s.run(t, nil, "token", "create", "--name", t.Name(), "--app", "--everyone", "--scopes", scopes)
	if got.code != 0 {
		t.Fatalf("mayfly token create: %+v", got)
	}
	return strings.TrimSpace(got.out)
}

// runUnits runs one file of Python tests. It says how many ran, and that none
// was skipped.
func runUnits(t *testing.T, settings []string, file string) {
	t.Helper()
	out, err := clientPython(t, settings, "tests/"+file)
	if err != nil || !regexp.MustCompile(`(?m)^Ran [1-9]\d* tests?`).MatchString(out) || strings.Contains(out, "skipped") {
		t.Errorf("%s: %v\n%s", file, err, out)
	} else {
		t.Logf("%s", out)
	}
}

// clientPython runs Python with the client's packages in client/python, and
// fails on every warning of a thing left open.
func clientPython(t *testing.T, settings []string, args ...string) (string, error) {
	t.Helper()
	python := filepath.Join(cmp.Or(os.Getenv("MAYFLY_TOOLS"), "/opt/mayfly/tools"), "client/bin/python")
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("%s is missing: run scripts/setup test", python)
	}
	ctx, cancel := context.WithTimeout(t.Context(), programPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, append([]string{"-B", "-W", "error::ResourceWarning"}, args...)...)
	cmd.Dir = "client/python"
	cmd.Env = append(settings, "PATH="+os.Getenv("PATH"), "HOME="+t.TempDir(), "LANG=C.UTF-8", "PYTHONPATH=.", "PYTHONWARNINGS=default::ResourceWarning")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
