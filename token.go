package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"mayfly/models"
)

func tokenCommand() *cli.Command {
	return &cli.Command{
		Name:  "token",
		Usage: "tokens for programs that call the API: create, list, revoke",
		Description: "Example: mayfly token create --name helper-bot --app\n" +
			"A personal token acts for its owner, one of an app for the Discord user named in each call.",
		Commands: withUsage(createTokenCommand(), listTokensCommand(), revokeTokenCommand()),
		Action: func(_ context.Context, cmd *cli.Command) error {
			if name := cmd.Args().First(); name != "" {
				return wrongUse("no command %q%s: see mayfly token --help", name, nearest(cmd, name))
			}
			return cli.ShowSubcommandHelp(cmd)
		},
	}
}

func createTokenCommand() *cli.Command {
	return &cli.Command{
		Name:  "create",
		Usage: "make a token and print it, once",
		Description: "Example: mayfly token create --name report-script --user 123456789012345678\n" +
			"The token alone goes to standard output. Everybody who has it can use it: keep it secret.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "how the token, and an app, is called in lists"},
			&cli.StringFlag{Name: "user", Usage: "a personal token of the Discord user `ID`"},
			&cli.BoolFlag{Name: "app", Usage: "a new app, which acts for people who link it"},
			&cli.BoolFlag{Name: "everyone", Usage: "with --app: it acts for everybody who does not block it"},
			&cli.StringFlag{Name: "for", Usage: "another token of the app `APP-ID`, whose people need not link it anew"},
			&cli.StringFlag{Name: "scopes", Usage: "what it may do, of run, files:read, files:write, admin", Value: "run,files:read,files:write"},
			&cli.DurationFlag{Name: "expires", Usage: "how long it works", Value: 720 * time.Hour},
		},
		Action: createToken,
	}
}

func createToken(ctx context.Context, cmd *cli.Command) error {
	wanted, err := wantedToken(cmd)
	if err != nil {
		return err
	}
	cfg, err := settings()
	if err != nil {
		return err
	}
	return withRecord(ctx, func(rec *record) error {
		secret, made, err := insertToken(ctx, cmd, rec.store.System(), wanted)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "made token %s (%s), which may %s and works until %s\n",
			made.ID, made.Name, strings.ReplaceAll(string(made.Scopes), " ", ", "), made.ExpiresAt.UTC().Format("2006-01-02 15:04 MST"))
		if made.AppID != nil {
			fmt.Fprintf(os.Stderr, "people look at the app, link or block it at %s/apps/%s\n", cfg.URL.String(), *made.AppID)
		}
		fmt.Println(secret)
		return nil
	})
}

// wantedToken checks the flags before anything is started for them.
func wantedToken(cmd *cli.Command) (models.NewToken, error) {
	kinds := 0
	for _, given := range []bool{cmd.String("user") != "", cmd.Bool("app"), cmd.String("for") != ""} {
		if given {
			kinds++
		}
	}
	switch {
	case cmd.Args().Present():
		return models.NewToken{}, wrongUse("token create takes flags only: see mayfly token create --help")
	case strings.TrimSpace(cmd.String("name")) == "":
		return models.NewToken{}, wrongUse("--name is missing: how the token is called in lists")
	case kinds != 1:
		return models.NewToken{}, wrongUse("give one of --user ID, --app and --for APP-ID: it says whose token it is")
	case cmd.Bool("everyone") && !cmd.Bool("app"):
		return models.NewToken{}, wrongUse("--everyone goes with --app")
	case cmd.Duration("expires") <= 0 || cmd.Duration("expires") > models.MaxTokenLife:
		return models.NewToken{}, wrongUse("--expires is more than zero and at most %s, such as 720h", models.MaxTokenLife)
	}
	scopes, err := models.ParseScopes(strings.FieldsFunc(cmd.String("scopes"), func(r rune) bool { return r == ',' || r == ' ' }))
	if err != nil {
		return models.NewToken{}, wrongUse("--scopes: %v", err)
	}
	if id := cmd.String("user"); id != "" {
		if _, err := models.ParseUserID(id); err != nil {
			return models.NewToken{}, wrongUse("--user: %v", err)
		}
	}
	return models.NewToken{Name: cmd.String("name"), Scopes: scopes, Life: cmd.Duration("expires"), Actor: cliActor}, nil
}

// cliActor is who the audit trail says that commands are: whoever may run them.
const cliActor = "cli:token"

func insertToken(ctx context.Context, cmd *cli.Command, system models.System, n models.NewToken) (string, *models.Token, error) {
	switch {
	case cmd.Bool("app"):
		return system.CreateApp(ctx, cmd.Bool("everyone"), n)
	case cmd.String("for") != "":
		return system.CreateAppToken(ctx, models.AppID(cmd.String("for")), n)
	}
	return system.CreateTokenFor(ctx, models.UserID(cmd.String("user")), n)
}

func listTokensCommand() *cli.Command {
	return &cli.Command{
		Name:        "list",
		Usage:       "every token, with its last use",
		Description: "Example: mayfly token list\nA token itself is stored nowhere and cannot be shown again.",
		Action: func(ctx context.Context, _ *cli.Command) error {
			return withRecord(ctx, func(rec *record) error {
				tokens, err := rec.store.System().AllTokens(ctx)
				if err != nil {
					return err
				}
				table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(table, "ID\tNAME\tACTS FOR\tSCOPES\tSTATE\tLAST USE")
				for _, t := range tokens {
					fmt.Fprintln(table, strings.Join([]string{string(t.ID), t.Name, actsFor(t), string(t.Scopes), stateOf(t), lastUse(t)}, "\t"))
				}
				return table.Flush()
			})
		},
	}
}

func actsFor(t models.Token) string {
	switch {
	case t.UserID != nil:
		return "user " + string(*t.UserID)
	case t.Everyone:
		return "everyone, app " + string(*t.AppID)
	}
	return "who linked app " + string(*t.AppID)
}

func stateOf(t models.Token) string {
	switch {
	case t.RevokedAt != nil:
		return "revoked " + t.RevokedAt.UTC().Format(time.DateOnly)
	case !t.Works():
		return "expired " + t.ExpiresAt.UTC().Format(time.DateOnly)
	}
	return "until " + t.ExpiresAt.UTC().Format(time.DateOnly)
}

func lastUse(t models.Token) string {
	if t.UsedAt == nil {
		return "never"
	}
	return t.UsedAt.UTC().Format("2006-01-02 15:04")
}

func revokeTokenCommand() *cli.Command {
	return &cli.Command{
		Name:        "revoke",
		Usage:       "end a token at once",
		ArgsUsage:   "ID",
		Description: "Example: mayfly token revoke 7q2kq5n4c6m3x7h2q5n4c6m3x7\nThe id is the first column of mayfly token list.",
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Len() != 1 {
				return wrongUse("token revoke takes the id of one token: see mayfly token list")
			}
			id := models.TokenID(cmd.Args().First())
			return withRecord(ctx, func(rec *record) error {
				if err := rec.store.System().RevokeAnyToken(ctx, cliActor, id); err != nil {
					return err
				}
				fmt.Println("revoked", id)
				return nil
			})
		},
	}
}
