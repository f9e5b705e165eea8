package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"mayfly/config"
	"mayfly/internal/pgserver"
	"mayfly/sandbox/jail"
	"mayfly/storage"
)

// answerTime bounds each question to a database or a port.
const answerTime = 5 * time.Second

// checkMachine looks for what the jail is built of.
func (c *chart) checkMachine(cfg *config.Config) {
	for _, stone := range jail.Stones(jailConfig(cfg, slog.New(slog.DiscardHandler))) {
		c.judge(stone.Name, stone.Detail, stone.Err)
	}
}

// checkUser tells as whom the server will run.
func (c *chart) checkUser() {
	name, credential, err := pgserver.SystemUser()
	if err != nil {
		c.add(fail, "server", "%v", err)
		return
	}
	const who = "pages, runs, files and the database client are %s's (uid %d)"
	if isRoot() {
		c.add(fine, "server", who+"; only the jail's supervisor is root's", name, credential.Uid)
		return
	}
	c.add(fine, "server", who, name, credential.Uid)
}

// checkJail builds one and lets its self-test speak.
func (c *chart) checkJail(ctx context.Context, cfg *config.Config) {
	wall, err := jail.New(ctx, jailConfig(cfg, slog.New(slog.DiscardHandler)))
	if err == nil {
		err = errors.Join(wall.AwaitReady(ctx), wall.Close(context.WithoutCancel(ctx)))
	}
	if err != nil {
		c.add(fail, "jail", "%v", err)
		return
	}
	state := wall.State()
	c.add(fine, "jail", "the self-test passed; warm after %.1f s with %d packages", state.Warm.Seconds(), len(state.Packages))
	if len(state.Missing) > 0 {
		c.add(warn, "packages", "not installed: %s: run make setup when PyPI can be reached", strings.Join(state.Missing, " "))
	}
}

func (c *chart) checkDatabase(ctx context.Context, cfg *config.Config) {
	if cfg.DatabaseURL.Set() {
		version, err := askVersion(ctx, cfg.DatabaseURL.Reveal())
		c.judge("database", "PostgreSQL "+version+" answers (MAYFLY_DATABASE_URL)", err)
		return
	}
	private := pgserver.Config{Data: cfg.Data, Logger: slog.New(slog.DiscardHandler)}
	there, err := pgserver.Inspect(private)
	if err != nil || !there {
		c.judge("database", "none yet: the first start makes one in "+cfg.Data, err)
		return
	}
	server, err := pgserver.Attach(ctx, private)
	if err != nil {
		c.add(fail, "database", "%v", err)
		return
	}
	version, err := askVersion(ctx, server.URL())
	err = errors.Join(err, server.Stop())
	c.judge("database", fmt.Sprintf("private PostgreSQL %s answers (%s)", version, cfg.Data), err)
}

// askVersion never passes on the driver's words about the address: they may
// hold the password.
func askVersion(ctx context.Context, address string) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	settings, err := pgx.ParseConfig(address)
	if err != nil {
		return "", errors.New("MAYFLY_DATABASE_URL cannot be read as postgres://user@host/name")
	}
	conn, err := pgx.ConnectConfig(ctx, settings)
	if err != nil {
		return "", fmt.Errorf("PostgreSQL on %s does not answer as %s: is it running, and are name and password right?", settings.Host, settings.User)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
		return "", fmt.Errorf("ask the database for its version: %w", err)
	}
	version, _, _ = strings.Cut(version, " ")
	return version, nil
}

func (c *chart) checkBlobs(cfg *config.Config) {
	if at, err := url.Parse(cfg.Blobs); err == nil && at.Scheme == "file" {
		if _, err := os.Stat(at.Path); errors.Is(err, os.ErrNotExist) {
			c.add(fine, "blobs", "%s is not there yet: the first start makes it", at.Path)
			return
		}
	}
	vault, err := storage.Open(nil, storage.Config{URL: cfg.Blobs, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		c.add(fail, "blobs", "%v", err)
		return
	}
	defer func() { _ = vault.Close() }()
	free, err := vault.Check()
	switch reserve := float64(cfg.DiskReserve); {
	case err != nil:
		c.add(fail, "blobs", "%v", err)
	case free < reserve:
		c.add(fail, "blobs", "%.0f %% of the disk is free, less than MAYFLY_DISK_RESERVE (%.0f %%): saves are refused", free, reserve)
	case free < 2*reserve:
		c.add(warn, "blobs", "%.0f %% of the disk is free; saves are refused below %.0f %%", free, reserve)
	default:
		c.add(fine, "blobs", "writable; %.0f %% of the disk is free", free)
	}
}

func (c *chart) checkDiscord(cfg *config.Config) {
	switch {
	case cfg.LocalSignIn():
		c.add(fine, "discord", "not set: local sign-in, from this machine alone")
	case cfg.DiscordClientID == "":
		c.add(fail, "discord", "nobody can sign in: set MAYFLY_DISCORD_CLIENT_ID and MAYFLY_DISCORD_CLIENT_SECRET")
	default:
		c.add(fine, "discord", "sign-in by application %s at %s", cfg.DiscordClientID, cfg.DiscordBaseURL.String())
	}
	for _, words := range warnings(cfg) {
		c.add(warn, "settings", "%s", words)
	}
}

func (c *chart) checkPorts(ctx context.Context, cfg *config.Config) {
	running := answersAsMayfly(ctx, cfg.Listen, cfg.URL.Host)
	for _, port := range []struct{ setting, address string }{{"MAYFLY_LISTEN", cfg.Listen}, {"MAYFLY_CONTENT_LISTEN", cfg.ContentListen}} {
		l, err := listen(port.address, port.setting)
		switch {
		case err == nil && isRoot() && rootsAlone(l.Addr()):
			_ = l.Close()
			c.add(fail, "ports", "%s is for root alone, and the server is not root: use a port above 1023 in %s", port.address, port.setting)
		case err == nil:
			_ = l.Close()
			c.add(fine, "ports", "%s is free (%s)", port.address, port.setting)
		case running:
			c.add(fine, "ports", "%s is in use; Mayfly answers on %s", port.address, cfg.Listen)
		default:
			c.add(fail, "ports", "%v", err)
		}
	}
}

// rootsAlone reports whether only root may listen there.
func rootsAlone(address net.Addr) bool {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start")
	first, wrong := strconv.Atoi(strings.TrimSpace(string(text)))
	return errors.Join(err, wrong) == nil && address.(*net.TCPAddr).Port < first
}

// answersAsMayfly asks for the health page, which is public and empty.
func answersAsMayfly(ctx context.Context, address, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return false
	}
	request.Host = name
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK && answer.ContentLength <= 0
}
