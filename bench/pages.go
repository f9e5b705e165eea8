package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"mayfly/internal/pgserver"
)

// visitors is how many people are signed in, each in a browser of their own.
const visitors = 200

// pagesBench measures the pages that people look at most, with the files, runs and
// notebooks of a busy person on each.
type pagesBench struct {
	server *server
	client *http.Client
	turn   atomic.Int64
}

func benchPages(ctx context.Context, s settings) (err error) {
	above, err := startServer(ctx, s.server, s.runtime, "MAYFLY_RATES="+raised)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, above.close()) }()
	if err := settle(ctx, above.data, visitors); err != nil {
		return err
	}
	time.Sleep(10 * breath) // until Python is warm
	b := &pagesBench{server: above, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: apiCrowd, DisableCompression: true}}}
	printMachine(os.Stdout)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%d people, %d at once\t/s\tp50 ms\tp99 ms\tserver ms\tof it database ms\tall ms\tKB\t\n", visitors, apiCrowd)
	which, err := regexp.Compile(s.programs)
	if err != nil {
		return err
	}
	for _, path := range []string{"/healthz", "/", "/files", "/runs", "/notebooks", "/settings", "/docs"} {
		if !which.MatchString(path) {
			continue
		}
		if err := b.look(s.load, path, table); err != nil {
			return err
		}
	}
	return table.Flush()
}

// look keeps one page up for a time.
func (b *pagesBench) look(load time.Duration, path string, table io.Writer) error {
	var bytes atomic.Int64
	pid := b.server.process.Process.Pid
	server, database, all := processorTimeOf(pid), databaseTimeOf(pid), processorTime()
	took, asked, err := crowdOf(load, func() error {
		n, err := b.ask(path)
		bytes.Store(n)
		return err
	})
	if err != nil {
		return err
	}
	each := func(d time.Duration) float64 { return ms(d) / float64(asked) }
	fmt.Fprintf(table, "%s\t%.0f\t%.1f\t%.1f\t%.2f\t%.2f\t%.2f\t%.1f\t\n", path, float64(len(took))/load.Seconds(), ms(share(took, 0.5)), ms(share(took, 0.99)),
		each(processorTimeOf(pid)-server), each(databaseTimeOf(pid)-database), each(processorTime()-all), float64(bytes.Load())/1000)
	return nil
}

// ask reads the page as the next of the visitors, compressed as for a browser.
func (b *pagesBench) ask(path string) (int64, error) {
	req, err := http.NewRequest(http.MethodGet, b.server.url+path, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	req.AddCookie(&http.Cookie{Name: "mayfly", Value: visitorToken(int(b.turn.Add(1)) % visitors)})
	resp, err := b.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, resp.Status)
	}
	return n, err
}

func visitorToken(n int) string { return fmt.Sprintf("visitor%019d", n) }

// settle gives so many visitors a session each, 50 files of which some expire soon, 60
// runs and five notebooks of ten cells.
func settle(ctx context.Context, data string, people int) error {
	conn, err := pgx.Connect(ctx, pgserver.Config{Data: data}.AdminURL(pgserver.Database))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for n := range people {
		if err := layBlobs(filepath.Join(data, "blobs", fmt.Sprint(1000+n))); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(visitorToken(n)))
		for _, sql := range settling {
			if _, err := conn.Exec(ctx, sql, fmt.Sprint(1000+n), hex.EncodeToString(sum[:])); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
	}
	_, err = conn.Exec(ctx, "ANALYZE")
	return err
}

// Each visitor has so many files, of so many bytes.
const (
	settledFiles = 50
	settledBytes = 61204
)

// layBlobs makes the bytes of a visitor's files, all of them holes: the server
// compares rows and bytes as it starts, and lists no file whose bytes are missing.
func layBlobs(folder string) error {
	err := os.MkdirAll(folder, 0o755)
	for n := 1; err == nil && n <= settledFiles; n++ {
		var blob *os.File
		if blob, err = os.Create(filepath.Join(folder, strconv.Itoa(n))); err == nil {
			err = errors.Join(blob.Truncate(settledBytes), blob.Close())
		}
	}
	return err
}

// settling are statements about the visitor $1, whose session has the hash $2.
var settling = []string{
	`WITH made AS (INSERT INTO users (id, name) VALUES ($1, 'Person ' || $1) RETURNING id)
		INSERT INTO sessions (hash, user_id, agent, expires_at) SELECT $2, id, 'bench', now() + interval '1 day' FROM made`,
	`INSERT INTO runs (id, user_id, source, code, state, ending, wall_limit, memory_limit, wall, finished_at, expires_at, queued_at)
		SELECT lpad(translate($1 || 'r' || n, '0189', 'abcd'), 26, 'a'), $1, (ARRAY['web','discord','api'])[1 + n % 3], 'df = load_file("a.csv")' || E'\nprint(df)',
			'done', 'ok', 60000000000, 536870912, 1840000000, now(), now() + interval '1 day', now() - n * interval '7 minutes'
		FROM generate_series(1, 60) AS n WHERE $2 <> ''`,
	`INSERT INTO files (id, user_id, run_id, source, name, version, size, sha256, media_type, category, state, blob_key, expires_at)
		SELECT $1 || '_1_' || lpad(translate($1 || 'f' || n, '0189', 'abcd'), 26, 'a'), $1, lpad(translate($1 || 'r' || n, '0189', 'abcd'), 26, 'a'), 'web',
			'report_of_week_' || n || '.csv', 1, 61204, $2, 'text/csv', 'data', 'ready', $1 || '/' || n, now() + n * interval '57 minutes'
		FROM generate_series(1, 50) AS n`,
	`INSERT INTO notebooks (id, user_id, name) SELECT lpad(translate($1 || 'n' || n, '0189', 'abcd'), 26, 'a'), $1, 'Raid night ' || n
		FROM generate_series(1, 5) AS n WHERE $2 <> ''`,
	`INSERT INTO cells (id, notebook_id, place, kind, text, digest)
		SELECT lpad(translate($1 || 'c' || n || 'x' || c, '0189', 'abcd'), 26, 'a'), lpad(translate($1 || 'n' || n, '0189', 'abcd'), 26, 'a'), c, 'code', 'x = 1', $2
		FROM generate_series(1, 5) AS n, generate_series(1, 10) AS c`,
}
