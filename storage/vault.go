package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

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
	store  *models.Store
	bucket *blob.Bucket
	dir    string // the folder behind file://, synced after writes
	config Config
}

// Open opens the folder of the blobs, making it (0700) if there is none.
func Open(store *models.Store, c Config) (*Vault, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return nil, fmt.Errorf("MAYFLY_BLOBS is %q: give a folder as file:///var/lib/mayfly/blobs", c.URL)
	}
	bucket, err := fileblob.OpenBucket(u.Path, &fileblob.Options{
		CreateDir:   true,
		DirFileMode: 0o700,
		// A temporary file in another file system could not be renamed into
		// place.
		NoTempDir: true,
		Metadata:  fileblob.MetadataDontWrite,
	})
	if err != nil {
		return nil, fmt.Errorf("open the blobs in %s: %w", u.Path, err)
	}
	return &Vault{store: store, bucket: bucket, dir: u.Path, config: c}, nil
}

// Close lets go of the bucket.
func (v *Vault) Close() error { return v.bucket.Close() }

// Open returns a live file of the owner's with its bytes, which the caller
// closes. not_found and gone are the Store's; missing or cut bytes are internal
// and mark the file, so that wrong bytes are never served (REL-26).
func (v *Vault) Open(ctx context.Context, owner models.UserID, id models.FileID) (*models.File, io.ReadSeekCloser, error) {
	file, err := v.store.File(ctx, owner, id)
	if err != nil {
		return nil, nil, err
	}
	reader, err := v.bucket.NewReader(ctx, file.BlobKey, nil)
	if gcerrors.Code(err) == gcerrors.NotFound || (err == nil && reader.Size() != file.Size) {
		if err == nil {
			_ = reader.Close()
		}
		return nil, nil, v.miss(ctx, file)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("open blob: %w", err)
	}
	return file, reader, nil
}

func (v *Vault) miss(ctx context.Context, file *models.File) error {
	v.config.Logger.Error("the bytes of a file are missing or cut", "file", file.ID, "size", file.Size)
	err := &models.Error{Code: models.Internal, Message: "The bytes of " + file.Name + " were lost on our side."}
	return errors.Join(err, v.store.System().MissFile(ctx, file.ID))
}

// Remove makes a file unreadable at once; the bytes go with a later sweep.
func (v *Vault) Remove(ctx context.Context, owner models.UserID, id models.FileID) error {
	return v.store.DeleteFile(ctx, owner, id)
}

// Restore takes a removal back, as long as models.UndoTime allows.
func (v *Vault) Restore(ctx context.Context, owner models.UserID, id models.FileID) error {
	return v.store.RestoreFile(ctx, owner, id)
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

// keyPath is where fileblob puts a key. Keys are [a-z0-9/] only, which fileblob
// does not escape.
func (v *Vault) keyPath(key string) (string, error) {
	if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789/") != "" || strings.Contains(key, "//") {
		return "", fmt.Errorf("blob key %q is not of our making", key)
	}
	return v.dir + "/" + key, nil
}
