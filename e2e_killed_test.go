package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A server that is killed in the middle of a run leaves nothing running, and
// the next one on the same data tells the truth about the run.
func TestAKilledServerLosesNoFileAndNoTruth(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	ada := signedIn(t, s, "Ada")
	_, page := ada.finish("import os\nfor i in range(3):\n    open(f'{i}.bin', 'wb').write(os.urandom(100_000 * (i + 1)))")
	before := checksums(t, ada, filesOn(page))
	path := ada.start("import time\nprint('working', flush=True)\ntime.sleep(30)\nopen('late.txt', 'w').write('x')")
	until(t, "the run says something", func() (bool, string) {
		page := ada.get(path).body
		return strings.Contains(page, "working</"), page
	})
	family := descendants(s.process.Pid)
	if len(family) < 4 {
		t.Fatalf("a server with PostgreSQL and a jail has more processes than %v", family)
	}
	s.kill(t)
	awaitGone(t, family, 30*time.Second)
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	restarted := time.Now()
	until(t, "the run reads lost", func() (bool, string) {
		ending := s.database(t, "SELECT ending FROM runs WHERE id = $1", filepath.Base(path))
		return ending == "lost", ending
	})
	if took := time.Since(restarted); took > 30*time.Second {
		t.Errorf("the run read lost after %s", took)
	}
	if page := ada.get(path).body; !strings.Contains(page, "went away") || strings.Contains(page, "late.txt</") {
		t.Errorf("the lost run's page: %.3000s", page)
	}
	for id, sum := range checksums(t, ada, filesOn(page)) {
		if before[id] != sum {
			t.Errorf("file %s had the checksum %s, now %s", id, before[id], sum)
		}
	}
	endsOnCtrlC(t, s)
}

// endsOnCtrlC presses Ctrl-C, and asks a command that starts the database
// itself.
func endsOnCtrlC(t *testing.T, s *server) {
	t.Helper()
	family := descendants(s.process.Pid)
	if err := s.process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-s.ended
	if !s.state.Success() {
		t.Errorf("it ended with %s: %s", s.state, s.log)
	}
	awaitGone(t, family, time.Second)
	if again := s.run(t, nil, "cleanup"); again.out != "deleted 0 expired files\n" || again.code != 0 {
		t.Errorf("mayfly cleanup without a server: %+v", again)
	}
	if json := s.run(t, nil, "cleanup", "--json"); json.out != "{\"deleted\":0}\n" {
		t.Errorf("mayfly cleanup --json: %+v", json)
	}
}

func checksums(t *testing.T, p *person, ids []string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, id := range ids {
		a := p.download(id)
		if a.status != http.StatusOK {
			t.Fatalf("download of %s answered %d", id, a.status)
		}
		sums[id] = fmt.Sprintf("%x", sha256.Sum256([]byte(a.body)))
	}
	if len(sums) != 3 {
		t.Fatalf("%d files, not 3", len(sums))
	}
	return sums
}
