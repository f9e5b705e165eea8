package storage_test

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/storage"
)

func TestASweepTakesExpiredAndDeletedFilesAndCountsTheExpired(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	live, deleted, undone := r.save(t, "live", "1"), r.save(t, "deleted", "1"), r.save(t, "undone", "1")
	for i := range 3 {
		testkit.Age(t, r.pool, "files", string(r.save(t, fmt.Sprint("expired ", i), "1").ID), 48*time.Hour)
	}
	for _, f := range []*models.File{deleted, undone} {
		if err := r.Remove(t.Context(), r.owner, f.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := r.Sweep(t.Context()); n != 3 || err != nil {
		t.Fatalf("swept %d: %v", n, err)
	}
	r.mustHold(t, 3, 3) // a deletion can still be undone
	if err := r.Restore(t.Context(), r.owner, undone.ID); err != nil {
		t.Fatal(err)
	}
	r.exec(t, "UPDATE files SET deleted_at = deleted_at - interval '60 s' WHERE id = $1", deleted.ID)
	if n, err := r.Sweep(t.Context()); n != 0 || err != nil {
		t.Fatalf("a deleted file counts as %d expired: %v", n, err)
	}
	r.mustHold(t, 2, 2)
	r.mustRead(t, live)
	r.mustRead(t, undone)
	if n, err := r.Sweep(t.Context()); n != 0 || err != nil {
		t.Fatalf("the same sweep again: %d %v", n, err)
	}
}

func TestREL15TwoSweepersTakeEachFileOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	second, err := storage.Open(r.store, storage.Config{URL: "file://" + r.dir, FileMax: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	const files = 450 // more than two batches
	for i := range files {
		r.save(t, fmt.Sprint(i), "1")
	}
	r.exec(t, "UPDATE files SET expires_at = now()")
	var sweepers sync.WaitGroup
	var taken [2]int
	for i, v := range []*storage.Vault{r.Vault, second} {
		sweepers.Go(func() {
			var err error
			if taken[i], err = v.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	sweepers.Wait()
	if taken[0]+taken[1] != files {
		t.Errorf("%d and %d of %d files", taken[0], taken[1], files)
	}
	r.mustHold(t, 0, 0)
}

func TestREL14ABlobThatCannotBeRemovedStopsNoOther(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	stuck := r.save(t, "stuck", "1")
	for i := range 5 {
		r.save(t, fmt.Sprint(i), "1")
	}
	r.exec(t, "UPDATE files SET expires_at = now()")
	release := immutable(t, r.path(stuck))
	if n, err := r.Sweep(t.Context()); n != 5 || err != nil {
		t.Fatalf("swept %d: %v", n, err)
	}
	if _, err := r.read(stuck.ID); models.CodeOf(err) != models.GoneCode {
		t.Errorf("the file that stays on the disk: %v", err)
	}
	if n, err := r.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("tried again at once: %d %v", n, err)
	}
	r.exec(t, "UPDATE files SET claimed_at = claimed_at - interval '1 min'")
	if n, err := r.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("tried again while it cannot go: %d %v", n, err)
	}
	release()
	r.exec(t, "UPDATE files SET claimed_at = claimed_at - interval '1 min'")
	if n, err := r.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("tried again when it can go: %d %v", n, err)
	}
	r.mustHold(t, 0, 0)
}

// immutable is chattr +i, which stops root too.
func immutable(t *testing.T, path string) (release func()) {
	t.Helper()
	set := func(on bool) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		flags, err := unix.IoctlGetUint32(int(f.Fd()), unix.FS_IOC_GETFLAGS)
		if err != nil {
			return err
		}
		if flags &^= unix.STATX_ATTR_IMMUTABLE; on {
			flags |= unix.STATX_ATTR_IMMUTABLE // the flag's number is the same
		}
		return unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, int(flags))
	}
	if err := set(true); err != nil {
		t.Fatalf("chattr +i %s: %v", path, err)
	}
	release = sync.OnceFunc(func() {
		if err := set(false); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release)
	return release
}

func TestASweepThatWasKilledIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var files []*models.File
	for i := range 4 {
		files = append(files, r.save(t, fmt.Sprint(i), "1"))
	}
	r.exec(t, "UPDATE files SET expires_at = now()")
	// As a sweep leaves it that was killed: one only marked, one claimed, one
	// whose bytes are gone already, one untouched.
	r.exec(t, "UPDATE files SET state = 'dead' WHERE id = $1", files[0].ID)
	for _, f := range files[1:3] {
		r.exec(t, "UPDATE files SET state = 'dead', claimed_at = now() - interval '2 min' WHERE id = $1", f.ID)
	}
	if err := os.Remove(r.path(files[2])); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Sweep(t.Context()); n != 4 || err != nil {
		t.Fatalf("swept %d: %v", n, err)
	}
	r.mustHold(t, 0, 0)
}
