package storage_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/storage"
)

func megabytes(n int) string { return strings.Repeat("x", n<<20) }

func mustBeFull(t *testing.T, err error) {
	t.Helper()
	if models.CodeOf(err) != models.Unavailable || !strings.HasPrefix(err.Error(), "not saved: storage full") {
		t.Fatalf("on a full disk: %v", err)
	}
}

func TestREL9AFullDiskIsSaidAndNothingShortIsKept(t *testing.T) {
	t.Parallel()
	r := openRoom(t, models.DefaultLimits(), testkit.SmallDisk(t, "size=4m"), nil)
	big := r.save(t, "big", megabytes(2))
	_, err := r.Save(t.Context(), r.owner, upload("too big", 0), strings.NewReader(megabytes(3)))
	mustBeFull(t, err)
	r.mustHold(t, 1, 1)
	fits := r.save(t, "fits", megabytes(1))
	r.mustRead(t, big)
	r.mustRead(t, fits)
	// It recovers by itself when there is room again.
	r.exec(t, "UPDATE files SET expires_at = now()")
	if n, err := r.Sweep(t.Context()); n != 2 || err != nil {
		t.Fatalf("swept %d: %v", n, err)
	}
	r.mustRead(t, r.save(t, "too big", megabytes(3)))
}

func TestREL10ADiskWithoutInodesIsFull(t *testing.T) {
	t.Parallel()
	r := openRoom(t, models.DefaultLimits(), testkit.SmallDisk(t, "nr_inodes=8"), nil)
	var kept int
	var err error
	for err == nil && kept < 20 {
		if _, err = r.Save(t.Context(), r.owner, upload("a", 0), strings.NewReader("1")); err == nil {
			kept++
		}
	}
	mustBeFull(t, err)
	r.mustHold(t, kept, kept)
}

func TestTheReserveIsKeptFree(t *testing.T) {
	t.Parallel()
	dir := testkit.SmallDisk(t, "size=4m")
	r := openRoom(t, models.DefaultLimits(), dir, func(c *storage.Config) { c.Reserve = 50 })
	r.save(t, "a", megabytes(1))
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, []byte(megabytes(2)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := r.Save(t.Context(), r.owner, upload("b", 0), unreadable{t})
	mustBeFull(t, err)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	r.save(t, "b", megabytes(1))
}
