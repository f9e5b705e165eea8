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

func programs() []program {
	return []program{
		{"print(1)", "print(1)", "1\n", nil},
		{"the seed's Quick Start", quickStart, "Files created!\n", []string{"data.csv", "data.json"}},
	}
}

// bare runs the program with the runtime's interpreter in an empty folder.
func bare(runtime string) func(context.Context, program) error {
	return func(ctx context.Context, p program) error {
		dir, err := os.MkdirTemp("", "mayfly-bench-bare-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		cmd := exec.CommandContext(ctx, filepath.Join(runtime, "bin/python"), "-c", strings.ReplaceAll(p.code, "\n    ", "\n"))
		cmd.Dir = dir
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
}
