package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"

	"mayfly/config"
	"mayfly/sandbox"
	"mayfly/sandbox/jail"
)

// terminal is `mayfly run` as a test calls it: the command itself, on a jail
// that the tests share.
type terminal struct{ wall sandbox.Sandbox }

// said is what a command printed and how it ended.
type said struct {
	out, err string
	code     int
}

func (m terminal) run(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	return m.runUntil(t.Context(), t, stdin, nil, args...)
}

func (m terminal) runUntil(ctx context.Context, t *testing.T, stdin string, out io.Writer, args ...string) said {
	t.Helper()
	lend := func(context.Context, *config.Config) (sandbox.Sandbox, func(), error) { return m.wall, func() {}, nil }
	root := commands()
	for i, c := range root.Commands {
		if c.Name == "run" {
			root.Commands[i] = withUsage(runCommand(lend))[0]
		}
	}
	var stdout, stderr bytes.Buffer
	root.Reader, root.Writer, root.ErrWriter = strings.NewReader(stdin), &stdout, &stderr
	if out != nil {
		root.Writer = io.MultiWriter(&stdout, out)
	}
	err := root.Run(ctx, append([]string{"mayfly", "run"}, args...))
	s := said{out: stdout.String(), err: stderr.String()}
	var exit cli.ExitCoder
	if errors.As(err, &exit) {
		s.code = exit.ExitCode()
		s.err += exit.Error()
	} else if err != nil {
		t.Fatalf("run %v: %v", args, err)
	}
	return s
}

func script(t *testing.T, code string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.py")
	if err := os.WriteFile(path, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRun holds all that shares one warm jail.
func TestRun(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	wall, err := jail.New(t.Context(), jailConfig(cfg, slog.New(slog.NewTextHandler(t.Output(), nil))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := wall.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	m := terminal{wall}
	for name, test := range map[string]func(*testing.T, terminal){
		"ExitCodes": runExitCodes, "Streams": runStreams, "JSON": runJSON, "Keep": runKeep, "KeepStaysInside": runKeepStaysInside,
		"File": runFile, "Stdin": runStdin, "Dash": runDash, "BadInput": runBadInput, "ManyFiles": runManyFiles,
		"Interrupted": runInterrupted, "WrongUse": runWrongUse, "QuickStart": runQuickStart,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, m)
		})
	}
}

func runExitCodes(t *testing.T, m terminal) {
	for _, c := range []struct {
		code, args string
		exit       int
		word       string
	}{
		{"x = 1", "", 0, "ok: Done in"},
		{"import sys; sys.exit()", "", 0, "ok: Done in"},
		{"1 / 0", "", 1, "raised: ZeroDivisionError on line 1: division by zero"},
		{"import sys; sys.exit(3)", "", 3, "raised: "},
		{"while True: pass", "--timeout=1s", 124, "timed_out: Stopped at the 1 s limit."},
		{"while True: print('x' * 1_000_000)", "", 125, "output_cap: Stopped after writing 64"},
		{"import os; os._exit(5)", "", 137, "killed: The interpreter died"},
		{"import ctypes; ctypes.string_at(0)", "", 137, "(signal 11)"},
		{"held = [bytearray(64 << 20) for _ in range(64)]", "", 137, "out_of_memory: Stopped at"},
	} {
		args := []string{script(t, c.code)}
		if c.args != "" {
			args = append([]string{c.args}, args...)
		}
		got := m.run(t, "", args...)
		if got.code != c.exit || !strings.Contains(got.err, c.word) {
			t.Errorf("%s: exit %d, want %d; it said %q, want %q", c.code, got.code, c.exit, cutTail(got.err), c.word)
		}
	}
}

func cutTail(text string) string { return text[max(0, len(text)-500):] }

func runStreams(t *testing.T, m terminal) {
	got := m.run(t, "", script(t, "import sys\nprint('to out')\nprint('to err', file=sys.stderr)\n6 * 7"))
	if got.out != "to out\n42\n" || !strings.HasPrefix(got.err, "to err\nok: ") {
		t.Errorf("%+v", got)
	}
	got = m.run(t, "", script(t, "print('first')\nraise ValueError('bad')"))
	if got.out != "first\n" || !strings.Contains(got.err, "ValueError: bad\nraised: ValueError on line 2: bad") {
		t.Errorf("%+v", got)
	}
}

// runResult is the object of --json: the seed's keys, then ours.
type runResult struct {
	Success       *bool    `json:"success"`
	Output        *string  `json:"output"`
	Error         *string  `json:"error"`
	ExecutionTime *float64 `json:"execution_time"`
	ReturnCode    *int     `json:"return_code"`
	Files         []struct {
		Filename string `json:"filename"`
		Data     string `json:"data"`
		Path     string `json:"path"`
		Type     string `json:"type"`
		Size     int64  `json:"size"`
		FileID   string `json:"file_id"`
	} `json:"generated_files"`
	FileIDs []string `json:"generated_file_ids"`
	Ending  string   `json:"ending"`
	NotKept []struct {
		Name   string `json:"name"`
		Size   int64  `json:"size"`
		Reason string `json:"reason"`
	} `json:"files_not_kept"`
}

func runBadInput(t *testing.T, m terminal) {
	for name, c := range map[string]struct {
		code     string
		exit     int
		out, err string
	}{
		"empty":         {"", 0, "", "ok: "},
		"a megabyte":    {"x = '" + strings.Repeat("a", 1_000_000) + "'\nprint(len(x))", 0, "1000000\n", "ok: "},
		"NUL":           {"print('a\x00b')", 1, "", "null bytes"},
		"syntax":        {"x = (\nprint(x", 1, "", "SyntaxError"},
		"not UTF-8":     {"print('\xff')", 1, "", "the code is not UTF-8"},
		"a mark":        {"\ufeffprint('marked')", 0, "marked\n", "ok: "},
		"indented":      {"\n    if True:\n        print('in')\n    ", 0, "in\n", "ok: "},
		"surrogates":    {`print('\udc80')`, 0, "\\udc80\n", "ok: "},
		"bytes":         {`import os; os.write(1, b'\xff\n');`, 0, "\ufffd\n", "ok: "},
		"a large file":  {"open('big.bin', 'wb').write(bytes(51_000_000))", 0, "", "not kept big.bin (51 MB): larger than 50 MB"},
		"a link":        {"import os; os.symlink('/etc/passwd', 'p'); print(1)", 0, "1\n", "not kept p (11 B): a link"},
		"no packages":   {"import torch", 1, "", "torch is not installed here"},
		"a deep error":  {"def f(n): return f(n + 1)\nf(0)", 1, "", "RecursionError"},
		"closed stream": {"import sys; sys.stdout.close()", 0, "", "ok: "},
	} {
		got := m.run(t, "", script(t, c.code))
		if got.code != c.exit || !strings.HasSuffix(got.out, c.out) || !strings.Contains(got.err, c.err) {
			t.Errorf("%s: exit %d, out %q, err %q", name, got.code, cutTail(got.out), cutTail(got.err))
		}
	}
}

// started is a writer that tells when the script has printed something.
type started chan struct{}

func (s started) Write(p []byte) (int, error) {
	select {
	case s <- struct{}{}:
	default:
	}
	return len(p), nil
}

func runInterrupted(t *testing.T, m terminal) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	printed := make(started, 1)
	go func() {
		<-printed
		stop()
	}()
	keep := t.TempDir()
	got := m.runUntil(ctx, t, "", printed, "--keep", keep, script(t, "open('early.txt', 'w').write('kept')\nprint('started')\nwhile True: pass"))
	if got.code != 130 || got.out != "started\n" || !strings.Contains(got.err, "interrupted: You stopped it") {
		t.Errorf("%+v", got)
	}
	if content, err := os.ReadFile(filepath.Join(keep, "early.txt")); err != nil || string(content) != "kept" {
		t.Errorf("%q %v", content, err)
	}
}

func runWrongUse(t *testing.T, m terminal) {
	path := script(t, "1")
	for _, c := range []struct {
		args []string
		word string
	}{
		{[]string{"--jsn", path}, "did you mean --json?"},
		{[]string{"--timout=3s", path}, "did you mean --timeout?"},
		{[]string{"--timeout=0s", path}, "--timeout must be more than zero"},
		{[]string{"--timeout=soon", path}, "soon"},
		{nil, "run takes one script"},
		{[]string{path, path}, "run takes one script"},
		{[]string{path + "x"}, "cannot read the script"},
		{[]string{"--stdin", path + "x", path}, "--stdin"},
		{[]string{"--keep", path, path}, "--keep"},
		{[]string{"--file", filepath.Dir(path), path}, "is not a file"},
	} {
		if got := m.run(t, "", c.args...); got.code != exitWrongUse || !strings.Contains(got.err, c.word) || got.out != "" {
			t.Errorf("%v: %+v, want %q", c.args, got, c.word)
		}
	}
}

// runQuickStart is the seed's own first example, as it stands there.
func runQuickStart(t *testing.T, m terminal) {
	got := m.run(t, "", "--json", script(t, `
    import pandas as pd
    df = pd.DataFrame({'x': [1,2,3]})
    df.to_csv('data.csv')
    df.to_json('data.json')
    print('Files created!')
    `))
	r := decode(t, got)
	if !*r.Success || *r.Output != "Files created!\n" || len(r.Files) != 2 || len(r.FileIDs) != 2 || r.Files[0].Filename != "data.csv" || r.Files[1].Filename != "data.json" {
		t.Errorf("%s", got.out)
	}
}
