package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// whence are the columns of a run that name where it comes from: its notebook and
// cell, as far as they are there, and the app that asked for it.
const (
	whence     = "coalesce(notebooks.name, '') AS notebook_name, coalesce(cells.place, 0) AS cell_place, coalesce(apps.name, '') AS app_name"
	whenceFrom = ` FROM runs
		LEFT JOIN notebooks ON notebooks.id = runs.notebook_id AND notebooks.user_id = runs.user_id AND notebooks.deleted_at IS NULL
		LEFT JOIN cells ON cells.id = runs.cell_id AND cells.notebook_id = notebooks.id AND cells.deleted_at IS NULL
		LEFT JOIN apps ON apps.id = runs.app_id `
)

// RunInFull returns one run of the owner's with where it comes from and the
// notebook that was opened from it, for its page; or not_found.
func (s *Store) RunInFull(ctx context.Context, owner UserID, id RunID) (*Run, error) {
	if !id.wellFormed() {
		return nil, NotFound("run")
	}
	var run Run
	err := s.db.WithContext(ctx).Raw(`SELECT runs.*, now() AS read_at, `+askedAt+`, `+whence+`,
			(SELECT opened.id FROM notebooks AS opened WHERE opened.from_run = runs.id AND opened.user_id = runs.user_id
				AND opened.deleted_at IS NULL) AS opened,
			(SELECT count(*) FROM files WHERE run_id = runs.id AND state <> 'pending') AS file_count`+whenceFrom+
		`WHERE runs.id = ? AND runs.user_id = ?`, id, owner).Take(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, NotFound("run")
	}
	return &run, failed("read run", err)
}

// RunQuery narrows a page of the history. Each zero field leaves its question
// out.
type RunQuery struct {
	Ending   Ending     // how it ended
	State    State      // how far it has come; not both of these
	Source   Source     // where it came from
	App      AppID      // the app that asked for it
	Notebook NotebookID // whose cells it ran
	Search   string     // part of its code, any case
	Day      time.Time  // queued on that day of UTC

	Before RunID // older than this run; "" begins at the newest
	After  RunID // newer than this run, those next to it; not both of these
	Limit  int   // at most MaxPage; 0 means MaxPage
}

// RunPage is one page of the history. Of each run it has what a list shows; the
// code is cut, and long enough for its title.
type RunPage struct {
	Runs         []Run
	Newer, Older bool // there are such runs
}

// listedRun is a run of the history as it is read by hand, past GORM: Home and the
// history ask for many at once. Of the code it reads what the title is found in:
// pages of code would be read for one line of each.
const listedRun = `runs.id, runs.source, left(runs.code, 4000), runs.state, runs.ending, runs.wall, runs.paused, runs.queued_at, runs.started_at,
	runs.notebook_id, runs.cell_id, runs.app_id, now(), (SELECT asked_at FROM questions WHERE run_id = runs.id AND ` + open + `),
	coalesce(notebooks.name, ''), coalesce(cells.place, 0), coalesce(apps.name, ''),
	(SELECT count(*) FROM files WHERE files.run_id = runs.id AND ` + live + ")" + whenceFrom

// listed reads runs that listedRun found.
func listed(rows pgx.Rows, owner UserID) ([]Run, error) {
	defer rows.Close()
	var runs []Run
	for rows.Next() {
		runs = append(runs, Run{UserID: owner})
		r := &runs[len(runs)-1]
		err := rows.Scan(&r.ID, &r.Source, &r.Code, &r.State, &r.Ending, &r.Wall, &r.Paused, &r.QueuedAt, &r.StartedAt, &r.NotebookID, &r.CellID,
			&r.AppID, &r.ReadAt, &r.AskedAt, &r.NotebookName, &r.CellPlace, &r.AppName, &r.FileCount)
		if err != nil {
			return nil, err
		}
	}
	return runs, rows.Err()
}

// Runs returns a page of the owner's history from all surfaces, newest first.
func (s *Store) Runs(ctx context.Context, owner UserID, q RunQuery) (*RunPage, error) {
	if !q.asksFor() {
		return &RunPage{}, nil
	}
	where, args := q.where(owner)
	order := "DESC"
	if q.After != "" {
		order = "ASC"
	}
	most := pageOf(q.Limit)
	args["most"] = most + 1
	rows, err := s.pool.Query(ctx, "SELECT "+listedRun+"WHERE "+where+" ORDER BY runs.queued_at "+order+", runs.id "+order+" LIMIT @most", pgx.NamedArgs(args))
	if err != nil {
		return nil, failed("list runs", err)
	}
	runs, err := listed(rows, owner)
	return q.page(runs, most), failed("list runs", err)
}

// asksFor reports whether anything can fit. What is malformed fits nothing.
func (q RunQuery) asksFor() bool {
	return (q.Before == "" || q.Before.wellFormed()) && (q.After == "" || q.After.wellFormed()) && (q.App == "" || q.App.wellFormed()) &&
		(q.Notebook == "" || q.Notebook.wellFormed()) && asksFor(q.Search) && asksFor(string(q.Source)) && asksFor(string(q.Ending)) && asksFor(string(q.State))
}

func (q RunQuery) where(owner UserID) (string, map[string]any) {
	where, args := []string{"runs.user_id = @owner"}, map[string]any{"owner": owner}
	add := func(asked bool, name, condition string, value any) {
		if asked {
			where = append(where, condition)
			args[name] = value
		}
	}
	add(q.Ending != "", "ending", "runs.ending = @ending", q.Ending)
	add(q.State != "", "state", "runs.state = @state", q.State)
	add(q.Source != "", "source", "runs.source = @source", q.Source)
	add(q.App != "", "app", "runs.app_id = @app", q.App)
	add(q.Notebook != "", "notebook", "runs.notebook_id = @notebook", q.Notebook)
	add(q.Search != "", "search", "runs.code ILIKE @search", "%"+escapedLike(q.Search)+"%")
	add(!q.Day.IsZero(), "day", "runs.queued_at >= @day AND runs.queued_at < cast(@day AS timestamptz) + interval '1 day'", q.Day.UTC().Truncate(24*time.Hour))
	const place = "(runs.queued_at, runs.id) %s (SELECT queued_at, id FROM runs AS mark WHERE mark.id = @mark AND mark.user_id = @owner)"
	add(q.Before != "", "mark", strings.Replace(place, "%s", "<", 1), q.Before)
	add(q.Before == "" && q.After != "", "mark", strings.Replace(place, "%s", ">", 1), q.After)
	return strings.Join(where, " AND "), args
}

// page cuts what was read, one run more than the page, and says what is beyond.
func (q RunQuery) page(runs []Run, most int) *RunPage {
	more := len(runs) > most
	runs = runs[:min(len(runs), most)]
	if q.After != "" && q.Before == "" {
		slices.Reverse(runs)
		return &RunPage{Runs: runs, Newer: more, Older: true}
	}
	return &RunPage{Runs: runs, Newer: q.Before != "", Older: more}
}

// escapedLike is text as LIKE takes it literally.
func escapedLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// RunSource is an app or a notebook that runs of somebody's came from.
type RunSource struct{ ID, Name string }

// RunSources returns the apps that asked for runs of the owner's, and the
// notebooks that they are of, as far as these are there: each by name.
func (s *Store) RunSources(ctx context.Context, owner UserID) (apps, notebooks []RunSource, err error) {
	db := s.db.WithContext(ctx)
	err = db.Raw(`SELECT id, name FROM apps WHERE EXISTS (SELECT FROM runs WHERE runs.app_id = apps.id AND runs.user_id = ?)
		ORDER BY lower(name), id LIMIT ?`, owner, MaxPage).Scan(&apps).Error
	if err == nil {
		err = db.Raw(`SELECT id, name FROM notebooks WHERE user_id = ? AND deleted_at IS NULL
			AND EXISTS (SELECT FROM runs WHERE runs.notebook_id = notebooks.id) ORDER BY lower(name), id LIMIT ?`, owner, MaxPage).Scan(&notebooks).Error
	}
	return apps, notebooks, failed("list sources of runs", err)
}

// ActiveRuns returns the owner's runs that are not over as a list shows them, those
// that run first, each kind from the oldest on.
func (s *Store) ActiveRuns(ctx context.Context, owner UserID) ([]Run, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+activeRuns, pgx.NamedArgs{"owner": owner, "most": MaxPage})
	if err != nil {
		return nil, failed("list active runs", err)
	}
	runs, err := listed(rows, owner)
	return runs, failed("list active runs", err)
}

const activeRuns = listedRun + "WHERE runs.user_id = @owner AND runs.state <> 'done' ORDER BY runs.state DESC, runs.queued_at, runs.id LIMIT @most"

// RanEver reports whether the owner has any run that is remembered.
func (s *Store) RanEver(ctx context.Context, owner UserID) (ever bool, err error) {
	err = s.db.WithContext(ctx).Raw("SELECT EXISTS (SELECT FROM runs WHERE user_id = ?)", owner).Scan(&ever).Error
	return ever, failed("ask for runs", err)
}
