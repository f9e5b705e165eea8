package storage_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"mayfly/models"
	"mayfly/storage"
)

// orphan puts a blob where no row knows of it, as old as given.
func (r *room) orphan(t *testing.T, key string, age time.Duration) string {
	t.Helper()
	path := filepath.Join(r.dir, key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("left over"), 0o600); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-age)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustExist(t *testing.T, want bool, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v, should be there: %v", path, err, want)
		}
	}
}

func TestREL31ReconcileReportsBothDirectionsAndLeavesTheYoung(t *testing.T) {
	t.Parallel()
	r := newRoom(t) // its grace is a minute
	kept, lost, shorter := r.save(t, "kept", "1"), r.save(t, "lost", "1"), r.save(t, "shorter", "12")
	if err := os.Remove(r.path(lost)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(r.path(shorter), 1); err != nil {
		t.Fatal(err)
	}
	old := []string{r.orphan(t, "42/aa/aaaa", 2*time.Minute), r.orphan(t, "42/aa/bbbb.1234.tmp", 2*time.Minute), r.orphan(t, "77/aa/cccc", 2*time.Minute)}
	young := r.orphan(t, "42/aa/dddd", time.Second)
	foreign := []string{r.orphan(t, "lost+found/x", time.Hour), r.orphan(t, "README", time.Hour), r.orphan(t, "home/me/x", time.Hour)}
	report, err := r.Reconcile(t.Context())
	if want := (storage.Report{Orphans: 3, Missing: 2}); report != want || err != nil {
		t.Fatalf("reported %+v (%v), not %+v", report, err, want)
	}
	mustExist(t, false, old...)
	mustExist(t, true, append(foreign, young, r.path(kept))...)
	r.mustRead(t, kept)
	for _, f := range []*models.File{lost, shorter} {
		if _, err := r.read(f.ID); models.CodeOf(err) != models.GoneCode {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	if report, err := r.Reconcile(t.Context()); report != (storage.Report{}) || err != nil {
		t.Errorf("the same again: %+v %v", report, err)
	}
}

func TestReconcileGivesUpOldPendingRows(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var begun []*models.File
	for _, name := range []string{"young", "old"} {
		f, err := r.store.System().BeginFile(t.Context(), r.owner, models.NewFile{Source: models.FromUpload, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		r.orphan(t, f.BlobKey, 2*time.Minute)
		begun = append(begun, f)
	}
	r.exec(t, "UPDATE files SET created_at = created_at - interval '2 min' WHERE id = $1", begun[1].ID)
	report, err := r.Reconcile(t.Context())
	if want := (storage.Report{Abandoned: 1, Orphans: 1}); report != want || err != nil {
		t.Fatalf("reported %+v (%v), not %+v", report, err, want)
	}
	mustExist(t, true, r.path(begun[0]))
	mustExist(t, false, r.path(begun[1]))
}

func TestAnOrphanThatCannotBeRemovedStopsNoOther(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	stuck, free := r.orphan(t, "42/aa/aaaa", time.Hour), r.orphan(t, "42/bb/bbbb", time.Hour)
	release := immutable(t, stuck)
	if report, err := r.Reconcile(t.Context()); report.Orphans != 1 || err != nil {
		t.Errorf("reported %+v: %v", report, err)
	}
	mustExist(t, false, free)
	release()
	if report, err := r.Reconcile(t.Context()); report.Orphans != 1 || err != nil {
		t.Errorf("later: %+v %v", report, err)
	}
	mustExist(t, false, stuck)
}

func TestTheBytesOfALostFileGoWithItsTime(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	f := r.save(t, "a", "0123456789")
	if err := os.Truncate(r.path(f), 5); err != nil {
		t.Fatal(err)
	}
	if _, err := r.read(f.ID); models.CodeOf(err) != models.Internal {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(r.path(f), old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustExist(t, true, r.path(f)) // for whoever looks into it
	r.exec(t, "UPDATE files SET expires_at = now()")
	if _, err := r.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustExist(t, false, r.path(f))
}
