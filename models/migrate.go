package models

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"mayfly/models/migrations"
)

// Migrate brings the schema up to the newest version under a lock that all
// nodes share, and names what it applied. Each migration is one transaction:
// an interrupted one is done again from its beginning.
func Migrate(ctx context.Context, pool *pgxpool.Pool) (applied []string, err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := migrator(db)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, failed("migrate", err)
	}
	for _, r := range results {
		applied = append(applied, r.Source.Path)
	}
	return applied, nil
}

func migrator(db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithSessionLocker(locker))
}
