package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/urfave/cli/v3"
)

func cleanupCommand() *cli.Command {
	return &cli.Command{
		Name:        "cleanup",
		Usage:       "one sweep now: free the space of files that have expired",
		Description: "Example: mayfly cleanup --json",
		Flags:       []cli.Flag{&cli.BoolFlag{Name: "json", Usage: `print {"deleted":N}`}},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			return withRecord(ctx, func(rec *record) error {
				deleted, err := rec.vault.Sweep(ctx)
				if err != nil {
					return err
				}
				if cmd.Bool("json") {
					return json.NewEncoder(os.Stdout).Encode(map[string]int{"deleted": deleted})
				}
				fmt.Printf("deleted %d expired files\n", deleted)
				return nil
			})
		},
	}
}
