package sandboxtest

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mayfly/sandbox"
)

//go:embed testdata
var programs embed.FS

// attack is one hostile program. Its file begins with what is said of it:
//
//	# stone: the part of the wall that must catch it
//	# expect: the ending it must come to, or several with | between
//	# bare: escape, when the same program without a wall must report one
//
// A program that ends ok must have printed HELD for what it tried, and
// none that says ESCAPE or LEAK. "# next cell" parts one Exec from the next.
type attack struct {
	Name   string
	Stone  string
	Expect []string
	Bare   bool
	Cells  []string
}

const nextCell = "# next cell\n"

// loadAttacks reads all of them, by name.
func loadAttacks() ([]attack, error) {
	files, err := fs.Glob(programs, "testdata/attacks/*.py")
	if err != nil {
		return nil, err
	}
	var all []attack
	for _, file := range files {
		text, err := fs.ReadFile(programs, file)
		if err != nil {
			return nil, err
		}
		a, err := parseAttack(strings.TrimSuffix(path.Base(file), ".py"), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func parseAttack(name, text string) (attack, error) {
	a := attack{Name: name, Cells: strings.Split(text, nextCell)}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "# ")), ": ")
		if !strings.HasPrefix(line, "# ") || !ok {
			break
		}
		switch key {
		case "stone":
			a.Stone = value
		case "expect":
			a.Expect = strings.Split(value, "|")
		case "bare":
			a.Bare = value == "escape"
		default:
			return a, fmt.Errorf("attack %s: unknown word %q at its head", name, key)
		}
	}
	if a.Stone == "" || len(a.Expect) == 0 {
		return a, fmt.Errorf("attack %s names no stone or no ending", name)
	}
	for _, e := range a.Expect {
		if !slices.Contains(possible(), sandbox.Ending(e)) {
			return a, fmt.Errorf("attack %s expects %q, which is no ending", name, e)
		}
	}
	return a, nil
}

func possible() []sandbox.Ending {
	return []sandbox.Ending{sandbox.OK, sandbox.Raised, sandbox.TimedOut, sandbox.OutOfMemory, sandbox.OutputCap, sandbox.Killed}
}

var (
	errEscape  = errors.New("the program says that it got through")
	errToken   = errors.New("the bait's token came out")
	errEnding  = errors.New("it did not end as it must")
	errSilence = errors.New("it ended well and says of nothing that it held")
)

// judge is the verdict on one attack.
func (a attack) judge(ending sandbox.Ending, said, token string) error {
	var faults []error
	held := false
	for line := range strings.Lines(said) {
		for _, word := range []string{"ESCAPE", "LEAK"} {
			if strings.Contains(line, word) {
				faults = append(faults, fmt.Errorf("%w: %s", errEscape, clip(strings.TrimSpace(line))))
			}
		}
		held = held || strings.Contains(line, "HELD ") // others may print on the same line
	}
	if strings.Contains(said, token) {
		faults = append(faults, errToken)
	}
	if !slices.Contains(a.Expect, string(ending)) {
		faults = append(faults, fmt.Errorf("%w: %s, want %s", errEnding, ending, strings.Join(a.Expect, " or ")))
	}
	if ending == sandbox.OK && !held {
		faults = append(faults, errSilence)
	}
	return errors.Join(faults...)
}
