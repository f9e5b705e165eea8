package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/dustin/go-humanize"
	"gocloud.dev/blob"

	"mayfly/models"
)

// Upload says what is being saved.
type Upload struct {
	Run      *models.RunID      // nil when a person uploads it
	Notebook *models.NotebookID // that it is made in or uploaded to; nil when none
	Source   models.Source
	Name     string
	By       *models.Token // that asks; nil: the owner themselves, or a run of theirs
	Key      string        // with By: the same upload again gives the same file; "" keeps it anew
	Size     int64         // exact, or 0 when unknown: refuses what cannot fit before any byte, and what was cut short
}

// Save keeps a file for its lifetime. When it returns without an error, the
// bytes are on the disk and the row is readable. over_limit (too large, quota)
// and unavailable (storage full) carry a reason for the owner, and nothing of
// the file is left. not_found means that there is no such notebook of the
// owner's. The newest version's own bytes again, in the same notebook, are that
// file again.
func (v *Vault) Save(ctx context.Context, owner models.UserID, up Upload, r io.Reader) (*models.File, error) {
	if err := v.fits(up); err != nil {
		return nil, err
	}
	if first, err := v.savedBefore(ctx, owner, up, r); first != nil || err != nil {
		return first, err
	}
	pending, err := v.begin(ctx, owner, up)
	if err != nil {
		return nil, err
	}
	kept, err := v.write(ctx, pending, up, r)
	if err != nil {
		if kept = v.abandon(context.WithoutCancel(ctx), pending); kept != nil {
			return kept, nil
		}
		return nil, v.inWords(err)
	}
	return kept, nil
}

// fits refuses what cannot be kept before any byte of it is read.
func (v *Vault) fits(up Upload) error {
	if up.Size > v.config.FileMax {
		return v.tooLarge()
	}
	if free, err := v.free(); err == nil && free < v.config.Reserve {
		return storageFull(nil)
	}
	return nil
}

// begin makes the file's pending row.
func (v *Vault) begin(ctx context.Context, owner models.UserID, up Upload) (*models.File, error) {
	return v.store.System().BeginFile(ctx, owner, models.NewFile{
		Run: up.Run, Notebook: up.Notebook, Source: up.Source, Name: up.Name, SizeHint: up.Size, By: up.By,
	})
}

// savedBefore returns what the upload's key has kept before. The bytes are read
// through, not kept: another content under the same key is key_reused.
func (v *Vault) savedBefore(ctx context.Context, owner models.UserID, up Upload, r io.Reader) (*models.File, error) {
	if up.Key == "" {
		return nil, nil
	}
	used, err := v.store.KeyUsed(ctx, owner, up.By, up.Key)
	if err != nil || !used {
		return nil, err
	}
	hash := sha256.New()
	if size, err := io.Copy(hash, io.LimitReader(r, v.config.FileMax+1)); err != nil {
		return nil, fmt.Errorf("read file again: %w", err)
	} else if size > v.config.FileMax {
		return nil, v.tooLarge()
	}
	return v.store.Replayed(ctx, owner, up.By, up.once(hex.EncodeToString(hash.Sum(nil))))
}

// once is the upload's key with what it stands for: the name and the bytes.
func (up Upload) once(sum string) *models.Once {
	if up.Key == "" {
		return nil
	}
	whole := sha256.Sum256([]byte("file\x00" + sum + "\x00" + up.Name))
	return &models.Once{Key: up.Key, Hash: hex.EncodeToString(whole[:])}
}

func (v *Vault) write(ctx context.Context, pending *models.File, up Upload, r io.Reader) (*models.File, error) {
	size, sum, err := v.fill(ctx, pending, up, r)
	if err != nil {
		return nil, err
	}
	if err := v.settle(pending.BlobKey); err != nil {
		return nil, err
	}
	kept, err := v.store.System().KeepFileOnce(ctx, pending, size, sum, up.By, up.once(sum))
	if err == nil {
		v.dropTwin(ctx, pending, kept)
	}
	return kept, err
}

// fill writes the bytes, all of them.
func (v *Vault) fill(ctx context.Context, pending *models.File, up Upload, r io.Reader) (size int64, sum string, err error) {
	size, sum, err = v.copy(ctx, pending.BlobKey, r)
	if err == nil && up.Size > 0 && size != up.Size {
		err = fmt.Errorf("%w: %d of %d bytes came", errCutShort, size, up.Size)
	}
	return size, sum, err
}

// dropTwin removes bytes that another file holds already.
func (v *Vault) dropTwin(ctx context.Context, pending, kept *models.File) {
	if kept.ID == pending.ID {
		return
	}
	if err := v.removeBlob(ctx, pending.BlobKey); err != nil {
		v.config.Logger.Warn("a blob that was written twice is left for the next reconcile", "key", pending.BlobKey, "cause", err)
	}
}

var (
	errTooLarge = errors.New("larger than one file may be")
	errCutShort = errors.New("not the size that it was said to be")
)

// copy streams the bytes into the blob. Cancelling the writer's context is how
// gocloud is told to leave nothing behind.
func (v *Vault) copy(ctx context.Context, key string, r io.Reader) (size int64, sum string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := v.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream"}) // else it guesses
	if err != nil {
		return 0, "", err
	}
	hash := sha256.New()
	size, err = io.Copy(io.MultiWriter(w, hash), io.LimitReader(r, v.config.FileMax+1))
	if err == nil && size > v.config.FileMax {
		err = errTooLarge
	}
	if err != nil {
		cancel()
		_ = w.Close()
		return 0, "", err
	}
	if err := w.Close(); err != nil {
		return 0, "", err
	}
	return size, hex.EncodeToString(hash.Sum(nil)), nil
}

// settle makes the blob durable: the file, its folder and the folders above it
// up to the vault's own, any of which may be new. gocloud syncs nothing.
func (v *Vault) settle(key string) error {
	path, err := v.keyPath(key)
	if err != nil {
		return err
	}
	if err := private(path); err != nil {
		return err
	}
	for ; ; path = filepath.Dir(path) {
		if err := v.sync(path); err != nil {
			return err
		}
		if path == v.dir {
			return nil
		}
	}
}

func private(path string) error { return os.Chmod(path, 0o600) }

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// abandon removes what a failed save left: the row first, because only its
// removal proves that the file was not kept. When the word that it was kept was
// lost on the way from the database, it returns the file. What cannot be
// removed now is left to Reconcile.
func (v *Vault) abandon(ctx context.Context, pending *models.File) (kept *models.File) {
	ours, err := v.store.System().AbandonFile(ctx, pending.ID)
	if err != nil {
		v.config.Logger.Warn("a pending file is left for the next reconcile", "file", pending.ID, "cause", err)
		return nil
	}
	if !ours {
		kept, _ = v.store.File(ctx, pending.UserID, pending.ID)
		return kept
	}
	if err := v.removeBlob(ctx, pending.BlobKey); err != nil {
		v.config.Logger.Warn("a half-written blob is left for the next reconcile", "key", pending.BlobKey, "cause", err)
	}
	return nil
}

// inWords gives a failed save the reason that its owner reads.
func (v *Vault) inWords(err error) error {
	switch {
	case errors.Is(err, errTooLarge):
		return v.tooLarge()
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return storageFull(err)
	case models.CodeOf(err) != models.Internal:
		return err
	}
	return fmt.Errorf("save file: %w", err)
}

func (v *Vault) tooLarge() error {
	return &models.Error{Code: models.OverLimit, Message: "over " + humanize.Bytes(uint64(v.config.FileMax)) + " a file"}
}

func storageFull(err error) error {
	return &models.Error{Code: models.Unavailable, Message: "not saved: storage full", Err: err}
}
