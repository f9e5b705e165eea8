package pgserver

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// Prepare makes the folders and, where there is none, the cluster. It does not
// start it. An initdb that was interrupted is done again from its beginning.
// The caller sees to it that only one process at a time is here.
func Prepare(ctx context.Context, c Config) error {
	if err := Folders(c); err != nil {
		return err
	}
	bin, err := binaries(c)
	if err != nil {
		return err
	}
	if major, err := madeBy(c.cluster()); err != nil || major != 0 {
		return err
	}
	o, err := findOwner()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(c.unfinished()); err != nil {
		return fmt.Errorf("clear an interrupted start: %w", err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "--pgdata", c.unfinished(), "--username", Admin,
		"--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")
	as(cmd, c, o)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the database in %s: %w", c.cluster(), inWords(c, string(said), err))
	}
	return os.Rename(c.unfinished(), c.cluster())
}

// as makes a program run as the owner, with nothing of our environment (it
// holds secrets), in a folder that the owner may enter, and out of reach of a
// Ctrl-C at our terminal: we end it when we are done.
func as(cmd *exec.Cmd, c Config, o owner) {
	cmd.Dir = c.Data
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: o.credential(), Setpgid: true}
}

// settings are how we run PostgreSQL. Its log names no statement and no value,
// for those hold people's code (SEC-62).
func settings(c Config) []string {
	all := map[string]string{
		"listen_addresses":                  "",
		"unix_socket_directories":           c.sockets(),
		"unix_socket_permissions":           "0700",
		"log_min_error_statement":           "panic",
		"log_error_verbosity":               "terse",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
		"log_checkpoints":                   "off",
	}
	maps.Copy(all, c.Settings)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}

// Command is the server of a prepared cluster, not started. It ends by SIGINT.
func Command(c Config) (*exec.Cmd, error) {
	bin, err := binaries(c)
	if err != nil {
		return nil, err
	}
	o, err := findOwner()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), append([]string{"-D", c.cluster()}, settings(c)...)...)
	as(cmd, c, o)
	return cmd, nil
}

// FirstSteps makes the program's role and database in a running cluster where
// they are missing.
func FirstSteps(ctx context.Context, c Config) error {
	conn, err := pgx.Connect(ctx, c.AdminURL(Admin))
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, step := range []struct{ look, do string }{
		{"SELECT count(*) FROM pg_roles WHERE rolname = '" + Role + "'",
			"CREATE ROLE " + Role + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"},
		{"SELECT count(*) FROM pg_database WHERE datname = '" + Database + "'",
			"CREATE DATABASE " + Database + " OWNER " + Role},
	} {
		var there int
		if err := conn.QueryRow(ctx, step.look).Scan(&there); err != nil {
			return fmt.Errorf("look into the database: %w", err)
		}
		if there > 0 {
			continue
		}
		if _, err := conn.Exec(ctx, step.do); err != nil {
			return fmt.Errorf("prepare the database: %w", inWords(c, err.Error(), err))
		}
	}
	return limitRole(ctx, conn)
}

// limitRole bounds what one statement of the program may take, so that a slow
// query or a forgotten transaction cannot hold the others up (SEC-68). A
// migration lifts its own.
func limitRole(ctx context.Context, conn *pgx.Conn) error {
	for _, limit := range []string{"statement_timeout = '30s'", "lock_timeout = '5s'", "idle_in_transaction_session_timeout = '60s'"} {
		if _, err := conn.Exec(ctx, "ALTER ROLE "+Role+" SET "+limit); err != nil {
			return fmt.Errorf("limit the role: %w", err)
		}
	}
	return nil
}

// inWords says what a known failure of PostgreSQL's programs means; for others
// it keeps their last line.
func inWords(c Config, said string, err error) error {
	said = strings.TrimSpace(said)
	switch {
	case strings.Contains(said, "No space left on device"), strings.Contains(said, "Disk quota exceeded"):
		return fullDisk(c.Data)
	case said == "":
		return err
	}
	for line := range strings.Lines(said) {
		if strings.Contains(line, "FATAL:") || strings.Contains(line, "error:") {
			return errors.New(strings.TrimSpace(line))
		}
	}
	return errors.New(said[strings.LastIndexByte(said, '\n')+1:])
}
