package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/urfave/cli/v3"

	"mayfly/config"
	"mayfly/internal/pgserver"
	"mayfly/jobs"
	"mayfly/models"
	"mayfly/storage"
)

// connections is the pool's size. Each request and each run holds one at a
// time, and two listen for good; PostgreSQL's own default allows 100.
const connections = 40

func migrateCommand() *cli.Command {
	return &cli.Command{
		Name:        "migrate",
		Usage:       "bring the database up to this version",
		Description: "Example: mayfly migrate\nserve does it by itself; run it alone before starting several nodes.",
		Action: func(ctx context.Context, _ *cli.Command) error {
			return withRecord(ctx, func(rec *record) error {
				for _, name := range rec.applied {
					fmt.Println("applied", name)
				}
				if len(rec.applied) == 0 {
					fmt.Println("nothing to apply: the database is up to date")
				}
				return nil
			})
		},
	}
}

// withRecord lends a command the book of record: the private cluster's running
// server, or one that is started for as long as the command takes.
func withRecord(ctx context.Context, use func(*record) error) error {
	cfg, err := settings()
	if err != nil {
		return err
	}
	if isRoot() {
		return goOnApart(ctx, cfg)
	}
	logger := newLogger()
	url := cfg.DatabaseURL.Reveal()
	if url == "" {
		server, err := pgserver.Attach(ctx, pgserver.Config{Data: cfg.Data, Logger: logger})
		if err != nil {
			return trouble(err)
		}
		defer server.Stop()
		url = server.URL()
	}
	pool, store, err := openStore(ctx, cfg, url, logger)
	if err != nil {
		return trouble(err)
	}
	defer pool.Close()
	applied, err := migrate(ctx, pool, logger)
	if err != nil {
		return trouble(err)
	}
	vault, err := openVault(cfg, store, logger)
	if err != nil {
		return trouble(err)
	}
	if err := use(&record{pool: pool, store: store, vault: vault, applied: applied}); err != nil {
		return trouble(err)
	}
	return nil
}

func openStore(ctx context.Context, cfg *config.Config, url string, logger *slog.Logger) (*pgxpool.Pool, *models.Store, error) {
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, nil, fmt.Errorf("MAYFLY_DATABASE_URL cannot be read as postgres://user@host/name") // the cause may hold the password
	}
	settings.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the database does not answer: %w", err)
	}
	queue, err := jobs.NewQueue(pool, logger)
	if err != nil {
		return nil, nil, err
	}
	store, err := models.NewStore(pool, queue, storeLimits(cfg))
	return pool, store, err
}

// migrate brings our tables and River's up to date, and names what it applied.
func migrate(ctx context.Context, pool *pgxpool.Pool, logger *slog.Logger) ([]string, error) {
	ours, err := models.Migrate(ctx, pool)
	if err != nil {
		return nil, err
	}
	rivers, err := jobs.Migrate(ctx, pool, logger)
	return append(ours, rivers...), err
}

func openVault(cfg *config.Config, store *models.Store, logger *slog.Logger) (*storage.Vault, error) {
	return storage.Open(store, storage.Config{
		URL: cfg.Blobs, Reserve: float64(cfg.DiskReserve), FileMax: int64(cfg.FileMax),
		OrphanGrace: cfg.OrphanGrace, Logger: logger,
	})
}

func storeLimits(cfg *config.Config) models.Limits {
	return models.Limits{
		UserBytes: int64(cfg.UserBytesMax), UserFiles: cfg.UserFilesMax, UserKernels: cfg.UserKernels, UserQueue: cfg.UserQueue,
		FileLifetime: cfg.FileLifetime, ExtendCap: cfg.ExtendCap, RunLifetime: cfg.RunLifetime, SessionIdle: cfg.SessionIdle,
		Memory: int64(cfg.RunMemory), Wall: cfg.RunWall, WallMax: cfg.RunWallMax,
	}
}
