package testkit

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"golang.org/x/sys/unix"

	"mayfly/internal/pgserver"
	"mayfly/models"
)

// cluster is one throwaway PostgreSQL. It ends with the test process
// (pgserver's parent-death signal); the next process removes its folder.
type cluster struct {
	config pgserver.Config
	server *pgserver.Server
	admin  *pgxpool.Pool
	inUse  *os.File // locked as long as this process lives
	clones atomic.Int64
}

const (
	template = "mayfly_template"
	useName  = "in-use"
)

func startCluster() (*cluster, error) {
	removeStale()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := &cluster{}
	if err := c.start(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *cluster) start(ctx context.Context) error {
	data, err := os.MkdirTemp("", "mayfly-test-")
	if err != nil {
		return err
	}
	if c.inUse, err = os.Create(filepath.Join(data, useName)); err != nil {
		return err
	}
	if err := unix.Flock(int(c.inUse.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	if err := os.Chmod(data, 0o711); err != nil { // the server's user passes through it
		return err
	}
	c.config = pgserver.Config{Data: data, Settings: map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400",
	}}
	if err := c.run(ctx); err != nil {
		return err
	}
	if c.admin, err = pgxpool.New(ctx, c.config.AdminURL("postgres")); err != nil {
		return err
	}
	return c.makeTemplate(ctx)
}

func (c *cluster) run(ctx context.Context) (err error) {
	c.server, err = pgserver.Start(ctx, c.config)
	return err
}

func (c *cluster) remove() error {
	c.admin.Close()
	return errors.Join(c.server.Stop(), c.inUse.Close(), os.RemoveAll(c.config.Data))
}

func (c *cluster) makeTemplate(ctx context.Context) error {
	if _, err := c.admin.Exec(ctx, "CREATE DATABASE "+template); err != nil {
		return err
	}
	pool, err := pgxpool.New(ctx, c.config.AdminURL(template))
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := models.Migrate(ctx, pool); err != nil {
		return err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// removeStale removes the folders of test processes that are gone: those whose
// locks are free.
func removeStale() {
	folders, _ := filepath.Glob(filepath.Join(os.TempDir(), "mayfly-test-*"))
	for _, dir := range folders {
		if free(filepath.Join(dir, useName)) && free(filepath.Join(dir, "pg-run", "lock")) {
			_ = os.RemoveAll(dir)
		}
	}
}

// free reports whether a lock file is there and nobody holds it.
func free(path string) bool {
	lock, err := os.Open(path)
	if err != nil {
		return false // being made, or not ours
	}
	defer lock.Close()
	return unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}
