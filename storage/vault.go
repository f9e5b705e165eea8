package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"golang.org/x/sys/unix"

	"mayfly/models"
)

// Config says where the bytes lie and what may be kept.
type Config struct {
	URL         string  // MAYFLY_BLOBS: file:///folder
	Reserve     float64 // MAYFLY_DISK_RESERVE in percent: below it saves are refused
	FileMax     int64   // bytes of one file
	OrphanGrace time.Duration
	Logger      *slog.Logger // nil: slog.Default()
}

// Vault keeps files for as long as they live. It is safe for concurrent use, by
// several processes too.
type Vault struct {
	store   *models.Store
	bucket  *blob.Bucket
	dir     string // the folder behind file://, without a slash at its end
	config  Config
	sync    func(path string) error // makes a file or folder durable: syncPath, unless a test breaks it
	checked *expirable.LRU[models.FileID, stamp]
}

// Open opens the folder of the blobs, making it (0700) if there is none.
func Open(store *models.Store, c Config) (*Vault, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	dir, err := folderOf(c.URL)
	if err != nil {
		return nil, err
	}
	bucket, err := fileblob.OpenBucket(dir, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		// A temporary file in another file system could not be renamed into
		// place.
		NoTempDir: true,
		Metadata:  fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("open the blobs in %s: %w", dir, err)
	}
	v := &Vault{
		store: store, bucket: bucket, dir: dir, config: c, sync: syncPath,
		checked: expirable.NewLRU[models.FileID, stamp](checkedMost, nil, checkedFor),
	}
	// The folder itself may be new. In one that we may not read, root made it.
	if err := v.sync(filepath.Dir(dir)); err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, errors.Join(fmt.Errorf("open the blobs in %s: %w", dir, err), bucket.Close())
	}
	return v, nil
}

func folderOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" || u.Host != "" || !filepath.IsAbs(u.Path) {
		return "", fmt.Errorf("MAYFLY_BLOBS is %q: give a folder as file:///var/lib/mayfly/blobs", address)
	}
	return filepath.Clean(u.Path), nil
}

// Close lets go of the bucket.
func (v *Vault) Close() error { return v.bucket.Close() }

// Open returns a live file of the owner's with its bytes, which the caller
// closes. not_found and gone are the Store's; bytes that are missing or not
// those that were saved are internal and mark the file, so that wrong bytes are
// never served (REL-26).
func (v *Vault) Open(ctx context.Context, owner models.UserID, id models.FileID) (*models.File, io.ReadSeekCloser, error) {
	file, err := v.store.File(ctx, owner, id)
	if err != nil {
		return nil, nil, err
	}
	return v.open(ctx, file)
}

// OpenShared is Open through a share, whose clock stands in the same statement:
// not_found when it does not show the file, or has ended.
func (v *Vault) OpenShared(ctx context.Context, share models.ShareID, tail string) (*models.File, io.ReadSeekCloser, error) {
	file, err := v.store.SharedFile(ctx, share, tail)
	if err != nil {
		return nil, nil, err
	}
	return v.open(ctx, file)
}

func (v *Vault) open(ctx context.Context, file *models.File) (*models.File, io.ReadSeekCloser, error) {
	content, err := v.openBlob(file.BlobKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, v.miss(ctx, file)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("open blob: %w", err)
	}
	if err := v.check(file, content); err != nil {
		_ = content.Close()
		if errors.Is(err, errSpoilt) {
			return nil, nil, v.miss(ctx, file)
		}
		return nil, nil, fmt.Errorf("read blob: %w", err)
	}
	return file, content, nil
}

// openBlob opens the bytes themselves: gocloud's reader opens them anew for each
// seek, and a sweep in between would cut a transfer that may finish (SEC-49).
func (v *Vault) openBlob(key string) (*os.File, error) {
	path, err := v.keyPath(key)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// miss marks a file whose bytes are not there. One whose time was over by then,
// or that its owner has deleted, is simply gone.
func (v *Vault) miss(ctx context.Context, file *models.File) error {
	missed, err := v.store.System().MissFile(ctx, file.ID)
	if err != nil {
		return err
	}
	if !missed {
		if _, err := v.store.File(ctx, file.UserID, file.ID); err != nil {
			return err
		}
	}
	v.config.Logger.Error("the bytes of a file are missing or not those that were saved", "file", file.ID, "size", file.Size)
	return &models.Error{Code: models.Internal, Message: "The bytes of " + file.Name + " were lost on our side."}
}

// Remove makes a file unreadable at once; the bytes go with a later sweep. by is
// the token that asks, nil when the owner does.
func (v *Vault) Remove(ctx context.Context, owner models.UserID, id models.FileID, by *models.Token) error {
	return v.store.DeleteFile(ctx, owner, id, by)
}

// Restore takes a removal back, as long as models.UndoTime allows.
func (v *Vault) Restore(ctx context.Context, owner models.UserID, id models.FileID) error {
	return v.store.RestoreFile(ctx, owner, id)
}

// Extend gives a live file another lifetime, up to MAYFLY_EXTEND_CAP after its
// making. Conflict means that it has the longest life already. by is the token
// that asks, nil when the owner does; once its idempotency key, nil without one.
func (v *Vault) Extend(ctx context.Context, owner models.UserID, id models.FileID, by *models.Token, once *models.Once) (*models.File, error) {
	return v.store.ExtendFile(ctx, owner, id, by, once)
}

// Check reports whether blobs can be written, and how full the disk is.
func (v *Vault) Check() (freePercent float64, err error) {
	probe, err := os.CreateTemp(v.dir, "check-")
	if err != nil {
		return 0, fmt.Errorf("the blobs' folder cannot be written: %w", err)
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return v.free()
}

// free is the share of the disk that is free, in percent.
func (v *Vault) free() (float64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(v.dir, &disk); err != nil {
		return 0, fmt.Errorf("look at the disk: %w", err)
	}
	if disk.Blocks == 0 { // a file system that does not count
		return 100, nil
	}
	return 100 * float64(disk.Bavail) / float64(disk.Blocks), nil
}

// keyPath is where fileblob puts a key. Keys are [a-z0-9/] only, which fileblob
// does not escape.
func (v *Vault) keyPath(key string) (string, error) {
	if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789/") != "" || strings.Contains(key, "//") {
		return "", fmt.Errorf("blob key %q is not of our making", key)
	}
	return v.dir + "/" + key, nil
}
