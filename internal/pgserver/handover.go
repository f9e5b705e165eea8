package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// SystemUser is whom root gives everything to: it owns the data and runs all
// that serves people.
func SystemUser() (name string, credential *syscall.Credential, err error) {
	o, err := findOwner()
	if err != nil {
		return "", nil, err
	}
	return o.name, &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: []uint32{}}, nil
}

// HandOver makes the data folder, and in it those named, all that is theirs
// included, the system user's. It is for root, before it goes on as that user.
func HandOver(data string, names ...string) error {
	if !filepath.IsAbs(data) {
		return fmt.Errorf("MAYFLY_DATA is %q: give an absolute path", data)
	}
	o, err := findOwner()
	if err != nil {
		return err
	}
	if err := makeData(data); err != nil {
		return err
	}
	for _, name := range names {
		folder := filepath.Join(data, name)
		if err := errors.Join(own(folder, o), o.takeBelow(folder)); err != nil {
			return err
		}
	}
	return errors.Join(enterable(data, o), syncFolder(data))
}

// HandOverFolder makes a folder that lies elsewhere the system user's. One that
// is there and not as we make them, root's alone, is somebody's decision.
func HandOverFolder(folder string) error {
	o, err := findOwner()
	if err != nil {
		return err
	}
	info, err := os.Lstat(folder)
	if err == nil && (!info.IsDir() || info.Mode().Perm() != 0o700 || ownerOf(info) != 0) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o711); err != nil {
		return fmt.Errorf("make %s: %w", folder, explain(err, folder))
	}
	return errors.Join(own(folder, o), o.takeBelow(folder), enterable(folder, o), syncFolder(filepath.Dir(folder)))
}

// takeBelow gives the owner what root has left in a folder. The owner may be at
// work in it, so it follows no link, and leaves alone a file that has a name
// somewhere else too.
func (o owner) takeBelow(folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return gone(err)
		}
		info, err := root.Lstat(path)
		if err != nil {
			return gone(err)
		}
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid != 0 || !d.IsDir() && stat.Nlink > 1 {
			return nil
		}
		return gone(root.Lchown(path, int(o.uid), int(o.gid)))
	})
	if err != nil {
		return fmt.Errorf("give %s to %s: %w", folder, o.name, err)
	}
	return nil
}

// gone: what a running server has just removed needs nothing more.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func ownerOf(info fs.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
