package runner_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
)

func TestLoadFileReachesTheOwnersFilesByIDAndByName(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	old := upload(t, n, owner, "sales.csv", "x\n1\n")
	upload(t, n, owner, "sales.csv", "x\n1\n2\n3\n")
	run := n.Do(t, owner, fmt.Sprintf(`print(len(load_file(%q)), len(load_file('sales.csv')))
print(open(get_file_path('sales.csv')).read().split())
print([(f['filename'], f['version']) for f in list_files()])`, old.ID))
	mustEnd(t, run, models.OK, 0)
	want := "1 3\n['x', '1', '2', '3']\n[('sales.csv', 2), ('sales.csv', 1)]\n"
	if out := n.Said(t, run, "stdout"); out != want {
		t.Errorf("it said %q, not %q", out, want)
	}
	inputs, err := n.Store.Inputs(t.Context(), owner, run.ID)
	if err != nil || len(inputs) != 2 || inputs[0].Given || inputs[0].FileID != old.ID {
		t.Errorf("what it read: %+v %v", inputs, err)
	}
}

// code that says how load_file fails.
func loading(ref string) string {
	return fmt.Sprintf("try:\n    load_file(%q)\nexcept Exception as e:\n    print(e)", ref)
}

func TestSEC44AnothersFileIsNotThereAndOnlyOnesOwnAreNamed(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	other := testkit.Person(t, n.Store, "43")
	secret := upload(t, n, other, "secret-plans.csv", "x\n1\n")
	if said := n.Said(t, n.Do(t, owner, loading(string(secret.ID))), "stdout"); !strings.Contains(said, "There is no live file") ||
		!strings.Contains(said, "You have no files") || strings.Contains(said, "plans") {
		t.Errorf("with no files of one's own: %q", said)
	}
	mine := upload(t, n, owner, "secret-pans.csv", "x\n1\n")
	for _, ref := range []string{string(secret.ID), "secret-plans.csv", "../../etc/passwd", "a\x00b", strings.Repeat("é", 5000)} {
		said := n.Said(t, n.Do(t, owner, loading(ref)), "stdout")
		if !strings.Contains(said, "There is no live file") || !strings.Contains(said, "Nearest: secret-pans.csv ("+string(mine.ID)+", 1d 23h left)") {
			t.Errorf("%.60q: %q", ref, said)
		}
		if ref != "secret-plans.csv" && strings.Contains(said, "plans") {
			t.Errorf("%.60q: another's file is named: %q", ref, said)
		}
	}
}

func TestSEC48AFileThatExpiresWhileTheCodeRunsIsGoneForIt(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	f := upload(t, n, owner, "sales.csv", "x\n1\n")
	run := n.Queue(t, owner, fmt.Sprintf(`load_file(%q)
print('loaded', flush=True)
while True:
    try:
        load_file(%q)
    except Exception as e:
        print(e)
        break`, f.ID, f.ID))
	n.Until(t, run, "the first load", func() bool { return strings.Contains(n.Said(t, run, "stdout"), "loaded") })
	testkit.Age(t, n.Pool, "files", string(f.ID), 48*time.Hour)
	if said := n.Said(t, n.Await(t, run), "stdout"); !strings.Contains(said, "sales.csv has expired") {
		t.Errorf("it said %q", said)
	}
}

// By its id or by its name, what is gone says so, and what would do instead.
func TestWhatIsGoneIsToldWithTheNearestThatLives(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	gone := upload(t, n, owner, "sales.csv", "x\n1\n")
	testkit.Age(t, n.Pool, "files", string(gone.ID), 48*time.Hour)
	for _, name := range []string{"a.png", "b.txt", "c.md"} {
		upload(t, n, owner, name, "x")
	}
	near := upload(t, n, owner, "sales-2.csv", "x\n1\n")
	exec(t, n.Pool, "UPDATE files SET expires_at = now() + interval '50 s' WHERE name = 'sales-2.csv'")
	words := regexp.MustCompile(`^sales\.csv has expired: its time was over\. Nearest: sales-2\.csv \(` + string(near.ID) + `, \d\ds left\); `)
	for _, ref := range []string{"sales.csv", string(gone.ID)} {
		if said := n.Said(t, n.Do(t, owner, loading(ref)), "stdout"); !words.MatchString(said) || strings.Count(said, " left)") != 3 {
			t.Errorf("%s: it said %q", ref, said)
		}
	}
}

func TestREL26LostBytesAreToldToTheCodeWithoutOurWords(t *testing.T) {
	t.Parallel()
	n, owner := start(t, node.Config{})
	f := upload(t, n, owner, "sales.csv", "x\n1\n")
	if err := os.WriteFile(filepath.Join(n.Blobs, f.BlobKey), []byte("x\n2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := n.Said(t, n.Do(t, owner, loading("sales.csv")), "stdout"); !strings.Contains(said, "sales.csv were lost on our side") {
		t.Errorf("bytes that were changed: %q", said)
	}
	exec(t, n.Pool, "ALTER TABLE run_inputs RENAME COLUMN given TO away") // so no load can be noted
	f = upload(t, n, owner, "other.csv", "x\n1\n")
	if said := n.Said(t, n.Do(t, owner, loading(string(f.ID))), "stdout"); !strings.Contains(said, "a fault on our side") || strings.Contains(said, "given") {
		t.Errorf("a record that cannot be written: %q", said)
	}
}
