package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// tx is one transaction in which GORM's rows and River's jobs are written
// together: GORM's *sql.Conn and River's pgx.Tx are the same connection.
type tx struct {
	db    *gorm.DB
	conn  *sql.Conn
	queue Queue
}

// inTx runs fn in one transaction: an error or a panic leaves nothing behind.
func (s *Store) inTx(ctx context.Context, verb string, fn func(*tx) error) error {
	return failed(verb, s.db.WithContext(ctx).Connection(func(c *gorm.DB) error {
		conn, ok := c.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return fmt.Errorf("connection is a %T", c.Statement.ConnPool)
		}
		return c.Transaction(func(db *gorm.DB) error {
			return fn(&tx{db: db, conn: conn, queue: s.queue})
		})
	}))
}

// withPgx lends the transaction's connection to code that speaks pgx. fn must
// not touch tx.db. A panic goes on outside of Raw: database/sql would wait there
// for the transaction, which waits for the panic.
func (tx *tx) withPgx(fn func(pgx.Tx) error) error {
	var panicked any
	err := tx.conn.Raw(func(driver any) error {
		defer func() { panicked = recover() }()
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("driver connection is a %T", driver)
		}
		return fn(joinedTx{pgxConn: c.Conn(), savepoints: new(int)})
	})
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// lockUser serialises what counts against one person's limits until the
// transaction ends.
func (tx *tx) lockUser(id UserID) error {
	return tx.db.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "user:"+string(id)).Error
}

// lockUserHasty is lockUser in a transaction whose commit does not wait for the
// disk: for what nobody is told, and a crash may take.
func (tx *tx) lockUserHasty(id UserID) error {
	return tx.db.Exec("SELECT set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(hashtextextended(?, 0))", "user:"+string(id)).Error
}

// pgxConn renames the embedded field, so that joinedTx may have a method Conn.
type pgxConn = pgx.Conn

// joinedTx is a pgx.Tx inside a transaction that GORM owns: Begin is a
// savepoint, and the outer end is not ours to make.
type joinedTx struct {
	*pgxConn
	savepoint  string
	savepoints *int
}

var errOuterTx = errors.New("the outer transaction belongs to the store")

// Conn returns the connection itself.
func (t joinedTx) Conn() *pgx.Conn { return t.pgxConn }

// LargeObjects is part of pgx.Tx; nothing here uses them.
func (t joinedTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Begin opens a savepoint.
func (t joinedTx) Begin(ctx context.Context) (pgx.Tx, error) {
	*t.savepoints++
	name := fmt.Sprintf("joined_%d", *t.savepoints)
	if _, err := t.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return nil, err
	}
	return joinedTx{t.pgxConn, name, t.savepoints}, nil
}

// Commit releases the savepoint.
func (t joinedTx) Commit(ctx context.Context) error { return t.end(ctx, "RELEASE SAVEPOINT ") }

// Rollback returns to the savepoint.
func (t joinedTx) Rollback(ctx context.Context) error { return t.end(ctx, "ROLLBACK TO SAVEPOINT ") }

func (t joinedTx) end(ctx context.Context, verb string) error {
	if t.savepoint == "" {
		return errOuterTx
	}
	_, err := t.Exec(ctx, verb+t.savepoint)
	return err
}
