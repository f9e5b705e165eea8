package storage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"mayfly/internal/testkit"
	"mayfly/models"
	"mayfly/storage"
)

// TestMain lets the crash test start this binary again as a process that saves
// files until it is killed.
func TestMain(m *testing.M) {
	if os.Getenv(saverURL) != "" {
		saveUntilKilled()
		return
	}
	os.Exit(m.Run())
}

// room is a vault in a folder and on a database of its own.
type room struct {
	*storage.Vault
	store *models.Store
	pool  *pgxpool.Pool
	owner models.UserID
	dir   string
}

func openRoom(t *testing.T, limits models.Limits, dir string, change func(*storage.Config)) *room {
	t.Helper()
	store, pool := testkit.Store(t, limits)
	config := storage.Config{
		URL: "file://" + dir, FileMax: 50_000_000, OrphanGrace: time.Minute, Logger: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&config)
	}
	v, err := storage.Open(store, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return &room{v, store, pool, testkit.Person(t, store, "42"), dir}
}

func newRoom(t *testing.T) *room {
	t.Helper()
	return openRoom(t, models.DefaultLimits(), filepath.Join(t.TempDir(), "blobs"), nil)
}

func (r *room) save(t *testing.T, name, content string) *models.File {
	t.Helper()
	f, err := r.Save(t.Context(), r.owner, storage.Upload{Source: models.FromUpload, Name: name}, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// read returns a file's bytes, or why there are none.
func (r *room) read(id models.FileID) ([]byte, error) {
	_, content, err := r.Open(context.Background(), r.owner, id)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(content)
}

func (r *room) mustRead(t *testing.T, f *models.File) {
	t.Helper()
	data, err := r.read(f.ID)
	if err != nil || sumOf(data) != f.SHA256 || int64(len(data)) != f.Size {
		t.Errorf("%s: %d bytes, sha-256 %s, %v; the row says %d and %s", f.Name, len(data), sumOf(data), err, f.Size, f.SHA256)
	}
}

// blobs lists the files below the vault's folder.
func (r *room) blobs(t *testing.T) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// mustHold asserts how many rows that are no tombstone, and how many blobs
// there are.
func (r *room) mustHold(t *testing.T, rows, blobs int) {
	t.Helper()
	if n := r.count(t, "SELECT count(*) FROM files WHERE state <> 'purged'"); n != rows {
		t.Errorf("%d rows, not %d", n, rows)
	}
	if left := r.blobs(t); len(left) != blobs {
		t.Errorf("%d blobs, not %d: %q", len(left), blobs, left)
	}
}

func (r *room) count(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	if err := r.pool.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (r *room) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := r.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (r *room) path(f *models.File) string { return filepath.Join(r.dir, f.BlobKey) }

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// unreadable fails a test that reads from it.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("a byte was read of what could not be kept")
	return 0, io.EOF
}

// zeros is an endless source.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// breaksAfter gives its content and then fails.
func breaksAfter(content string) io.Reader {
	return io.MultiReader(strings.NewReader(content), failing{})
}

var errBroken = errors.New("the source broke")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

func random(seed byte, size int) []byte {
	return bytes.Repeat([]byte{seed, seed ^ 0x5a, 3, seed + 7}, size/4+1)[:size]
}
