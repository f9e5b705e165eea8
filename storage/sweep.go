package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"mayfly/models"
)

// sweepBatch is how many files one claim takes: few enough for short locks,
// enough for 1,000 files a second.
const sweepBatch = 200

// Sweep takes away the bytes of every file that has expired or was deleted, and
// returns how many expired ones it took. A blob that cannot be removed does not
// stop the others; it is tried again by later sweeps, and its row stays
// invisible (REL-14).
func (v *Vault) Sweep(ctx context.Context) (deleted int, err error) {
	for {
		dead, err := v.store.System().ClaimDead(ctx, sweepBatch)
		if err != nil || len(dead) == 0 {
			return deleted, err
		}
		for _, f := range dead {
			gone, err := v.purge(ctx, f)
			if err != nil {
				v.config.Logger.Warn("a file's bytes could not be removed", "file", f.ID, "cause", err)
				continue
			}
			if gone && f.DeletedAt == nil {
				deleted++
			}
		}
	}
}

func (v *Vault) purge(ctx context.Context, f models.File) (bool, error) {
	if err := v.removeBlob(ctx, f.BlobKey); err != nil {
		return false, err
	}
	return v.store.System().PurgeFile(ctx, f.ID)
}

// removeBlob removes a blob; one that is not there is no fault.
func (v *Vault) removeBlob(ctx context.Context, key string) error {
	err := v.bucket.Delete(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}

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

func (v *Vault) reconcilePending(ctx context.Context, report *Report) error {
	for {
		stale, err := v.store.System().StalePending(ctx, v.config.OrphanGrace, sweepBatch)
		if err != nil || len(stale) == 0 {
			return err
		}
		for _, f := range stale {
			if err := v.removeBlob(ctx, f.BlobKey); err != nil {
				return fmt.Errorf("remove an abandoned blob: %w", err)
			}
			if err := v.store.System().AbandonFile(ctx, f.ID); err != nil {
				return err
			}
			report.Abandoned++
		}
	}
}

// reconcileBlobs walks the blobs and removes old ones that no row knows.
func (v *Vault) reconcileBlobs(ctx context.Context, report *Report) error {
	before := time.Now().Add(-v.config.OrphanGrace)
	blobs := v.bucket.List(&blob.ListOptions{})
	for {
		var keys []string
		last, err := v.oldKeys(ctx, blobs, before, &keys)
		if err != nil {
			return err
		}
		if err := v.removeUnknown(ctx, keys, report); err != nil || last {
			return err
		}
	}
}

func (v *Vault) oldKeys(ctx context.Context, blobs *blob.ListIterator, before time.Time, keys *[]string) (last bool, err error) {
	for len(*keys) < sweepBatch {
		object, err := blobs.Next(ctx)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return true, fmt.Errorf("walk the blobs: %w", err)
		}
		if object.ModTime.Before(before) {
			*keys = append(*keys, object.Key)
		}
	}
	return false, nil
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
			return fmt.Errorf("remove an orphan: %w", err)
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
		files, err := v.store.System().ReadyAfter(ctx, after, sweepBatch)
		if err != nil || len(files) == 0 {
			return err
		}
		for _, f := range files {
			attributes, err := v.bucket.Attributes(ctx, f.BlobKey)
			if gcerrors.Code(err) == gcerrors.NotFound || (err == nil && attributes.Size != f.Size) {
				report.Missing++
				_ = v.miss(ctx, &f)
			} else if err != nil {
				return fmt.Errorf("look at a blob: %w", err)
			}
			after = f.ID
		}
	}
}
