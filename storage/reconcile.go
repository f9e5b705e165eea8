package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"gocloud.dev/gcerrors"

	"mayfly/models"
)

// Report is what Reconcile found.
type Report struct {
	Abandoned int // rows whose writer is gone
	Orphans   int // blobs without a row
	Missing   int // rows without their bytes
}

// Reconcile compares rows and blobs both ways and removes what a crash left.
// Nothing younger than the grace is touched: it may be on its way.
func (v *Vault) Reconcile(ctx context.Context) (Report, error) {
	var report Report
	err := errors.Join(v.reconcilePending(ctx, &report), v.reconcileBlobs(ctx, &report), v.reconcileRows(ctx, &report))
	return report, err
}

// reconcilePending removes rows that were never kept. Their blobs, if there are
// any, have no row then.
func (v *Vault) reconcilePending(ctx context.Context, report *Report) error {
	for {
		stale, err := v.store.System().StalePending(ctx, v.config.OrphanGrace, batch)
		if err != nil || len(stale) == 0 {
			return err
		}
		for _, f := range stale {
			ours, err := v.store.System().AbandonFile(ctx, f.ID)
			if err != nil {
				return err
			}
			if ours {
				report.Abandoned++
			}
		}
	}
}

// reconcileBlobs walks the blobs and removes old ones that no row knows. It
// walks the folder itself, because fileblob's List does so again for each page.
func (v *Vault) reconcileBlobs(ctx context.Context, report *Report) error {
	before := time.Now().Add(-v.config.OrphanGrace)
	var old []string
	err := fs.WalkDir(os.DirFS(v.dir), ".", func(key string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since its folder was read
		}
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipForeign(key)
		}
		if !olderThan(d, before) || !strings.Contains(key, "/") {
			return nil
		}
		if old = append(old, key); len(old) < batch {
			return nil
		}
		err = v.removeUnknown(ctx, old, report)
		old = old[:0]
		return err
	})
	if err != nil {
		return fmt.Errorf("walk the blobs: %w", err)
	}
	return v.removeUnknown(ctx, old, report)
}

// skipForeign keeps out of folders that are no user's: whatever else lies in
// the folder of the blobs is not ours to remove.
func skipForeign(key string) error {
	if key == "." || strings.Contains(key, "/") {
		return nil
	}
	if _, err := models.ParseUserID(key); err != nil {
		return fs.SkipDir
	}
	return nil
}

func olderThan(d fs.DirEntry, before time.Time) bool {
	info, err := d.Info()
	return err == nil && info.ModTime().Before(before)
}

func (v *Vault) removeUnknown(ctx context.Context, keys []string, report *Report) error {
	if len(keys) == 0 {
		return nil
	}
	known, err := v.store.System().KnownBlobs(ctx, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if known[key] {
			continue
		}
		if err := v.removeBlob(ctx, key); err != nil {
			v.config.Logger.Warn("an orphan could not be removed", "key", key, "cause", err)
			continue
		}
		report.Orphans++
	}
	return nil
}

// reconcileRows looks for ready files whose bytes are not there. They are
// marked and told, never removed.
func (v *Vault) reconcileRows(ctx context.Context, report *Report) error {
	var after models.FileID
	for {
		files, err := v.store.System().ReadyAfter(ctx, after, batch)
		if err != nil || len(files) == 0 {
			return err
		}
		for _, f := range files {
			after = f.ID
			blob, err := v.bucket.Attributes(ctx, f.BlobKey)
			switch {
			case gcerrors.Code(err) == gcerrors.NotFound, err == nil && blob.Size != f.Size:
				if models.CodeOf(v.miss(ctx, &f)) == models.Internal {
					report.Missing++
				}
			case err != nil:
				return fmt.Errorf("look at a blob: %w", err)
			}
		}
	}
}
