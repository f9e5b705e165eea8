package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// shareLasts: nobody ended it, and its time is not over by the database's clock.
const shareLasts = "shares.ended_at IS NULL AND shares.expires_at > now()"

// shareWorks is the predicate of every read through a share, in the statement that
// finds what is shown: it lasts, and its notebook is not in the bin. One that is
// brought back in time has its links again.
const shareWorks = shareLasts + " AND NOT EXISTS (SELECT FROM notebooks AS binned WHERE binned.id = shares.notebook_id AND binned.deleted_at IS NOT NULL)"

const shareRow = `shares.*, now() AS read_at, notebooks.deleted_at IS NOT NULL AS binned, coalesce(notebooks.name, left(runs.code, 4000)) AS title FROM shares
	LEFT JOIN notebooks ON notebooks.id = shares.notebook_id LEFT JOIN runs ON runs.id = shares.run_id `

// ShareNotebook makes a link to a notebook of the owner's. It works as long as
// every file of the notebook that lives now does, and no longer than a new file
// would. The token is stored nowhere. over_limit means MaxShares.
func (s *Store) ShareNotebook(ctx context.Context, owner UserID, id NotebookID) (token string, made *Share, err error) {
	err = s.inTx(ctx, "share notebook", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.lockNotebook(owner, id); err != nil {
			return err
		}
		token, made, err = tx.insertShare(owner, &id, nil, s.limits)
		return err
	})
	return token, made, err
}

// ShareRun is ShareNotebook for one run.
func (s *Store) ShareRun(ctx context.Context, owner UserID, id RunID) (token string, made *Share, err error) {
	if !id.wellFormed() {
		return "", nil, NotFound("run")
	}
	err = s.inTx(ctx, "share run", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		var there bool
		err := tx.db.Raw("SELECT true FROM runs WHERE id = ? AND user_id = ? FOR KEY SHARE", id, owner).Scan(&there).Error
		if err == nil && !there {
			return NotFound("run")
		}
		if err != nil {
			return err
		}
		token, made, err = tx.insertShare(owner, nil, &id, s.limits)
		return err
	})
	return token, made, err
}

func (tx *tx) insertShare(owner UserID, notebook *NotebookID, run *RunID, limits Limits) (secret string, made *Share, err error) {
	var working int
	err = tx.db.Raw("SELECT count(*) FROM shares WHERE user_id = ? AND "+shareLasts, owner).Scan(&working).Error
	if err != nil {
		return "", nil, err
	}
	if working >= MaxShares {
		return "", nil, overLimit("You share %d pages, which is the most. End one of them first.", working)
	}
	secret, made = token(), &Share{}
	err = tx.db.Raw(`INSERT INTO shares (id, hash, user_id, notebook_id, run_id, expires_at) VALUES (@id, @hash, @owner, @notebook, @run,
			least(now() + make_interval(secs => @life), (SELECT min(expires_at) FROM files WHERE user_id = @owner AND `+live+`
				AND (notebook_id = @notebook OR run_id = @run)))) RETURNING *, now() AS read_at`,
		map[string]any{"id": token(), "hash": hashOf(secret), "owner": owner, "notebook": notebook, "run": run, "life": limits.FileLifetime.Seconds()}).
		Scan(made).Error
	if err != nil {
		return "", nil, err
	}
	line := Audit{Actor: "user:" + string(owner), Action: "share.make", UserID: owner}
	if run != nil {
		line.RunID = *run
	}
	return secret, made, tx.audit(line)
}

// Shares returns the owner's shares that work, the newest first.
func (s *Store) Shares(ctx context.Context, owner UserID) ([]Share, error) {
	return s.shares(ctx, "true", map[string]any{"owner": owner})
}

// SharesOfNotebook is Shares of one notebook.
func (s *Store) SharesOfNotebook(ctx context.Context, owner UserID, id NotebookID) ([]Share, error) {
	return s.shares(ctx, "shares.notebook_id = @id", map[string]any{"owner": owner, "id": id})
}

// SharesOfRun is Shares of one run.
func (s *Store) SharesOfRun(ctx context.Context, owner UserID, id RunID) ([]Share, error) {
	return s.shares(ctx, "shares.run_id = @id", map[string]any{"owner": owner, "id": id})
}

func (s *Store) shares(ctx context.Context, which string, args map[string]any) ([]Share, error) {
	var all []Share
	err := s.db.WithContext(ctx).Raw("SELECT "+shareRow+"WHERE shares.user_id = @owner AND "+which+" AND "+shareWorks+
		" ORDER BY shares.created_at DESC, shares.id", args).Scan(&all).Error
	for i := range all {
		all[i].nameRun()
	}
	return all, failed("list shares", err)
}

// nameRun makes the title of a run from its code.
func (s *Share) nameRun() {
	if s.RunID != nil {
		s.Title = titleOf(s.Title)
	}
}

// EndShare makes a link of the owner's lead nowhere, from this moment on. One
// that has ended stays so; somebody else's is not_found.
func (s *Store) EndShare(ctx context.Context, owner UserID, id ShareID) (*Share, error) {
	if !id.wellFormed() {
		return nil, NotFound("shared page")
	}
	var ended Share
	err := s.inTx(ctx, "end share", func(tx *tx) error {
		err := tx.db.Raw("UPDATE shares SET ended_at = coalesce(ended_at, now()) WHERE id = ? AND user_id = ? RETURNING *, now() AS read_at", id, owner).
			Take(&ended).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return NotFound("shared page")
		}
		if err != nil {
			return err
		}
		return tx.audit(Audit{Actor: "user:" + string(owner), Action: "share.end", UserID: owner})
	})
	return &ended, err
}

// Shared returns the share whose link has this token. gone means that there was
// one and it has ended; anything else is not_found.
func (s *Store) Shared(ctx context.Context, token string) (*Share, error) {
	if !LooksLikeShare(token) {
		return nil, errNoShare
	}
	var share Share
	err := s.db.WithContext(ctx).Raw("SELECT "+shareRow+"WHERE shares.hash = ?", hashOf(token)).Take(&share).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return nil, errNoShare
	case err != nil:
		return nil, failed("read share", err)
	case !share.Works():
		return nil, errShareOver
	}
	share.nameRun()
	return &share, nil
}
