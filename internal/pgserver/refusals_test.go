package pgserver_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

func TestASecondServerIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	start(t, c)
	mustRefuse(t, c, "another Mayfly", "MAYFLY_DATA")
}

func TestAClusterOfAnotherVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	if err := start(t, c).Stop(); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(c.Data, "pg", "data", "PG_VERSION")
	if err := os.WriteFile(version, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := treeOf(t, c.Data)
	mustRefuse(t, c, "made by PostgreSQL 9", "this machine has PostgreSQL", "pg_upgrade", "apt-get install postgresql-9", "Nothing was changed")
	if after := treeOf(t, c.Data); after != before {
		t.Errorf("it changed the folder:\n%s\nto\n%s", before, after)
	}
}

func TestAFolderThatIsNoClusterIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	precious := filepath.Join(c.Data, "pg", "data", "precious")
	if err := os.MkdirAll(filepath.Dir(precious), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(precious, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(c.Data, 0o711); err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, c, "nothing was changed")
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptedInitdbIsDoneAgain(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	if err := pgserver.Folders(c); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(c.Data, "pg", "unfinished", "base")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, start(t, c).URL(), "SELECT 'up'"); got != "up" {
		t.Errorf("got %q", got)
	}
}

func TestAFullDiskIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	disk := filepath.Dir(c.Data)
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m,mode=755"); err != nil {
		t.Fatalf("this test mounts a small disk and wants root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	mustRefuse(t, c, "is full", "free some space", c.Data)
}

func TestATooLongPathIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	c.Data = filepath.Join(c.Data, strings.Repeat("x", 90))
	mustRefuse(t, c, "too long for a Unix socket", "MAYFLY_DATA")
}

func TestAFolderThatMayflyCannotEnterIsNamed(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	home := filepath.Join(filepath.Dir(c.Data), "home")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	c.Data = filepath.Join(home, "deep", "data")
	mustRefuse(t, c, "cannot enter "+home+":", "chmod o+x "+home, "MAYFLY_DATA")
}

func TestTheModeOfAFolderThatWasThereIsNotTouched(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	c.Data = filepath.Dir(c.Data)
	if err := os.Chmod(c.Data, 0o1777); err != nil {
		t.Fatal(err)
	}
	if err := pgserver.Folders(c); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(c.Data); err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("the folder is now %v: %v", info.Mode(), err)
	}
}

func TestAttachTakesTheServerThatRuns(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	s := start(t, c)
	found, err := pgserver.Attach(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := found.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, s.URL(), "SELECT 'still up'"); got != "still up" {
		t.Errorf("got %q", got)
	}
}

func TestAttachStartsOneServerForManyCommandsAndStopsIt(t *testing.T) {
	t.Parallel()
	c := dataFolder(t)
	var commands sync.WaitGroup
	for range 5 {
		commands.Go(func() {
			s, err := pgserver.Attach(t.Context(), c)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	commands.Wait()
	if _, err := pgx.Connect(t.Context(), c.URL()); err == nil {
		t.Error("the server outlived the commands")
	}
}

func mustRefuse(t *testing.T, c pgserver.Config, words ...string) {
	t.Helper()
	s, err := pgserver.Start(t.Context(), c)
	if err == nil {
		_ = s.Stop()
		t.Fatal("it started")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
}

// treeOf lists names, sizes and times of all that lies in a folder.
func treeOf(t *testing.T, folder string) string {
	t.Helper()
	var tree strings.Builder
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == "lock" || d.Name() == "pg-run" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			tree.WriteString(path + " " + info.Mode().String() + " " + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree.String()
}
