package testkit

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// startOnce starts the cluster of this test process when the first test asks; a
// package variable, because a test process has no other owner.
var startOnce = sync.OnceValues(func() (*cluster, error) { return startCluster() })

// Postgres returns a pool on a migrated database of the test's own, which is
// dropped when the test ends.
func Postgres(t testing.TB) *pgxpool.Pool {
	t.Helper()
	c := shared(t)
	name := c.clone(t)
	pool := open(t, c.config.AdminURL(name))
	t.Cleanup(func() {
		pool.Close()
		if _, err := c.admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the clone: %v", err)
		}
	})
	return pool
}

func shared(t testing.TB) *cluster {
	t.Helper()
	c, err := startOnce()
	if err != nil {
		t.Fatalf("no PostgreSQL for tests: %v", err)
	}
	return c
}

// PostgresURL is the connection string of a pool that Postgres returned, for
// programs that open their own.
func PostgresURL(pool *pgxpool.Pool) string { return pool.Config().ConnString() }

// Outage is a PostgreSQL of one test's own, which can go away and come back.
type Outage struct {
	Pool    *pgxpool.Pool
	cluster *cluster
}

// Restartable returns a pool on a migrated database that the test can stop.
func Restartable(t testing.TB) *Outage {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatalf("no PostgreSQL of the test's own: %v", err)
	}
	t.Cleanup(func() {
		if err := c.remove(); err != nil {
			t.Error(err)
		}
	})
	pool := open(t, c.config.AdminURL(c.clone(t)))
	t.Cleanup(pool.Close)
	return &Outage{pool, c}
}

// Begin stops the server: every connection breaks and none can be made.
func (o *Outage) Begin(t testing.TB) {
	t.Helper()
	if err := o.cluster.server.Stop(); err != nil {
		t.Fatal(err)
	}
}

// End starts it again.
func (o *Outage) End(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := o.cluster.run(ctx); err != nil {
		t.Fatal(err)
	}
}

// clone makes a database from the template and returns its name.
func (c *cluster) clone(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t_%d", c.clones.Add(1))
	if _, err := c.admin.Exec(context.Background(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("clone the template: %v", err)
	}
	return name
}

func open(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 20
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}
