package storage

import (
	"context"
	"errors"

	"gocloud.dev/gcerrors"

	"mayfly/models"
)

// batch is how many files one claim or one look takes: few enough for short
// locks, enough for 1,000 files a second.
const batch = 200

// Sweep takes away the bytes of every file that has expired or was deleted, and
// returns how many expired ones it took. A blob that cannot be removed does not
// stop the others; it is tried again by later sweeps, and its row stays
// invisible (REL-14). The bytes of deleted accounts go too, and are not counted.
func (v *Vault) Sweep(ctx context.Context) (deleted int, err error) {
	deleted, err = v.sweepFiles(ctx)
	return deleted, errors.Join(err, v.sweepLeftovers(ctx))
}

func (v *Vault) sweepFiles(ctx context.Context) (deleted int, err error) {
	for {
		dead, err := v.store.System().ClaimDead(ctx, batch)
		if err != nil || len(dead) == 0 {
			return deleted, err
		}
		purged, err := v.store.System().PurgeFiles(ctx, v.removeBlobs(ctx, dead))
		for _, f := range purged {
			if f.DeletedAt == nil {
				deleted++
			}
		}
		if err != nil {
			return deleted, err
		}
	}
}

// sweepLeftovers takes away the bytes that deleted accounts left.
func (v *Vault) sweepLeftovers(ctx context.Context) error {
	for {
		keys, err := v.store.System().ClaimLeftovers(ctx, batch)
		if err != nil || len(keys) == 0 {
			return err
		}
		var gone []string
		for _, key := range keys {
			if err := v.removeBlob(ctx, key); err != nil {
				v.config.Logger.Warn("the bytes of a deleted account could not be removed", "cause", err)
				continue
			}
			gone = append(gone, key)
		}
		if err := v.store.System().DropLeftovers(ctx, gone); err != nil {
			return err
		}
	}
}

// removeBlobs returns the files whose bytes are gone.
func (v *Vault) removeBlobs(ctx context.Context, files []models.File) (gone []models.FileID) {
	for _, f := range files {
		if err := v.removeBlob(ctx, f.BlobKey); err != nil {
			v.config.Logger.Warn("a file's bytes could not be removed", "file", f.ID, "cause", err)
			continue
		}
		gone = append(gone, f.ID)
	}
	return gone
}

// removeBlob removes a blob; one that is not there is no fault.
func (v *Vault) removeBlob(ctx context.Context, key string) error {
	err := v.bucket.Delete(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return err
}
