package models

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Queue is the seam to River: jobs are inserted and cancelled in the
// transaction that they follow from.
type Queue interface {
	// EnqueueRun inserts the job that works the run, and wakes a worker when
	// tx commits: of the node, or of any where that is "".
	EnqueueRun(ctx context.Context, tx pgx.Tx, id RunID, node string) (jobID int64, err error)
	// CancelJob ends a job that has not run or whose worker is gone.
	CancelJob(ctx context.Context, tx pgx.Tx, jobID int64) error
	// IdleJobs returns those of the jobs that nobody will work any more: ended,
	// gone, or taken longer than silence ago by a worker that has not begun.
	IdleJobs(ctx context.Context, tx pgx.Tx, jobIDs []int64, silence time.Duration) ([]int64, error)
}

// Store keeps the book of record. Every verb on it takes the owner first; verbs
// without one are on System. It is safe for concurrent use.
type Store struct {
	db     *gorm.DB
	pool   *pgxpool.Pool // the same connections, for the few statements that every call asks
	queue  Queue
	limits Limits
}

// NewStore returns a Store on the pool, which stays the caller's to close. The
// pool needs at least as many connections as there are concurrent callers: a
// verb never holds more than one.
func NewStore(pool *pgxpool.Pool, queue Queue, limits Limits) (*Store, error) {
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		Logger:                 logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Silent}),
	})
	if err != nil {
		return nil, failed("open store", err)
	}
	return &Store{db: db, pool: pool, queue: queue, limits: limits}, nil
}

// Limits returns the rules that the Store enforces.
func (s *Store) Limits() Limits { return s.limits }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return failed("ping", s.db.WithContext(ctx).Exec("SELECT 1").Error)
}

// Now returns the database clock, by which everything expires.
func (s *Store) Now(ctx context.Context) (now time.Time, err error) {
	err = s.db.WithContext(ctx).Raw("SELECT now()").Scan(&now).Error
	return now, failed("read the clock", err)
}

// System returns the verbs that have no owner: for workers, sweeps and
// start-up, never for a request.
func (s *Store) System() System { return System{s} }

// System is the Store without owners.
type System struct{ *Store }

// hintChannel is what LISTEN listens to.
const hintChannel = "mayfly_hint"

// Hint says which rows are worth another look. A missing part does not matter.
type Hint struct {
	User     UserID     `json:"user,omitempty"`
	Run      RunID      `json:"run,omitempty"`
	Notebook NotebookID `json:"notebook,omitempty"` // its text, a run of it or its kernel has changed
	Kernel   KernelID   `json:"kernel,omitempty"`   // it was ended: whoever holds it looks
	Token    TokenID    `json:"token,omitempty"`    // it was revoked
}

// HintChannel names the channel of hints, for whoever listens.
func HintChannel() string { return hintChannel }

// hint tells listeners when the transaction commits.
func (tx *tx) hint(h Hint) error {
	payload, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("hint: %w", err)
	}
	return tx.db.Exec("SELECT pg_notify(?, ?)", hintChannel, string(payload)).Error
}
