package testkit

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// SmallDisk mounts a file system of the test's own, as small as tmpfs's options
// say ("size=4m", "nr_inodes=8"), so that it can be filled.
func SmallDisk(t testing.TB, options string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "mayfly-disk-")
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
		_ = os.Remove(dir)
	})
	return dir
}
