package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// sweep makes files that have expired, and measures how fast they go: bytes and
// rows.
func (n *node) sweep(ctx context.Context, files int) error {
	if files == 0 {
		return nil
	}
	if err := n.plant(ctx, files); err != nil {
		return err
	}
	began := time.Now()
	deleted, err := n.vault.Sweep(ctx)
	if err != nil {
		return err
	}
	if deleted < files {
		return fmt.Errorf("the sweep took %d of %d files", deleted, files)
	}
	took := time.Since(began)
	fmt.Printf("sweep: %d files in %.2f s, %.0f files/s\n", deleted, took.Seconds(), float64(deleted)/took.Seconds())
	return nil
}

// plant writes rows and blobs as they are when their 48 hours are over.
func (n *node) plant(ctx context.Context, files int) error {
	rows, err := n.pool.Query(ctx, `INSERT INTO files (id, user_id, source, name, version, size, sha256, category, state, blob_key, created_at, expires_at)
		SELECT '1_1_' || token, '1', 'upload', 'old.csv', i, 4, '', 'data', 'ready', '1/' || left(token, 2) || '/' || token,
			now() - interval '49 hours', now() - interval '1 hour'
		FROM (SELECT i, translate(left(md5(i::text), 26), '0189', 'wxyz') AS token FROM generate_series(1, $1) AS i) AS made
		RETURNING blob_key`, files)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return err
		}
		path := filepath.Join(n.blobs, key)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte("x,y\n"), 0o600); err != nil {
			return err
		}
	}
	return rows.Err()
}
