package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is what is run, with what it prints and the files it makes.
type program struct {
	name  string
	code  string
	says  string
	files []string
}

// quickStart is the seed's own, indented as it stands there: Mayfly takes the
// indentation away.
const quickStart = `
    import pandas as pd
    df = pd.DataFrame({'x': [1,2,3]})
    df.to_csv('data.csv')
    df.to_json('data.json')
    print('Files created!')
    `

// The others are as short as a person would type them.
const (
	csv = `import pandas as pd
df = pd.DataFrame({"x": range(1000), "y": [i * i for i in range(1000)]})
df.to_csv("squares.csv", index=False)
print(len(df))
`
	png = `import matplotlib.pyplot as plt
plt.plot(range(100), [i * i for i in range(100)])
plt.title("squares")
plt.savefig("squares.png")
plt.close()
print("drawn")
`
	learn = `import numpy as np
from sklearn.linear_model import LogisticRegression
x = np.random.default_rng(1).normal(size=(200, 4))
y = x[:, 0] + x[:, 1] > 0
print(LogisticRegression().fit(x, y).score(x, y) > 0.9)
`
	group = `import polars as pl
df = pl.DataFrame({"k": [i % 7 for i in range(10_000)], "v": range(10_000)})
print(df.group_by("k").agg(pl.col("v").mean()).height)
`
)

func programs() []program {
	return []program{
		{"print(1)", "print(1)", "1\n", nil},
		{"DataFrame to CSV", csv, "1000\n", []string{"squares.csv"}},
		{"matplotlib PNG", png, "drawn\n", []string{"squares.png"}},
		{"scikit-learn fit", learn, "True\n", nil},
		{"polars group-by", group, "7\n", nil},
		{"the seed's Quick Start", quickStart, "Files created!\n", []string{"data.csv", "data.json"}},
	}
}

// bare runs the program with the runtime's interpreter in an empty folder.
func bare(runtime string) func(context.Context, program, int) (func() error, error) {
	return func(ctx context.Context, p program, _ int) (func() error, error) {
		return nil, inFolder(runtime, p, func(dir, code string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, filepath.Join(runtime, "bin/python"), "-c", code)
			cmd.Dir = dir
			return cmd
		})
	}
}

// wrapped does the same behind bubblewrap alone, as one would who starts an
// interpreter for each run: namespaces and read-only folders, no cgroup, no
// filter of system calls.
func wrapped(runtime string) func(context.Context, program, int) (func() error, error) {
	return func(ctx context.Context, p program, _ int) (func() error, error) {
		fonts := filepath.Join(runtime, "matplotlib") // must be writable, or matplotlib looks for all fonts anew
		return nil, inFolder(runtime, p, func(dir, code string) *exec.Cmd {
			return exec.CommandContext(ctx, "bwrap", "--unshare-all", "--die-with-parent", "--new-session",
				"--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin",
				"--ro-bind", "/etc", "/etc", "--ro-bind", runtime, runtime,
				"--bind", fonts, fonts, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
				"--bind", dir, "/w", "--chdir", "/w", filepath.Join(runtime, "bin/python"), "-c", code)
		})
	}
}

// inFolder runs what command gives and looks at what came of it. The cache of
// fonts is the runtime's, so that nobody builds one.
func inFolder(runtime string, p program, command func(dir, code string) *exec.Cmd) error {
	dir, err := os.MkdirTemp("", "mayfly-bench-bare-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cmd := command(dir, strings.ReplaceAll(p.code, "\n    ", "\n"))
	cmd.Env = append(os.Environ(), "MPLBACKEND=Agg", "MPLCONFIGDIR="+filepath.Join(runtime, "matplotlib"))
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	if string(out) != p.says {
		return fmt.Errorf("it said %q", out)
	}
	for _, name := range p.files {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
