package models

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/jackc/pgx/v5"
)

// MaxCode bounds the source of one run, in bytes.
const MaxCode = 2 << 20

// maxFormKey bounds what a client may choose as a key; ours have 26 characters.
const (
	maxFormKey = 100
	maxGiven   = 100
)

// errGivenFile says the same of a file that is foreign, gone or never was.
var errGivenFile = &Error{Code: NotFoundCode, Message: "One of the given files is not there any more. Choose again."}

// QueueRun takes a run in: budget, form key, given files and the job, all in
// one transaction. The same form key gives the same run again. over_limit means
// that the owner's queue is full; not_found that a given file is not theirs or
// is gone.
func (s *Store) QueueRun(ctx context.Context, owner UserID, n NewRun) (*Run, error) {
	if err := n.check(s.limits); err != nil {
		return nil, err
	}
	var run *Run
	err := s.inTx(ctx, "queue run", func(tx *tx) (err error) {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		if err := tx.actFor(n.By, ScopeRun, owner); err != nil {
			return err
		}
		if run, err = tx.runAgain(owner, n); run != nil || err != nil {
			return err
		}
		if err := tx.checkQueue(owner, s.limits); err != nil {
			return err
		}
		run, err = tx.insertRun(owner, n, s.limits)
		if err != nil {
			return err
		}
		if err := tx.giveFiles(owner, run.ID, n.Files); err != nil {
			return err
		}
		if err := tx.enqueueNext(ctx, owner, s.limits); err != nil {
			return err
		}
		if err := tx.rememberRun(owner, n, run.ID); err != nil {
			return err
		}
		return tx.hint(Hint{User: owner, Run: run.ID})
	})
	return run, err
}

func (n NewRun) check(limits Limits) error {
	switch {
	case strings.TrimSpace(n.Code) == "":
		return Invalid("There is no code to run.")
	case len(n.Code) > MaxCode:
		return Invalid("The code is larger than 2 MiB. Put data into a file and load it with load_file.")
	case strings.ContainsRune(n.Code, 0):
		return Invalid("The code holds a NUL character, which Python cannot read. Remove it.")
	case strings.ToValidUTF8(n.Code, "") != n.Code:
		return Invalid("The code is not valid UTF-8 text.")
	case len(n.Files) > maxGiven:
		return Invalid("A run can be given %d files at most. Given none, load_file reaches all of them.", maxGiven)
	case len(n.FormKey) > maxFormKey || !asksFor(n.FormKey):
		return Invalid("The form's key is no key of ours. Reload the page and run it again.")
	case slices.ContainsFunc(n.Files, func(id FileID) bool { return !id.wellFormed() }):
		return errGivenFile
	case n.Wall < 0 || n.Wall > max(limits.Wall, limits.WallMax):
		return Invalid("A run may ask for %s at most.", spoken(max(limits.Wall, limits.WallMax)))
	case len(n.Stdin) > MaxCode || !asksFor(n.Stdin):
		return Invalid("The input of a run is text without NUL, of 2 MiB at most.")
	}
	return n.Once.check()
}

func (tx *tx) checkQueue(owner UserID, limits Limits) error {
	var waiting int
	err := tx.db.Raw("SELECT count(DISTINCT coalesce(notebook_id, id)) FROM runs WHERE user_id = ? AND state = 'queued'", owner).Scan(&waiting).Error
	if err == nil && waiting >= limits.UserQueue {
		return overLimit("You have %d runs waiting, which is the most. Wait for one to end, or cancel one.", waiting)
	}
	return err
}

func (tx *tx) insertRun(owner UserID, n NewRun, limits Limits) (*Run, error) {
	var key *string
	if n.FormKey != "" {
		key = &n.FormKey
	}
	if n.Wall <= 0 {
		n.Wall = limits.Wall
	}
	var app *AppID
	var by *TokenID
	if n.By != nil {
		app, by = n.By.AppID, &n.By.ID
	}
	var run Run
	err := tx.db.Raw(`INSERT INTO runs (id, user_id, source, code, state, wall_limit, memory_limit, form_key, app_id, token_id, stdin, expires_at)
		VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?)) RETURNING *, now() AS read_at`,
		NewRunID(), owner, n.Source, n.Code, int64(n.Wall), limits.Memory, key, app, by, n.Stdin, limits.FileLifetime.Seconds()).Scan(&run).Error
	return &run, err
}

func (tx *tx) giveFiles(owner UserID, run RunID, ids []FileID) error {
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	done := tx.db.Exec(`INSERT INTO run_inputs (run_id, file_id, name, version, given)
		SELECT ?, id, name, version, true FROM files WHERE user_id = ? AND `+live+` AND id IN ?`, run, owner, ids)
	if done.Error == nil && int(done.RowsAffected) != len(ids) {
		return errGivenFile
	}
	return done.Error
}

// enqueueNext puts the owner's oldest waiting runs into River, as far as their
// turns go, of each notebook only the first. It is called with the owner locked,
// by whatever frees or takes a turn; so order and fairness need no memory of
// their own. A notebook with a live kernel waits for the node that holds it.
func (tx *tx) enqueueNext(ctx context.Context, owner UserID, limits Limits) error {
	var waiting []struct {
		ID   RunID
		Node string
	}
	err := tx.db.Raw(`SELECT id, coalesce((SELECT kernels.node FROM kernels WHERE kernels.notebook_id = runs.notebook_id
				AND kernels.ended_at IS NULL), '') AS node
			FROM runs WHERE user_id = @owner AND state = 'queued' AND job_id IS NULL AND NOT EXISTS (
				SELECT FROM runs AS other WHERE other.notebook_id = runs.notebook_id AND other.state <> 'done' AND (
					other.job_id IS NOT NULL OR (other.queued_at, other.id) < (runs.queued_at, runs.id)))
		ORDER BY queued_at, id LIMIT greatest(0, @turns - (
			SELECT count(*) FROM runs WHERE user_id = @owner AND state <> 'done' AND job_id IS NOT NULL))`,
		map[string]any{"owner": owner, "turns": limits.UserKernels}).Scan(&waiting).Error
	if err != nil {
		return err
	}
	for _, next := range waiting {
		var job int64
		err := tx.withPgx(func(p pgx.Tx) (err error) {
			job, err = tx.queue.EnqueueRun(ctx, p, next.ID, next.Node)
			return err
		})
		if err != nil {
			return err
		}
		if err := tx.db.Exec("UPDATE runs SET job_id = ?, node = ? WHERE id = ?", job, next.Node, next.ID).Error; err != nil {
			return err
		}
	}
	return nil
}

// Run returns one run of the owner's, or not_found.
func (s *Store) Run(ctx context.Context, owner UserID, id RunID) (*Run, error) {
	if !id.wellFormed() {
		return nil, NotFound("run")
	}
	var run Run
	err := s.db.WithContext(ctx).Raw(`SELECT *, now() AS read_at, `+askedAt+`,
			(SELECT count(*) FROM files WHERE run_id = runs.id AND state <> 'pending') AS file_count
		FROM runs WHERE id = ? AND user_id = ?`, id, owner).Take(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("run")
	}
	return &run, failed("read run", err)
}

// Position returns the place of a queued run among all that wait: 1 is next, 0
// is not queued. Runs behind their own owner's limit come after those that
// River has.
func (s *Store) Position(ctx context.Context, owner UserID, id RunID) (place int, err error) {
	if !id.wellFormed() {
		return 0, nil
	}
	err = s.db.WithContext(ctx).Raw(`SELECT count(*) FROM runs AS mine JOIN runs AS other ON other.state = 'queued'
			AND ((other.job_id IS NULL)::int, other.queued_at, other.id) <= ((mine.job_id IS NULL)::int, mine.queued_at, mine.id)
		WHERE mine.id = ? AND mine.user_id = ? AND mine.state = 'queued'`, id, owner).Scan(&place).Error
	return place, failed("read queue position", err)
}

// Interrupt stops a run of the owner's: a queued one is cancelled at once, a
// running one is asked to stop. Conflict means that it is over already.
func (s *Store) Interrupt(ctx context.Context, owner UserID, id RunID) error {
	if !id.wellFormed() {
		return NotFound("run")
	}
	return s.inTx(ctx, "interrupt run", func(tx *tx) error {
		if err := tx.lockUser(owner); err != nil {
			return err
		}
		var run Run
		err := tx.db.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ? AND user_id = ?", id, owner).Take(&run).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return NotFound("run")
		}
		if err != nil {
			return err
		}
		switch run.State {
		case Queued:
			err = tx.cancel(ctx, run, s.limits)
		case Running:
			err = tx.db.Exec("UPDATE runs SET interrupt_at = coalesce(interrupt_at, now()) WHERE id = ?", id).Error
		default:
			return conflict("That run is over already.")
		}
		if err != nil {
			return err
		}
		return tx.hint(Hint{User: owner, Run: id, Notebook: run.notebook()})
	})
}

func (tx *tx) cancel(ctx context.Context, run Run, limits Limits) error {
	err := tx.db.Exec(`UPDATE runs SET state = 'done', ending = 'cancelled', return_code = ?, finished_at = now()
		WHERE id = ? AND state = 'queued'`, Cancelled.ReturnCode(), run.ID).Error
	if err != nil {
		return err
	}
	if err := tx.dropJob(ctx, run.JobID); err != nil {
		return err
	}
	return tx.enqueueNext(ctx, run.UserID, limits)
}

func (tx *tx) dropJob(ctx context.Context, job *int64) error {
	if job == nil {
		return nil
	}
	return tx.withPgx(func(p pgx.Tx) error { return tx.queue.CancelJob(ctx, p, *job) })
}

func pageOf(limit int) int {
	if limit <= 0 || limit > MaxPage {
		return MaxPage
	}
	return limit
}
