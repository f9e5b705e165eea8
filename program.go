package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/config"
	"mayfly/events"
	"mayfly/internal/pgserver"
	"mayfly/jobs"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/sandbox/jail"
	"mayfly/storage"
)

// What a process may do (MAYFLY_ROLES).
const (
	roleWeb    = "web"
	roleRunner = "runner"
)

// program is a running Mayfly as a value, so that tests start whole ones.
type program struct {
	logger *slog.Logger
	failed chan error    // what ended it by itself
	drain  time.Duration // how long stop waits for what is under way
	drains []func(context.Context) error
	ends   []func(context.Context) error
}

// start builds everything from the ground up and begins to serve. What it has
// started when something fails is stopped again. Python warms up behind it:
// pages are served meanwhile.
//
// above does what the jail needs root for; nil when this process is root's.
func start(ctx context.Context, cfg *config.Config, logger *slog.Logger, above *jail.Supervisor) (p *program, err error) {
	p = &program{logger: logger, failed: make(chan error, 4), drain: drainTime}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.stop())
		}
	}()
	for _, words := range warnings(cfg) {
		logger.Warn(words)
	}
	// Before the database, so that a port in use costs nothing and leaves nothing.
	doors, err := p.open(cfg)
	if err != nil {
		return p, err
	}
	record, err := p.openRecord(ctx, cfg)
	if err != nil {
		return p, err
	}
	work, err := p.startWork(ctx, cfg, record, above)
	if err != nil {
		return p, err
	}
	return p, p.serve(cfg, record, work, doors)
}

// doors are the listeners of the two origins; both nil without the role web.
type doors struct{ app, content net.Listener }

func (p *program) open(cfg *config.Config) (d doors, err error) {
	if !cfg.HasRole(roleWeb) {
		return d, nil
	}
	if d.app, err = listen(cfg.Listen, "MAYFLY_LISTEN"); err != nil {
		return d, err
	}
	p.atEnd(func(context.Context) error { return closeDoor(d.app) })
	if d.content, err = listen(cfg.ContentListen, "MAYFLY_CONTENT_LISTEN"); err != nil {
		return d, err
	}
	p.atEnd(func(context.Context) error { return closeDoor(d.content) })
	return d, nil
}

// closeDoor closes a listener that its server may have closed already.
func closeDoor(l net.Listener) error {
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// record is the book of record and the bytes it names.
type record struct {
	pool  *pgxpool.Pool
	store *models.Store
	vault *storage.Vault
	hub   *events.Hub

	applied []string // migrations, for the command that tells them
}

func (p *program) openRecord(ctx context.Context, cfg *config.Config) (*record, error) {
	url, err := p.startDatabase(ctx, cfg)
	if err != nil {
		return nil, err
	}
	pool, store, err := openStore(ctx, cfg, url, p.logger)
	if err != nil {
		return nil, err
	}
	p.atEnd(func(context.Context) error { pool.Close(); return nil })
	if _, err := migrate(ctx, pool, p.logger); err != nil {
		return nil, err
	}
	vault, err := openVault(cfg, store, p.logger)
	if err != nil {
		return nil, err
	}
	p.atEnd(func(context.Context) error { return vault.Close() })
	hub, err := events.Listen(ctx, pool, p.logger)
	if err != nil {
		return nil, fmt.Errorf("listen for hints: %w", err)
	}
	p.atEnd(func(context.Context) error { hub.Close(); return nil })
	return &record{pool: pool, store: store, vault: vault, hub: hub}, nil
}

// startDatabase starts the private cluster where no other database is set. A
// private one that ends takes the program with it: whoever supervises us starts
// both again.
func (p *program) startDatabase(ctx context.Context, cfg *config.Config) (url string, err error) {
	if cfg.DatabaseURL.Set() {
		return cfg.DatabaseURL.Reveal(), nil
	}
	server, err := pgserver.Start(ctx, pgserver.Config{Data: cfg.Data, Logger: p.logger})
	if err != nil {
		return "", err
	}
	p.atEnd(func(context.Context) error { return server.Stop() })
	go func() { // ends with the server, which the step above waits for
		<-server.Done()
		p.failed <- errors.New("the private PostgreSQL has ended by itself: its words are in the log above")
	}()
	return server.URL(), nil
}

// work is what runs code on this node. Without the role runner it only hands
// code to nodes that do, and jail is nil.
type work struct {
	runner *runner.Runner
	jail   *jail.Jail
}

// readyMax bounds the kernels that wait for a run: beyond it the fork is the
// work, and waiting ones do not help.
const readyMax = 8

func (p *program) startWork(ctx context.Context, cfg *config.Config, rec *record, above *jail.Supervisor) (*work, error) {
	setup := runner.Config{
		Store: rec.store, Vault: rec.vault, Hub: rec.hub, Node: cfg.Node, Limits: limitsOf(cfg, cfg.RunWall), Logger: p.logger,
		InputWait: cfg.InputWait, KernelIdle: cfg.KernelIdle,
	}
	if !cfg.HasRole(roleRunner) {
		watching := runner.New(setup)
		return &work{runner: watching}, p.keepLease(ctx, watching)
	}
	inside := jailConfig(cfg, p.logger)
	inside.Ready, inside.Supervisor = min(cfg.RunSlots, readyMax), above
	wall, err := jail.New(ctx, inside)
	if err != nil {
		return nil, err
	}
	p.atEnd(wall.Close)
	setup.Sandbox = wall
	run := runner.New(setup)
	if err := p.keepLease(ctx, run); err != nil {
		return nil, err
	}
	workers, err := jobs.New(rec.pool, jobs.Config{
		Slots: cfg.RunSlots, SweepEvery: cfg.SweepEvery, Store: rec.store, Vault: rec.vault, Runner: run, Logger: p.logger,
	})
	if err != nil {
		return nil, err
	}
	if err := workers.Start(ctx); err != nil {
		return nil, err
	}
	p.drains = append(p.drains, workers.Stop)
	return &work{run, wall}, nil
}

// keepLease lets the runner look after runs until the end.
func (p *program) keepLease(ctx context.Context, r *runner.Runner) error {
	if err := r.Start(ctx); err != nil {
		return err
	}
	p.atEnd(func(context.Context) error { r.Stop(); return nil })
	return nil
}

// atEnd adds a step of stopping; the last added is the first done.
func (p *program) atEnd(end func(context.Context) error) { p.ends = append(p.ends, end) }

// endTime bounds what comes after the draining: it waits for nothing that
// people do.
const endTime = 15 * time.Second

// stop takes no request any more, ends streams, and lets downloads and runs
// finish within the drain time, all at once; runs that do not are marked. Then it
// takes the rest down in the reverse order of its start, the database last
// (REL-3).
func (p *program) stop() error {
	draining, drained := context.WithTimeout(context.Background(), p.drain)
	defer drained()
	faults := make([]error, len(p.drains))
	var all sync.WaitGroup
	for i, drain := range p.drains {
		all.Go(func() { faults[i] = drain(draining) })
	}
	all.Wait()
	ending, ended := context.WithTimeout(context.Background(), endTime)
	defer ended()
	for i := len(p.ends) - 1; i >= 0; i-- {
		faults = append(faults, p.ends[i](ending))
	}
	p.drains, p.ends = nil, nil
	return errors.Join(faults...)
}
