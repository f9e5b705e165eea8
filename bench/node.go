package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/events"
	"mayfly/internal/pgserver"
	"mayfly/jobs"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/sandbox"
	"mayfly/sandbox/jail"
	"mayfly/storage"
)

// node is everything below HTTP in this process: the private PostgreSQL with
// its usual settings, store, vault, hub, runner, River's workers and the jail.
type node struct {
	pool   *pgxpool.Pool
	store  *models.Store
	vault  *storage.Vault
	hub    *events.Hub
	runner *runner.Runner
	wall   *jail.Jail
	blobs  string
	clock  *clock
	ends   []func() error // the last is done first
}

// person is who a worker is: one has few runs at once.
func person(worker int) models.UserID { return models.UserID(strconv.Itoa(worker + 1)) }

// slots is the default on two cores (MAYFLY_RUN_SLOTS).
const slots = 4

func startNode(ctx context.Context, runtime string) (n *node, err error) {
	n = &node{clock: &clock{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if err := n.openRecord(ctx); err != nil {
		return n, err
	}
	if err := n.startWork(ctx, runtime); err != nil {
		return n, err
	}
	for worker := range slices.Max(crowds) {
		if _, err := n.store.SignIn(ctx, models.DiscordProfile{ID: person(worker), Name: "bench"}); err != nil {
			return n, err
		}
	}
	return n, n.wall.AwaitReady(ctx)
}

func (n *node) atEnd(end func() error) { n.ends = append(n.ends, end) }

func (n *node) close() error {
	var faults []error
	for i := len(n.ends) - 1; i >= 0; i-- {
		faults = append(faults, n.ends[i]())
	}
	return errors.Join(faults...)
}

// folder makes a data folder that the database's user may pass through.
func folder() (string, error) {
	dir, err := os.MkdirTemp("", "mayfly-bench-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

func (n *node) openRecord(ctx context.Context) error {
	dir, err := folder()
	if err != nil {
		return err
	}
	n.atEnd(func() error { return os.RemoveAll(dir) })
	server, err := pgserver.Start(ctx, pgserver.Config{Data: dir, Logger: quiet})
	if err != nil {
		return err
	}
	n.atEnd(server.Stop)
	settings, err := pgxpool.ParseConfig(server.URL() + "&pool_max_conns=40")
	if err != nil {
		return err
	}
	settings.ConnConfig.Tracer = n.clock
	if n.pool, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return err
	}
	n.atEnd(func() error { n.pool.Close(); return nil })
	if _, err := models.Migrate(ctx, n.pool); err != nil {
		return err
	}
	if _, err := jobs.Migrate(ctx, n.pool, quiet); err != nil {
		return err
	}
	queue, err := jobs.NewQueue(n.pool, quiet)
	if err != nil {
		return err
	}
	if n.store, err = models.NewStore(n.pool, queue, models.DefaultLimits()); err != nil {
		return err
	}
	n.blobs = filepath.Join(dir, "blobs")
	n.vault, err = storage.Open(n.store, storage.Config{URL: "file://" + n.blobs, FileMax: 50_000_000, OrphanGrace: time.Hour, Logger: quiet})
	return err
}

func (n *node) startWork(ctx context.Context, runtime string) error {
	var err error
	if n.wall, err = jail.New(ctx, jail.Config{Runtime: runtime, User: "mayfly-jail", Logger: quiet, Ready: slots}); err != nil {
		return err
	}
	n.atEnd(func() error { return n.wall.Close(context.Background()) })
	if n.hub, err = events.Listen(ctx, n.pool, quiet); err != nil {
		return err
	}
	n.atEnd(func() error { n.hub.Close(); return nil })
	n.runner = runner.New(runner.Config{
		Store: n.store, Vault: n.vault, Sandbox: timed{n.wall, n.clock}, Hub: n.hub, Node: "bench", Limits: sandbox.DefaultLimits(), Logger: quiet,
	})
	if err := n.runner.Start(ctx); err != nil {
		return err
	}
	n.atEnd(func() error { n.runner.Stop(); return nil })
	workers, err := jobs.New(n.pool, jobs.Config{
		Slots: slots, SweepEvery: time.Hour, Store: n.store, Vault: n.vault, Runner: n.runner, Logger: quiet,
	})
	if err != nil {
		return err
	}
	if err := workers.Start(ctx); err != nil {
		return err
	}
	n.atEnd(func() error { return workers.Stop(context.Background()) })
	return nil
}

// do hands the program in and waits for its result.
func (n *node) do(ctx context.Context, p program, worker int) (func() error, error) {
	run, err := n.runner.Submit(ctx, person(worker), models.NewRun{Code: p.code, Source: models.FromAPI})
	if err != nil {
		return nil, err
	}
	n.clock.mark("submitted")
	if run, err = n.runner.Await(ctx, person(worker), run.ID); err != nil {
		return nil, err
	}
	if run.Ending != models.OK || run.FileCount != len(p.files) {
		return nil, fmt.Errorf("it ended %s (%s) with %d files", run.Ending, run.Exception, run.FileCount)
	}
	return nil, nil
}

// quiet logs faults only.
var quiet = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
