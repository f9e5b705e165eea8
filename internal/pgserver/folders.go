package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Folders makes the data folder, which others may pass through (0711), and in
// it blobs, keys, pg and pg-run, which are their owner's alone (0700): the user
// mayfly when we are root, else whoever we are. Called again it mends the modes
// and owners of those four; the mode of a folder that was there is left alone,
// for it may be anything, /tmp for one.
func Folders(c Config) error {
	if err := c.check(); err != nil {
		return err
	}
	o, err := findOwner()
	if err != nil {
		return err
	}
	if err := makeData(c.Data); err != nil {
		return err
	}
	for _, name := range []string{"blobs", "keys", "pg", "pg-run"} {
		if err := own(filepath.Join(c.Data, name), o); err != nil {
			return err
		}
	}
	return enterable(c.Data, o)
}

func makeData(data string) error {
	if _, err := os.Stat(data); err == nil {
		return nil
	}
	if err := os.MkdirAll(data, 0o711); err != nil {
		return fmt.Errorf("make the data folder: %w", explain(err, data))
	}
	return os.Chmod(data, 0o711) // whatever the umask took
}

func own(folder string, o owner) error {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make %s: %w", folder, explain(err, folder))
	}
	if info, err := os.Lstat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is in the way: it is not a folder", folder)
	}
	if err := errors.Join(os.Chmod(folder, 0o700), o.take(folder)); err != nil {
		return fmt.Errorf("make %s private to %s: %w", folder, o.name, err)
	}
	return nil
}

func findOwner() (owner, error) {
	if os.Geteuid() != 0 {
		me, err := user.Current()
		if err != nil {
			return owner{}, fmt.Errorf("find out who we are: %w", err)
		}
		return owner{name: me.Username, uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	u, err := user.Lookup(systemUser)
	if err != nil {
		return owner{}, fmt.Errorf("there is no system user %s, and PostgreSQL does not run as root: run make setup", systemUser)
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	return owner{name: u.Username, uid: uint32(uid), gid: uint32(gid), root: true}, errors.Join(errUID, errGID)
}

// enterable asks the kernel whether the owner can pass each folder on the way:
// it alone knows about groups, access lists and mounts.
func enterable(folder string, o owner) error {
	if !o.root {
		return nil
	}
	var way []string
	for at := folder; at != "/"; at = filepath.Dir(at) {
		way = append(way, at)
	}
	for _, at := range slices.Backward(way) {
		probe := exec.Command("/bin/true")
		probe.Dir = at
		probe.SysProcAttr = &syscall.SysProcAttr{Credential: o.credential()}
		if err := probe.Run(); errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("the user %s cannot enter %s: run chmod o+x %s, or set MAYFLY_DATA to another folder", o.name, at, at)
		} else if err != nil {
			return fmt.Errorf("look whether %s can enter %s: %w", o.name, at, err)
		}
	}
	return nil
}

// explain turns a full disk into words.
func explain(err error, where string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fullDisk(where)
	}
	return err
}

func fullDisk(where string) error {
	return fmt.Errorf("the disk that holds %s is full: free some space (a new database takes 60 MB) and start again; what was saved is safe", where)
}
