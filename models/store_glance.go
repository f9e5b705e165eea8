package models

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Glance is what somebody sees of their account at first: how much of their
// limits they use, what goes on, what ran, what goes soon, what they wrote.
type Glance struct {
	Usage    Usage
	Active   []Run
	Recent   []Run
	Expiring []File
	Books    []*Notebook // without cells; of the kernel whether it lives and is busy
}

// GlanceQuery says how much of each.
type GlanceQuery struct {
	Runs, Files, Books int
	Within             time.Duration // files that go within that time
}

// Glance asks all of it in one round trip.
func (s *Store) Glance(ctx context.Context, owner UserID, q GlanceQuery) (*Glance, error) {
	args := pgx.NamedArgs{"owner": owner, "most": MaxPage, "runs": q.Runs, "files": q.Files, "books": q.Books, "within": q.Within.Seconds()}
	batch := &pgx.Batch{}
	for _, sql := range []string{usageRow, activeRuns, recentRuns, expiringFiles, recentBooks} {
		batch.Queue("SELECT "+sql, args)
	}
	answers := s.pool.SendBatch(ctx, batch)
	g, err := s.readGlance(answers, owner, q)
	if closed := answers.Close(); err == nil {
		err = closed
	}
	return g, failed("glance", err)
}

const (
	recentRuns    = listedRun + "WHERE runs.user_id = @owner ORDER BY runs.queued_at DESC, runs.id DESC LIMIT @runs"
	expiringFiles = listedRow + "WHERE user_id = @owner AND " + live + " AND expires_at < now() + make_interval(secs => @within) ORDER BY expires_at, id LIMIT @files"
	recentBooks   = `n.id, n.name, n.changed_at, now(), (SELECT count(*) FROM cells WHERE notebook_id = n.id AND deleted_at IS NULL),
			kernels.id IS NOT NULL, kernels.id IS NOT NULL AND EXISTS (SELECT FROM runs WHERE runs.notebook_id = n.id AND runs.state = 'running')
		FROM notebooks AS n LEFT JOIN kernels ON kernels.notebook_id = n.id AND kernels.user_id = n.user_id AND kernels.ended_at IS NULL
		WHERE n.user_id = @owner AND n.deleted_at IS NULL ORDER BY n.changed_at DESC, n.id LIMIT @books`
)

// readGlance reads the answers in the order of the questions.
func (s *Store) readGlance(answers pgx.BatchResults, owner UserID, q GlanceQuery) (g *Glance, err error) {
	g = &Glance{}
	if g.Usage, err = s.usageOf(answers.QueryRow()); err != nil {
		return nil, err
	}
	for _, list := range []*[]Run{&g.Active, &g.Recent} {
		rows, err := answers.Query()
		if err != nil {
			return nil, err
		}
		if *list, err = listed(rows, owner); err != nil {
			return nil, err
		}
	}
	rows, err := answers.Query()
	if err == nil {
		g.Expiring, err = listedFiles(rows, owner, q.Files)
	}
	if err != nil {
		return nil, err
	}
	if rows, err = answers.Query(); err == nil {
		g.Books, err = listedBooks(rows, owner)
	}
	return g, err
}

func listedBooks(rows pgx.Rows, owner UserID) ([]*Notebook, error) {
	defer rows.Close()
	var books []*Notebook
	for rows.Next() {
		n, alive, busy := &Notebook{UserID: owner}, false, false
		if err := rows.Scan(&n.ID, &n.Name, &n.ChangedAt, &n.ReadAt, &n.CellCount, &alive, &busy); err != nil {
			return nil, err
		}
		if alive {
			n.Kernel = &Kernel{NotebookID: n.ID, UserID: owner, Busy: busy, ReadAt: n.ReadAt}
		}
		books = append(books, n)
	}
	return books, rows.Err()
}
