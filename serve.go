package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"mayfly/config"
	"mayfly/sandbox/jail"
)

// drainTime is how long a stopping server lets runs, streams and downloads
// finish (REL-3).
const drainTime = 20 * time.Second

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "start Mayfly: pages, runs and the hourly sweep",
		Description: "Example: MAYFLY_LISTEN=127.0.0.1:9000 MAYFLY_URL=http://localhost:9000 mayfly serve\n" +
			"Settings are in docs/operations.md. Ctrl-C lets runs finish; twice ends at once.",
		Flags: []cli.Flag{&cli.BoolFlag{Name: supervisedFlag, Hidden: true}},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return wrongUse("serve takes no arguments: settings come from the environment")
			}
			cfg, err := settings()
			if err != nil {
				return err
			}
			switch {
			case isRoot():
				return supervise(ctx, cfg)
			case cmd.Bool(supervisedFlag):
				above, err := supervisor()
				if err != nil {
					return wrongUse("%v", err)
				}
				return serve(ctx, cfg, above)
			}
			return serve(ctx, cfg, nil)
		},
	}
}

// serve runs the server in this process. above does what its jail needs root
// for; nil when nobody does.
func serve(ctx context.Context, cfg *config.Config, above *jail.Supervisor) error {
	p, err := start(ctx, cfg, newLogger(), above)
	if err != nil {
		if ctx.Err() != nil {
			return nil // stopped while starting
		}
		return trouble(err)
	}
	if cfg.HasRole(roleWeb) {
		fmt.Println("ready", cfg.URL.String())
	}
	select {
	case <-ctx.Done():
	case err = <-p.failed:
	}
	endAtOnce := make(chan os.Signal, 1)
	signal.Notify(endAtOnce, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(endAtOnce)
	stopped := make(chan error, 1)
	go func() { stopped <- p.stop() }()
	select {
	case stopErr := <-stopped:
		err = errors.Join(err, stopErr)
	case <-endAtOnce:
		err = errors.New("ended at once, as asked: running code is marked lost at the next start")
	}
	if err != nil {
		return trouble(err)
	}
	return nil
}

// listen opens a listener and says in one line what to do when it cannot.
func listen(address, setting string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or set %s to another address", address, setting)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s may not be opened by this user: use a port above 1023 in %s", address, setting)
	case err != nil:
		return nil, fmt.Errorf("listen on %s (%s): %w", address, setting, err)
	}
	return l, nil
}

// serveHTTP answers on l until the server is shut down; any other end goes to
// failed.
func serveHTTP(srv *http.Server, l net.Listener, failed chan<- error) {
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		failed <- fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
}
