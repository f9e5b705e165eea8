package storage

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"

	"mayfly/models"
)

// Staged is a file whose bytes are written and not yet durable: nobody can see
// it. Keep it, or Reconcile removes it after the orphans' grace.
type Staged struct {
	pending *models.File
	size    int64
	sum     string
}

// Stage is the first half of Save, for a run that makes several files: it reads
// all of r. Its errors are Save's, and leave nothing of the file. Upload's By and
// Key are not for it.
func (v *Vault) Stage(ctx context.Context, owner models.UserID, up Upload, r io.Reader) (*Staged, error) {
	if err := v.fits(up); err != nil {
		return nil, err
	}
	pending, err := v.begin(ctx, owner, up)
	if err != nil {
		return nil, err
	}
	s := &Staged{pending: pending}
	if s.size, s.sum, err = v.fill(ctx, pending, up, r); err != nil {
		v.abandon(context.WithoutCancel(ctx), pending)
		return nil, v.inWords(err)
	}
	return s, nil
}

// Keep is the second half of Save for all of the owner's staged files: their
// bytes are made durable side by side, and they become readable in their order
// and in one transaction. For each file it says what Save would: nil means that
// it is kept.
func (v *Vault) Keep(ctx context.Context, owner models.UserID, staged []*Staged) []error {
	if len(staged) == 0 {
		return nil
	}
	faults := v.settleAll(staged)
	var at []int // of the written ones
	var written []models.Written
	for i, s := range staged {
		if faults[i] == nil {
			at, written = append(at, i), append(written, models.Written{Pending: s.pending, Size: s.size, SHA256: s.sum})
		}
	}
	kept, refused, err := v.store.System().KeepFiles(ctx, owner, written)
	for n, i := range at {
		switch {
		case err != nil:
			faults[i] = err
		case refused[n] != nil:
			faults[i] = refused[n]
		default:
			v.dropTwin(ctx, staged[i].pending, kept[n])
		}
	}
	for i, s := range staged {
		if faults[i] == nil {
			continue
		}
		if v.abandon(context.WithoutCancel(ctx), s.pending) != nil {
			faults[i] = nil // it was kept after all
		} else {
			faults[i] = v.inWords(faults[i])
		}
	}
	return faults
}

// sideBySide is how many files are made durable at once: the disk joins what
// waits for it together.
const sideBySide = 4

// settleAll is settle for several files: first they themselves, then the folders
// that lie deepest, each once.
func (v *Vault) settleAll(staged []*Staged) []error {
	faults := make([]error, len(staged))
	paths := make([]string, len(staged))
	for i, s := range staged {
		if paths[i], faults[i] = v.keyPath(s.pending.BlobKey); faults[i] == nil {
			faults[i] = private(paths[i])
		}
	}
	for above := false; ; above = true {
		var level []string
		for i, path := range paths {
			if above && path != v.dir {
				paths[i] = filepath.Dir(path)
			}
			if faults[i] == nil && (!above || path != v.dir) {
				level = append(level, paths[i])
			}
		}
		if len(level) == 0 {
			return faults
		}
		broken := v.syncEach(level)
		for i, path := range paths {
			if faults[i] == nil {
				faults[i] = broken[path]
			}
		}
	}
}

// syncEach makes each of the paths durable, once, and returns what failed.
func (v *Vault) syncEach(paths []string) map[string]error {
	slices.Sort(paths)
	paths = slices.Compact(paths)
	var mu sync.Mutex
	broken := map[string]error{}
	var all sync.WaitGroup
	room := make(chan struct{}, sideBySide)
	for _, path := range paths {
		room <- struct{}{}
		all.Go(func() {
			defer func() { <-room }()
			if err := v.sync(path); err != nil {
				mu.Lock()
				defer mu.Unlock()
				broken[path] = fmt.Errorf("sync: %w", err)
			}
		})
	}
	all.Wait()
	return broken
}
