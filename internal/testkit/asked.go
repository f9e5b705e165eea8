package testkit

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/models"
)

// Asked counts what a Store asks its database.
type Asked struct {
	trips, statements atomic.Int64
}

// Since returns how many round trips there were since the last call, and how many
// statements went with them.
func (a *Asked) Since() (trips, statements int) {
	return int(a.trips.Swap(0)), int(a.statements.Swap(0))
}

// Counted returns a Store on the database of a pool that Postgres returned, and the
// count of what it asks.
func Counted(t testing.TB, pool *pgxpool.Pool, limits models.Limits) (*models.Store, *Asked) {
	t.Helper()
	config, err := pgxpool.ParseConfig(PostgresURL(pool))
	if err != nil {
		t.Fatal(err)
	}
	asked := &Asked{}
	config.ConnConfig.Tracer = asked
	own, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Close)
	store, err := models.NewStore(own, Queue{}, limits)
	if err != nil {
		t.Fatal(err)
	}
	return store, asked
}

// TraceQueryStart counts a statement that goes alone.
func (a *Asked) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	a.trips.Add(1)
	a.statements.Add(1)
	return ctx
}

// TraceQueryEnd is part of pgx.QueryTracer.
func (a *Asked) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart counts statements that go together.
func (a *Asked) TraceBatchStart(ctx context.Context, _ *pgx.Conn, batch pgx.TraceBatchStartData) context.Context {
	a.trips.Add(1)
	a.statements.Add(int64(batch.Batch.Len()))
	return ctx
}

// TraceBatchQuery is part of pgx.BatchTracer.
func (a *Asked) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd is part of pgx.BatchTracer.
func (a *Asked) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
