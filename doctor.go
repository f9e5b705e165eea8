package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"mayfly/config"
)

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name:        "doctor",
		Usage:       "check the machine, the jail, the database, the blobs and the settings",
		Description: "Example: mayfly doctor\nOne line each: ok, warn or fail, name, detail. Exit: 0, 1 when anything fails. It changes nothing.",
		Flags:       []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print one JSON array of the findings"}},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return wrongUse("doctor takes no arguments: settings come from the environment")
			}
			return doctor(ctx, newChart(cmd.Root().Writer, cmd.Bool("json")))
		},
	}
}

// The three verdicts of a check. A warning is for the operator to judge; with a
// failure some part of Mayfly refuses its work.
const (
	fine = "ok"
	warn = "warn"
	fail = "fail"
)

type finding struct {
	Status string `json:"status"`
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

// chart collects findings, and prints each as it comes: some take seconds.
type chart struct {
	out  io.Writer
	json bool
	all  []finding
}

func newChart(out io.Writer, asJSON bool) *chart { return &chart{out: out, json: asJSON} }

func (c *chart) add(status, name, format string, args ...any) {
	detail := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	c.all = append(c.all, finding{status, name, detail})
	if !c.json {
		_, _ = fmt.Fprintf(c.out, "%-4s %-10s %s\n", status, name, detail)
	}
}

// judge adds what one check found: its error fails it.
func (c *chart) judge(name, detail string, err error) {
	if err != nil {
		c.add(fail, name, "%v", err)
		return
	}
	c.add(fine, name, "%s", detail)
}

func doctor(ctx context.Context, c *chart) error {
	cfg, err := config.Load()
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			c.add(fail, "settings", "%s", strings.TrimSpace(line))
		}
		return c.close()
	}
	c.add(fine, "settings", "read")
	c.checkMachine(cfg)
	c.checkUser()
	c.checkJail(ctx, cfg)
	c.checkDatabase(ctx, cfg)
	c.checkBlobs(cfg)
	c.checkDiscord(cfg)
	c.checkPorts(ctx, cfg)
	return c.close()
}

func (c *chart) close() error {
	if c.json {
		if err := json.NewEncoder(c.out).Encode(c.all); err != nil {
			return trouble(err)
		}
	}
	for _, f := range c.all {
		if f.Status == fail {
			return cli.Exit("", 1)
		}
	}
	return nil
}
