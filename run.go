package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"mayfly/config"
	"mayfly/models"
	"mayfly/sandbox"
	"mayfly/sandbox/jail"
)

// opener lends a command the jail; done gives it back.
type opener func(ctx context.Context, cfg *config.Config) (wall sandbox.Sandbox, done func(), err error)

func runCommand(open opener) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run one script in the jail, no database needed",
		ArgsUsage: "FILE.py (- reads the script from standard input)",
		Description: "Example: mayfly run --file sales.csv --keep out report.py\n" +
			"Exit: 0 ok, 1 raised (n after sys.exit(n)), 124 timed out, 125 output cap,\n" +
			"130 interrupted, 137 out of memory or killed, 2 wrong use, 70 our fault",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object with the result"},
			&cli.StringFlag{Name: "keep", Usage: "write the files it made into `DIR`"},
			&cli.StringSliceFlag{Name: "file", Usage: "put a local file at `PATH` within reach of load_file"},
			&cli.StringFlag{Name: "stdin", Usage: "answer input() from the lines of `FILE`"},
			&cli.DurationFlag{Name: "timeout", Usage: "wall limit of the run", Value: time.Minute},
		},
		Action: func(ctx context.Context, cmd *cli.Command) error { return runScript(ctx, cmd, open) },
	}
}

func runScript(ctx context.Context, cmd *cli.Command, open opener) error {
	cfg, err := settings()
	if err != nil {
		return err
	}
	code, err := scriptOf(cmd)
	if err != nil {
		return err
	}
	desk, err := newDesk(cmd)
	if err != nil {
		return err
	}
	defer desk.close()
	wall, done, err := open(ctx, cfg)
	if err != nil {
		return trouble(err)
	}
	defer done()
	limits := limitsOf(cfg, cmd.Duration("timeout"))
	result, err := desk.exec(ctx, wall, limits, code)
	if err != nil && ctx.Err() != nil {
		return cli.Exit("interrupted before the script ran", models.Interrupted.ReturnCode())
	}
	if err == nil {
		err = desk.report(runOf(result, limits))
	}
	if err != nil {
		return trouble(err)
	}
	return cli.Exit("", result.ReturnCode)
}

// openJail is the opener of the program itself.
func openJail(ctx context.Context, cfg *config.Config) (sandbox.Sandbox, func(), error) {
	// Its log would stand between the script's words; an error says the same.
	wall, err := jail.New(ctx, jailConfig(cfg, slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, nil, err
	}
	return wall, func() { _ = wall.Close(context.WithoutCancel(ctx)) }, nil
}

// runOf puts the result into the words that the pages use.
func runOf(r sandbox.Result, l sandbox.Limits) models.Run {
	return models.Run{
		State: models.Done, Ending: models.Ending(r.Ending), ReturnCode: r.ReturnCode, Exception: r.Exception,
		Line: r.Line, Signal: r.Signal, Wall: r.Wall, CPU: r.CPU, PeakMemory: r.PeakMemory, OutputBytes: r.OutputBytes,
		WallLimit: l.Wall, MemoryLimit: l.Memory,
	}
}

// scriptOf reads the one script the command names. A script has no size limit
// here that the jail would not tell of itself.
func scriptOf(cmd *cli.Command) (string, error) {
	if cmd.Args().Len() != 1 {
		return "", wrongUse("run takes one script: mayfly run FILE.py, or - for standard input")
	}
	if wall := cmd.Duration("timeout"); wall <= 0 {
		return "", wrongUse("--timeout must be more than zero, such as 60s")
	}
	if cmd.Args().First() == "-" {
		code, err := io.ReadAll(cmd.Root().Reader)
		return string(code), err
	}
	code, err := os.ReadFile(cmd.Args().First())
	if err != nil {
		return "", wrongUse("cannot read the script: %v", err)
	}
	return string(code), nil
}

// jailUser is the system user that make setup makes for user code.
const jailUser = "mayfly-jail"

func jailConfig(cfg *config.Config, logger *slog.Logger) jail.Config {
	return jail.Config{Runtime: cfg.Runtime, User: jailUser, Logger: logger}
}

func limitsOf(cfg *config.Config, wall time.Duration) sandbox.Limits {
	return sandbox.Limits{
		Wall: wall, Memory: int64(cfg.RunMemory), Pids: cfg.RunPids,
		FileMax: int64(cfg.FileMax), FilesMax: cfg.RunFilesMax, BytesMax: int64(cfg.RunBytesMax),
		InputsMax: int64(cfg.RunInputsMax), OutputMax: int64(cfg.RunOutputMax),
	}
}

// desk is the terminal's side of one run: where output goes, what load_file
// may reach, and the files that come back.
type desk struct {
	out, err io.Writer
	json     bool
	keep     *os.Root
	keepDir  string
	shelf    localShelf
	stdin    *bufio.Reader
	answers  io.Closer
	names    models.NamesApart
	files    []madeFile
	refused  []refusedFile

	mu   sync.Mutex // input() asks beside the output
	said transcript
}

func newDesk(cmd *cli.Command) (*desk, error) {
	d := &desk{out: cmd.Root().Writer, err: cmd.Root().ErrWriter, json: cmd.Bool("json"), keepDir: cmd.String("keep")}
	for _, path := range cmd.StringSlice("file") {
		if err := d.shelf.add(path); err != nil {
			return nil, wrongUse("--file: %v", err)
		}
	}
	if path := cmd.String("stdin"); path != "" {
		f, err := os.Open(path)
		if err != nil {
			return nil, wrongUse("--stdin: %v", err)
		}
		d.stdin, d.answers = bufio.NewReader(f), f
	}
	if d.keepDir == "" {
		return d, nil
	}
	if err := os.MkdirAll(d.keepDir, 0o755); err != nil {
		return nil, wrongUse("--keep: %v", err)
	}
	root, err := os.OpenRoot(d.keepDir)
	if err != nil {
		return nil, wrongUse("--keep: %v", err)
	}
	d.keep = root
	return d, nil
}

func (d *desk) close() {
	if d.keep != nil {
		_ = d.keep.Close()
	}
	if d.answers != nil {
		_ = d.answers.Close()
	}
}

// exec runs the code. Ctrl-C interrupts it once; its output and files so far
// are kept.
func (d *desk) exec(ctx context.Context, wall sandbox.Sandbox, limits sandbox.Limits, code string) (sandbox.Result, error) {
	kernel, err := wall.Open(ctx, sandbox.Spec{Limits: limits, Shelf: &d.shelf, KeepFigures: true})
	if err != nil {
		return sandbox.Result{}, err
	}
	after := context.WithoutCancel(ctx)
	defer func() { _ = kernel.Close(after) }() // closing the jail tells what is left
	stop := context.AfterFunc(ctx, func() { _ = kernel.Interrupt(after) })
	defer stop()
	result, err := kernel.Exec(after, code, d)
	if err != nil {
		return result, err
	}
	return result, d.collect(after, kernel)
}

// Emit prints as it comes, and remembers what --json needs.
func (d *desk) Emit(o sandbox.Output) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said.add(o)
	if d.json {
		return nil
	}
	out := d.err
	if o.Stream == sandbox.Stdout || o.Stream == sandbox.Display {
		out = d.out
	}
	_, err := io.WriteString(out, plainText(o))
	return err
}

// Input answers from --stdin, a line at a time. The prompt shows as it does
// when Python's own input() reads from a file.
func (d *desk) Input(_ context.Context, q sandbox.Question) (string, error) {
	if err := d.Emit(sandbox.Output{Stream: sandbox.Stdout, Text: q.Prompt}); err != nil {
		return "", err
	}
	if d.stdin == nil {
		return "", sandbox.Unanswered("input() found nobody to answer. Give its lines with --stdin FILE, or put the value into the code.")
	}
	line, err := d.stdin.ReadString('\n')
	if err != nil && line == "" {
		return "", sandbox.Unanswered("input() found no line any more: the file given with --stdin is at its end.")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// report prints the facts (standard error) or the one JSON object (standard
// output).
func (d *desk) report(run models.Run) error {
	if d.json {
		return json.NewEncoder(d.out).Encode(d.document(run))
	}
	return d.summary(d.err, run)
}
