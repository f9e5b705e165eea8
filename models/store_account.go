package models

import (
	"context"
)

// DeleteAccount removes all that is the owner's, in one transaction: with its
// commit nobody finds any of it. Their kernels end, runs that go on are given up,
// what waits is cancelled, sessions and tokens are no more. The bytes of files go
// with a sweep soon after. What stays are the lines of the audit trail, and one
// more that says so. The same Discord id may sign in again and finds nothing. It
// returns the hashes of the sessions that ended, by which their streams are known.
func (s *Store) DeleteAccount(ctx context.Context, owner UserID) (sessions []string, err error) {
	err = s.inTx(ctx, "delete account", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.stopAll(ctx, owner); err != nil {
			return err
		}
		if err := tx.leaveBytes(owner); err != nil {
			return err
		}
		// Sessions first: whoever is just seen there locks the same two rows in this
		// order. The rest is in the order in which fewest rows are touched twice.
		if err := tx.db.Raw("DELETE FROM sessions WHERE user_id = ? RETURNING hash", owner).Scan(&sessions).Error; err != nil {
			return err
		}
		for _, table := range []string{"files", "runs", "notebooks"} {
			if err := tx.db.Exec("DELETE FROM "+table+" WHERE user_id = ?", owner).Error; err != nil {
				return err
			}
		}
		if err := tx.db.Exec("DELETE FROM users WHERE id = ?", owner).Error; err != nil { // and all that refers to it
			return err
		}
		if err := tx.audit(Audit{Actor: "user:" + string(owner), Action: "account.delete", UserID: owner}); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner})
	})
	return sessions, err
}

// stopAll ends what the owner has going. A run that goes on finds its row gone
// and is given up.
func (tx *tx) stopAll(ctx context.Context, owner UserID) error {
	if err := tx.endKernels(EndedDeleted, "user_id = ?", owner); err != nil {
		return err
	}
	if err := tx.cancelAll(ctx, owner, "user_id = ?", owner); err != nil {
		return err
	}
	var tokens []TokenID
	err := tx.db.Raw("SELECT id FROM tokens WHERE user_id = ? AND revoked_at IS NULL", owner).Scan(&tokens).Error
	if err != nil {
		return err
	}
	for _, id := range tokens {
		if err := tx.hint(Hint{Token: id}); err != nil {
			return err
		}
	}
	return nil
}

// leaveBytes notes the blobs that a sweep has to take.
func (tx *tx) leaveBytes(owner UserID) error {
	return tx.db.Exec(`INSERT INTO leftovers (blob_key) SELECT blob_key FROM files WHERE user_id = ? AND state <> 'purged'
		ON CONFLICT DO NOTHING`, owner).Error
}

// ClaimLeftovers claims up to limit blobs of deleted accounts. Two sweeps never
// claim the same one.
func (y System) ClaimLeftovers(ctx context.Context, limit int) (keys []string, err error) {
	err = y.db.WithContext(ctx).Raw(`UPDATE leftovers SET claimed_at = now() WHERE blob_key IN (SELECT blob_key FROM leftovers
			WHERE claimed_at IS NULL OR claimed_at <= now() - make_interval(secs => ?) LIMIT ? FOR UPDATE SKIP LOCKED)
		RETURNING blob_key`, sweepLease.Seconds(), limit).Scan(&keys).Error
	return keys, failed("claim leftovers", err)
}

// DropLeftovers forgets blobs that are gone.
func (y System) DropLeftovers(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return failed("drop leftovers", y.db.WithContext(ctx).Exec("DELETE FROM leftovers WHERE blob_key IN ?", keys).Error)
}
