// Command mayfly runs Python for a Discord community and keeps what the code
// makes for 48 hours. This package is the wiring: the only place that knows
// every other one. Each command has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v3"

	"mayfly/config"
)

// Exit codes beside those of a run (docs/operations.md): wrong use is the
// caller's fault, trouble is ours (EX_SOFTWARE of sysexits.h).
const (
	exitWrongUse = 2
	exitTrouble  = 70
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	err := commands().Run(ctx, args)
	if err == nil {
		return 0
	}
	var exit cli.ExitCoder
	if !errors.As(err, &exit) {
		exit = cli.Exit(err.Error(), exitTrouble)
	}
	if text := exit.Error(); text != "" {
		fmt.Fprintln(os.Stderr, "mayfly: "+text)
	}
	return exit.ExitCode()
}

func commands() *cli.Command {
	return &cli.Command{
		Name:  "mayfly",
		Usage: "Python for a Discord community, and every file it makes for 48 hours",
		Commands: withUsage(
			serveCommand(), migrateCommand(), cleanupCommand(), doctorCommand(), tokenCommand(), runCommand(openJail),
		),
		Suggest:        true,
		OnUsageError:   usageError,
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run prints, once
		Action: func(_ context.Context, cmd *cli.Command) error {
			if name := cmd.Args().First(); name != "" {
				return wrongUse("no command %q%s: see mayfly --help", name, nearest(cmd, name))
			}
			return cli.ShowRootCommandHelp(cmd)
		},
	}
}

// withUsage gives every command the same answer to a wrong flag.
func withUsage(commands ...*cli.Command) []*cli.Command {
	for _, c := range commands {
		c.Suggest = true
		c.OnUsageError = usageError
	}
	return commands
}

func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	hint := ""
	if flag, found := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); found {
		if near := cli.SuggestFlag(cmd.Flags, strings.TrimLeft(flag, "-"), false); near != "" {
			hint = ", did you mean " + near + "?"
		}
	}
	return wrongUse("%s%s See %s --help", strings.TrimSuffix(err.Error(), "."), hint, cmd.FullName())
}

func nearest(cmd *cli.Command, name string) string {
	if near := cli.SuggestCommand(cmd.Commands, name); near != "" {
		return ", did you mean " + near + "?"
	}
	return ""
}

func wrongUse(format string, args ...any) error {
	return cli.Exit(fmt.Sprintf(format, args...), exitWrongUse)
}

func trouble(err error) error { return cli.Exit(err.Error(), exitTrouble) }

// settings loads the configuration; its faults are the operator's to mend.
func settings() (*config.Config, error) {
	cfg, err := config.Load()
	if err != nil {
		return nil, wrongUse("settings:\n%v", err)
	}
	return cfg, nil
}

func newLogger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, nil))
}
