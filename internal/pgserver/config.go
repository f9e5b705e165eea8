package pgserver

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
)

// Config says where a private PostgreSQL lives and how it runs.
type Config struct {
	Data     string            // the data folder, an absolute path
	Settings map[string]string // PostgreSQL settings that win over ours; may be nil
	Logger   *slog.Logger      // gets the server's warnings; nil drops them
}

// Role and database of the program. Admin is the superuser that initdb makes;
// only Prepare and the tests' clones speak as it.
const (
	Role     = "mayfly"
	Admin    = "postgres"
	Database = "mayfly"
)

// systemUser is whom PostgreSQL runs as when we are root: it refuses root.
const systemUser = "mayfly"

// socketName is what PostgreSQL calls the socket of port 5432.
const socketName = ".s.PGSQL.5432"

// maxSocketPath is what fits into a Unix socket address on Linux, sun_path's
// 108 bytes less the closing zero (unix(7)).
const maxSocketPath = 107

// URL is how the program connects: over the socket, as a role without special
// rights. It holds no secret.
func (c Config) URL() string { return c.url(Role, Database) }

func (c Config) url(role, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database,
		RawQuery: url.Values{"host": {c.sockets()}, "sslmode": {"disable"}}.Encode()}
	return u.String()
}

// AdminURL is how a superuser connects to the named database.
func (c Config) AdminURL(database string) string { return c.url(Admin, database) }

func (c Config) cluster() string { return filepath.Join(c.Data, "pg", "data") }

func (c Config) unfinished() string { return filepath.Join(c.Data, "pg", "unfinished") }

func (c Config) sockets() string { return filepath.Join(c.Data, "pg-run") }

func (c Config) lock() string { return filepath.Join(c.sockets(), "lock") }

func (c Config) logger() *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return c.Logger
}

func (c Config) check() error {
	if !filepath.IsAbs(c.Data) {
		return fmt.Errorf("MAYFLY_DATA is %q: give an absolute path", c.Data)
	}
	if n := len(filepath.Join(c.sockets(), socketName)); n > maxSocketPath {
		return fmt.Errorf("MAYFLY_DATA is too long for a Unix socket: %d bytes over. Choose a shorter path than %s", n-maxSocketPath, c.Data)
	}
	return nil
}

// owner is whom the folders belong to and PostgreSQL runs as.
type owner struct {
	name     string
	uid, gid uint32
	root     bool // we are root, and become the owner
}

// credential makes a child run as the owner; nil when we are the owner.
func (o owner) credential() *syscall.Credential {
	if !o.root {
		return nil
	}
	return &syscall.Credential{Uid: o.uid, Gid: o.gid}
}

func (o owner) take(path string) error {
	if !o.root {
		return nil
	}
	return os.Chown(path, int(o.uid), int(o.gid))
}
