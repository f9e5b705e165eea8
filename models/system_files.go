package models

import (
	"context"
	"time"

	"github.com/dustin/go-humanize"
)

// BeginFile makes room for a file: a pending row with its id and its expiry,
// which runs from this moment by the database clock. over_limit says which
// limit is reached.
func (y System) BeginFile(ctx context.Context, owner UserID, n NewFile) (*File, error) {
	var f File
	err := y.inTx(ctx, "begin file", func(tx *tx) error {
		// Nobody is told of a pending row, so its commit need not wait for the disk
		// (docs/adr/0026). The one that keeps the file does, and for this one too.
		if err := tx.lockUserHasty(owner); err != nil {
			return err
		}
		if n.Notebook != nil && n.Run == nil { // a run's is its own, also when it was deleted meanwhile
			if err := tx.lockNotebook(owner, *n.Notebook); err != nil {
				return err
			}
		}
		if err := tx.actFor(n.By, ScopeFilesWrite, owner); err != nil {
			return err
		}
		now, err := tx.checkRoom(owner, 1, n.SizeHint, y.limits)
		if err != nil {
			return err
		}
		id, name := NewFileID(owner, now), CleanName(n.Name)
		t := TypeOf(name)
		return tx.db.Raw(`INSERT INTO files (id, user_id, run_id, notebook_id, source, name, media_type, category, state, blob_key, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, now() + make_interval(secs => ?)) RETURNING *, now() AS read_at`,
			id, owner, n.Run, n.Notebook, n.Source, name, t.MediaType, t.Category, id.blobKey(owner), y.limits.FileLifetime.Seconds()).Scan(&f).Error
	})
	return &f, err
}

// checkRoom is called with the owner locked. It returns the moment of the
// transaction.
func (tx *tx) checkRoom(owner UserID, files int, bytes int64, limits Limits) (now time.Time, err error) {
	var u struct {
		Usage
		At time.Time
	}
	if err := tx.db.Raw("SELECT now() AS at, "+usageRow, map[string]any{"owner": owner}).Scan(&u).Error; err != nil {
		return u.At, err
	}
	return u.At, u.roomFor(files, bytes, limits)
}

func (u Usage) roomFor(files int, bytes int64, limits Limits) error {
	switch {
	case u.Files+files > limits.UserFiles:
		return overLimit("over your %s files: delete some, or wait until they go", humanize.Comma(int64(limits.UserFiles)))
	case u.Bytes+bytes > limits.UserBytes:
		return overLimit("over your space of %s: delete some files, or wait until they go", humanize.Bytes(uint64(limits.UserBytes)))
	}
	return nil
}

// NotebookFiles returns the live files of a notebook, of each name the newest
// version, in the order of names.
func (y System) NotebookFiles(ctx context.Context, id NotebookID) ([]File, error) {
	var files []File
	err := y.db.WithContext(ctx).Raw(`SELECT DISTINCT ON (files.name) files.*, now() AS read_at FROM files
			JOIN notebooks ON notebooks.id = files.notebook_id AND notebooks.user_id = files.user_id
		WHERE notebooks.id = ? AND files.state = 'ready' AND files.expires_at > now() ORDER BY files.name, files.version DESC`, id).
		Scan(&files).Error
	return files, failed("read a notebook's files", err)
}

// AbandonFile forgets a pending file whose bytes could not be kept. It reports
// whether this call did it: only then may the bytes be removed, because a file
// that is not pending any more was kept after all.
func (y System) AbandonFile(ctx context.Context, id FileID) (bool, error) {
	done := y.db.WithContext(ctx).Exec("DELETE FROM files WHERE id = ? AND state = 'pending'", id)
	return done.RowsAffected == 1, failed("abandon file", done.Error)
}

// sweepLease is how long a claimed file is left to the sweep that claimed it,
// and so also how soon a blob that could not be removed is tried again.
const sweepLease = time.Minute

// ClaimDead marks what has expired as dead and claims up to limit dead files
// whose bytes may go. Two sweeps never claim the same one.
func (y System) ClaimDead(ctx context.Context, limit int) ([]File, error) {
	db := y.db.WithContext(ctx)
	err := db.Exec(`UPDATE files SET state = 'dead' WHERE id IN (SELECT id FROM files
		WHERE state = 'ready' AND expires_at <= now() ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)`, limit).Error
	if err != nil {
		return nil, failed("mark expired files", err)
	}
	var files []File
	err = db.Raw(`UPDATE files SET claimed_at = now() WHERE id IN (SELECT id FROM files WHERE state = 'dead'
			AND (deleted_at IS NULL OR deleted_at <= now() - make_interval(secs => @undo))
			AND (claimed_at IS NULL OR claimed_at <= now() - make_interval(secs => @lease))
			LIMIT @most FOR UPDATE SKIP LOCKED) RETURNING *, now() AS read_at`,
		map[string]any{"undo": UndoTime.Seconds(), "lease": sweepLease.Seconds(), "most": limit}).Scan(&files).Error
	return files, failed("claim dead files", err)
}

// PurgeFiles makes dead files, whose bytes are gone, tombstones. It returns
// those that this call did it to.
func (y System) PurgeFiles(ctx context.Context, ids []FileID) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var files []File
	err := y.db.WithContext(ctx).Raw("UPDATE files SET state = 'purged' WHERE id IN ? AND state = 'dead' RETURNING *, now() AS read_at", ids).
		Scan(&files).Error
	return files, failed("purge files", err)
}

// StalePending returns rows that were begun longer than grace ago and never
// kept: their writer is gone.
func (y System) StalePending(ctx context.Context, grace time.Duration, limit int) ([]File, error) {
	var files []File
	err := y.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE state = 'pending'
		AND created_at < now() - make_interval(secs => ?) LIMIT ?`, grace.Seconds(), limit).Scan(&files).Error
	return files, failed("find stale pending files", err)
}

// ReadyAfter returns files whose bytes must be there, in order of their id.
func (y System) ReadyAfter(ctx context.Context, after FileID, limit int) ([]File, error) {
	var files []File
	err := y.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at FROM files WHERE id > ? AND `+live+` ORDER BY id LIMIT ?`,
		after, limit).Scan(&files).Error
	return files, failed("walk files", err)
}

// MissFile records that a live file's bytes are not there. It reports whether
// they should have been: the bytes of a file whose time is over may go at any
// moment.
func (y System) MissFile(ctx context.Context, id FileID) (bool, error) {
	done := y.db.WithContext(ctx).Exec("UPDATE files SET state = 'missing' WHERE id = ? AND "+live, id)
	return done.RowsAffected == 1, failed("miss file", done.Error)
}

// KnownBlobs returns those of the keys that a file may still need, or somebody
// who looks for what went wrong with it, as long as it would have lived.
func (y System) KnownBlobs(ctx context.Context, keys []string) (map[string]bool, error) {
	var known []string
	err := y.db.WithContext(ctx).Raw(`SELECT blob_key FROM files WHERE blob_key IN ? AND state <> 'purged'
		AND (state <> 'missing' OR expires_at > now())`, keys).Scan(&known).Error
	set := make(map[string]bool, len(known))
	for _, key := range known {
		set[key] = true
	}
	return set, failed("look blobs up", err)
}

// Forgotten counts what Forget removed.
type Forgotten struct{ Outputs, Runs, Tombstones, Sessions, Notebooks, Cells, Kernels, Tokens, Replays, Shares int64 }

// Forget removes what has outlived its time: rich output and long text of runs
// past their 48 hours, runs past theirs, tombstones after 30 days, sessions
// that ended, notebooks and cells that were deleted, kernels as old as runs,
// tokens and shares 30 days after their end, idempotency keys after 48 hours. It may be
// called as often as one likes.
func (y System) Forget(ctx context.Context) (Forgotten, error) {
	var n Forgotten
	for _, step := range []struct {
		count *int64
		sql   string
		arg   any
	}{
		{&n.Outputs, `WITH over AS (UPDATE runs SET trimmed_at = now(), log_bytes = 0, stdin = ''
				WHERE expires_at <= now() AND trimmed_at IS NULL AND state = 'done' RETURNING id),
			sums AS (SELECT run_id, seq, stream, sum(length(text)) OVER (PARTITION BY run_id ORDER BY seq) AS upto
				FROM outputs WHERE run_id IN (SELECT id FROM over))
			DELETE FROM outputs USING sums WHERE outputs.run_id = sums.run_id AND outputs.seq = sums.seq
				AND (sums.stream = 'display' OR sums.upto > ?)`, trimmedText},
		{&n.Runs, "DELETE FROM runs WHERE state = 'done' AND finished_at < now() - make_interval(secs => ?)", y.limits.RunLifetime.Seconds()},
		{&n.Tombstones, "DELETE FROM files WHERE state IN ('purged', 'missing') AND expires_at < now() - make_interval(secs => ?)", TombstoneLifetime.Seconds()},
		{&n.Sessions, "DELETE FROM sessions WHERE expires_at < now() OR seen_at < now() - make_interval(secs => ?)", y.limits.SessionIdle.Seconds()},
		{&n.Notebooks, "DELETE FROM notebooks WHERE deleted_at < now() - make_interval(secs => ?)", BinTime.Seconds()},
		{&n.Cells, "DELETE FROM cells WHERE deleted_at < now() - make_interval(secs => ?)", BinTime.Seconds()},
		{&n.Kernels, "DELETE FROM kernels WHERE ended_at < now() - make_interval(secs => ?)", y.limits.RunLifetime.Seconds()},
		{&n.Tokens, "DELETE FROM tokens WHERE least(revoked_at, expires_at) < now() - ?::interval", tokensRemember},
		{&n.Shares, "DELETE FROM shares WHERE least(ended_at, expires_at) < now() - ?::interval", sharesRemember},
		{&n.Replays, "DELETE FROM replays WHERE created_at < now() - ?::interval", replayLife},
	} {
		done := y.db.WithContext(ctx).Exec(step.sql, step.arg)
		if done.Error != nil {
			return n, failed("forget", done.Error)
		}
		*step.count = done.RowsAffected
	}
	return n, nil
}
