package storage_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"mayfly/models"
	"mayfly/storage"
)

// stage writes files of the owner's, which nobody can see yet.
func (r *room) stage(t *testing.T, contents ...string) (staged []*storage.Staged) {
	t.Helper()
	for i, content := range contents {
		s, err := r.Stage(t.Context(), r.owner, upload(string(rune('a'+i)), int64(len(content))), strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		staged = append(staged, s)
	}
	return staged
}

func TestStagedFilesAreReadyTogetherAndOnlyAfterEveryPartIsSynced(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var mu sync.Mutex
	var synced []string
	var real func(string) error
	real = r.SyncWith(func(path string) error {
		if n := r.count(t, "SELECT count(*) FROM files WHERE state = 'pending'"); n != 5 {
			t.Errorf("when %s is synced %d files are pending", path, n)
		}
		mu.Lock()
		synced = append(synced, path)
		mu.Unlock()
		return real(path)
	})
	for i, err := range r.Keep(t.Context(), r.owner, r.stage(t, "1", "22", "333", "4444", "55555")) {
		if err != nil {
			t.Errorf("file %d: %v", i, err)
		}
	}
	page, err := r.store.Files(t.Context(), r.owner, models.FileQuery{})
	if err != nil || len(page.Files) != 5 {
		t.Fatalf("%d files, %v", len(page.Files), err)
	}
	var blobs, folders []string
	for _, listed := range page.Files {
		f, err := r.store.File(t.Context(), r.owner, listed.ID) // a list has no keys of blobs
		if err != nil {
			t.Fatal(err)
		}
		r.mustRead(t, f)
		blobs, folders = append(blobs, r.path(f)), append(folders, filepath.Dir(r.path(f)))
	}
	slices.Sort(folders)
	folders = slices.Compact(folders)
	for i, want := range [][]string{blobs, folders, {filepath.Join(r.dir, "42")}, {r.dir}} {
		got := synced[:min(len(want), len(synced))]
		synced = synced[len(got):]
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("step %d: synced %q, not %q", i, got, want)
		}
	}
	if len(synced) > 0 {
		t.Errorf("synced more than once: %q", synced)
	}
}

// A disk that fails at one file keeps the others; at their folder, none.
func TestWhatCannotBeSyncedIsNotKeptAndStopsNoOther(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	staged := r.stage(t, "1", "22", "333")
	broken := ""
	r.SyncWith(func(path string) error {
		if path == broken {
			return errBroken
		}
		return nil
	})
	broken = r.blobs(t)[1]
	lost := 0
	for _, err := range r.Keep(t.Context(), r.owner, staged) {
		if errors.Is(err, errBroken) {
			lost++
		} else if err != nil {
			t.Error(err)
		}
	}
	if lost != 1 {
		t.Errorf("%d files are not kept", lost)
	}
	r.mustHold(t, 2, 2)
	broken = r.dir
	for i, err := range r.Keep(t.Context(), r.owner, r.stage(t, "1", "22")) {
		if !errors.Is(err, errBroken) {
			t.Errorf("file %d: %v", i, err)
		}
	}
	r.mustHold(t, 2, 2)
}

func TestAFullQuotaKeepsWhatFitsOfWhatIsStaged(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserBytes = 10
	r := openRoom(t, limits, filepath.Join(t.TempDir(), "blobs"), nil)
	faults := r.Keep(t.Context(), r.owner, r.stage(t, "1234", "12345678", "123456"))
	for i, want := range []models.Code{"", models.OverLimit, ""} {
		if got := models.CodeOf(faults[i]); got != want {
			t.Errorf("file %d: %v", i, faults[i])
		}
	}
	r.mustHold(t, 2, 2)
}

// REL-6: the word that files were kept may be lost between the database and us.
func TestStagedFilesThatWereKeptAfterAllStay(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.SyncWith(func(path string) error {
		if path == r.dir {
			r.exec(t, "UPDATE files SET state = 'ready', size = 3, version = 1, sha256 = $1", sumOf([]byte("abc")))
		}
		return nil
	})
	for i, err := range r.Keep(t.Context(), r.owner, r.stage(t, "abc", "abc")) {
		if err != nil {
			t.Errorf("file %d: %v", i, err)
		}
	}
	r.mustHold(t, 2, 2)
}
