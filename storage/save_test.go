package storage_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/storage"
)

func upload(name string, size int64) storage.Upload {
	return storage.Upload{Source: models.FromUpload, Name: name, Size: size}
}

func TestWhatIsSavedIsReadBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	f := r.save(t, "../../evil\x00name.csv", "a,b\n1,2\n")
	if f.Name != "evilname.csv" || f.Size != 8 || f.Version != 1 || f.State != models.Ready || f.MediaType != "text/csv" {
		t.Fatalf("the row: %+v", f)
	}
	r.mustRead(t, f)
	empty := r.save(t, "empty.txt", "")
	r.mustRead(t, empty)
	r.mustHold(t, 2, 2)
}

func TestSEC46TheStoredPathComesFromTheIDAlone(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	f := r.save(t, "a.csv", "1")
	token := string(f.ID)[strings.LastIndexByte(string(f.ID), '_')+1:]
	if want := filepath.Join(r.dir, "42", token[:2], token); !slices.Equal(r.blobs(t), []string{want}) {
		t.Errorf("it lies in %q, not in %s", r.blobs(t), want)
	}
	for path, mode := range map[string]os.FileMode{r.path(f): 0o600, filepath.Dir(r.path(f)): 0o700, r.dir: 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("SEC-60: %s is %v, not %v (%v)", path, info.Mode(), mode, err)
		}
	}
}

func TestTheSameNameMakesVersions(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	first, second := r.save(t, "a.csv", "old"), r.save(t, "a.csv", "new!")
	if first.Version != 1 || second.Version != 2 || first.ID == second.ID {
		t.Fatalf("versions %d and %d", first.Version, second.Version)
	}
	r.mustRead(t, first)
	r.mustRead(t, second)
}

func TestAFileOneByteTooLargeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	const most = 50_000_000
	_, err := r.Save(t.Context(), r.owner, upload("big.bin", 0), io.LimitReader(zeros{}, most+1))
	if models.CodeOf(err) != models.OverLimit || !strings.Contains(err.Error(), "50 MB") {
		t.Fatalf("one byte over: %v", err)
	}
	r.mustHold(t, 0, 0)
	if _, err := r.Save(t.Context(), r.owner, upload("big.bin", most+1), unreadable{t}); models.CodeOf(err) != models.OverLimit {
		t.Fatalf("one byte over, as told: %v", err)
	}
	f, err := r.Save(t.Context(), r.owner, upload("big.bin", most), io.LimitReader(zeros{}, most))
	if err != nil || f.Size != most {
		t.Fatalf("exactly the most: %+v %v", f, err)
	}
	r.mustHold(t, 1, 1)
}

func TestSEC50AFullQuotaLeavesNothing(t *testing.T) {
	t.Parallel()
	limits := models.DefaultLimits()
	limits.UserBytes, limits.UserFiles = 1000, 2
	r := openRoom(t, limits, t.TempDir(), nil)
	r.save(t, "a", strings.Repeat("a", 800))
	_, err := r.Save(t.Context(), r.owner, upload("b", 0), strings.NewReader(strings.Repeat("b", 201)))
	if models.CodeOf(err) != models.OverLimit || !strings.Contains(err.Error(), "1.0 kB") {
		t.Fatalf("one byte over the space: %v", err)
	}
	if _, err := r.Save(t.Context(), r.owner, upload("b", 201), unreadable{t}); models.CodeOf(err) != models.OverLimit {
		t.Fatalf("one byte over the space, as told: %v", err)
	}
	r.mustHold(t, 1, 1)
	r.save(t, "b", strings.Repeat("b", 200))
	if _, err := r.Save(t.Context(), r.owner, upload("c", 0), unreadable{t}); models.CodeOf(err) != models.OverLimit {
		t.Fatalf("a third file of two: %v", err)
	}
	r.exec(t, "UPDATE files SET expires_at = now()")
	r.save(t, "expired ones do not count", strings.Repeat("d", 1000))
}

func TestASourceThatBreaksLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	if _, err := r.Save(t.Context(), r.owner, upload("a", 0), breaksAfter("half of it")); !errors.Is(err, errBroken) {
		t.Errorf("a source that fails: %v", err)
	}
	if _, err := r.Save(t.Context(), r.owner, upload("a", 20), strings.NewReader("half of it")); err == nil {
		t.Error("half of what was told was kept")
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := r.Save(ctx, r.owner, upload("a", 0), io.MultiReader(strings.NewReader("half of it"), cancelling{cancel}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has gone: %v", err)
	}
	r.mustHold(t, 0, 0)
}

// cancelling is a source whose reader goes away at its end.
type cancelling struct{ cancel func() }

func (c cancelling) Read([]byte) (int, error) {
	c.cancel()
	return 0, io.EOF
}

func TestAFileIsReadyOnlyAfterEveryPartIsSynced(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var synced []string
	var real func(string) error
	real = r.SyncWith(func(path string) error {
		if n := r.count(t, "SELECT count(*) FROM files WHERE state = 'pending'"); n != 1 {
			t.Errorf("when %s is synced %d files are pending", path, n)
		}
		synced = append(synced, path)
		return real(path)
	})
	f := r.save(t, "a.csv", "1")
	blob := r.path(f)
	want := []string{blob, filepath.Dir(blob), filepath.Join(r.dir, "42"), r.dir}
	if !slices.Equal(synced, want) {
		t.Errorf("synced %q, not %q", synced, want)
	}
}

func TestADiskThatCannotSyncKeepsNothing(t *testing.T) {
	t.Parallel()
	for step := range 4 {
		r := newRoom(t)
		done := 0
		r.SyncWith(func(string) error {
			if done++; done > step {
				return errBroken
			}
			return nil
		})
		if _, err := r.Save(t.Context(), r.owner, upload("a", 0), strings.NewReader("1")); !errors.Is(err, errBroken) {
			t.Errorf("step %d: %v", step, err)
		}
		r.mustHold(t, 0, 0)
	}
}

// REL-6: the word that a file was kept may be lost between the database and us.
func TestAFileThatWasKeptAfterAllStays(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.SyncWith(func(path string) error {
		if path == r.dir {
			r.exec(t, "UPDATE files SET state = 'ready', size = 3, version = 1, sha256 = $1", sumOf([]byte("abc")))
		}
		return nil
	})
	f, err := r.Save(t.Context(), r.owner, upload("a", 0), strings.NewReader("abc"))
	if err != nil {
		t.Fatal(err)
	}
	r.mustRead(t, f)
}

func TestAFileThatWasGivenUpMeanwhileIsNotKept(t *testing.T) {
	t.Parallel()
	r := openRoom(t, models.DefaultLimits(), t.TempDir(), func(c *storage.Config) { c.OrphanGrace = 0 })
	r.SyncWith(func(path string) error {
		if path != r.dir {
			return nil
		}
		_, err := r.Reconcile(t.Context())
		return err
	})
	if _, err := r.Save(t.Context(), r.owner, upload("a", 0), strings.NewReader("abc")); models.CodeOf(err) != models.Conflict {
		t.Fatalf("got %v", err)
	}
	if _, err := r.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.mustHold(t, 0, 0)
}

func TestOnlyItsOwnerReadsAFile(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	stranger := testkit.Person(t, r.store, "43")
	f := r.save(t, "a", "1")
	for _, id := range []models.FileID{f.ID, "42_1_aaaaaaaaaaaaaaaaaaaaaaaaaa", "../../etc/passwd", ""} {
		if _, _, err := r.Open(t.Context(), stranger, id); models.CodeOf(err) != models.NotFoundCode {
			t.Errorf("%q for a stranger: %v", id, err)
		}
	}
}

func TestAFolderThatIsNoFolderIsRefused(t *testing.T) {
	t.Parallel()
	store, _ := testkit.Store(t, models.DefaultLimits())
	for _, address := range []string{"", "blobs", "s3://bucket", "file://blobs/here", "file:relative", "file:///dev/null", "file:///proc/blobs"} {
		if v, err := storage.Open(store, storage.Config{URL: address}); err == nil {
			_ = v.Close()
			t.Errorf("%q was opened", address)
		}
	}
	dir := t.TempDir()
	v, err := storage.Open(store, storage.Config{URL: "file://" + dir + "/", FileMax: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if _, err := v.Save(t.Context(), testkit.Person(t, store, "42"), upload("a", 0), strings.NewReader("1")); err != nil {
		t.Errorf("a folder with a slash at its end: %v", err)
	}
	if free, err := v.Check(); err != nil || free <= 0 || free > 100 {
		t.Errorf("free: %v %v", free, err)
	}
}
