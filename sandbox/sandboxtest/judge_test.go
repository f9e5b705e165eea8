package sandboxtest

import (
	"errors"
	"strings"
	"testing"

	"mayfly/sandbox"
)

// TestJudgeSees shows the judge what it must not let pass.
func TestJudgeSees(t *testing.T) {
	t.Parallel()
	a := attack{Name: "a", Expect: []string{"ok", "killed"}}
	for _, c := range []struct {
		name, said string
		ending     sandbox.Ending
		want       error
	}{
		{"held", "HELD it\n", sandbox.OK, nil},
		{"held, on the line of a process that prints dots", "..HELD it\n", sandbox.OK, nil},
		{"killed in silence", "", sandbox.Killed, nil},
		{"escape", "HELD it\nESCAPE through\n", sandbox.OK, errEscape},
		{"escape in the middle of a line", "HELD it\nxxESCAPE", sandbox.OK, errEscape},
		{"leak", "HELD it\nLEAK env\n", sandbox.Killed, errEscape},
		{"token", "HELD the-token-itself\n", sandbox.OK, errToken},
		{"wrong ending", "HELD it\n", sandbox.TimedOut, errEnding},
		{"raised halfway", "HELD it\n", sandbox.Raised, errEnding},
		{"silence", "done\n", sandbox.OK, errSilence},
	} {
		err := a.judge(c.ending, c.said, "the-token-itself")
		if (c.want == nil) != (err == nil) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestAttacksAreWhole: every program says what it is for.
func TestAttacksAreWhole(t *testing.T) {
	t.Parallel()
	all, err := loadAttacks()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 80 {
		t.Errorf("%d attacks, want 80", len(all))
	}
	for _, bad := range []string{"print(1)", "# stone: x\nprint(1)", "# stone: x\n# expect: fine\n", "# stone: x\n# expekt: ok\n"} {
		if _, err := parseAttack("bad", bad); err == nil {
			t.Errorf("%q passes as an attack", bad)
		}
	}
	a, err := parseAttack("two", "# stone: x\n# expect: ok|killed\n1\n# next cell\n2\n")
	if err != nil || len(a.Cells) != 2 || strings.Join(a.Expect, " ") != "ok killed" {
		t.Errorf("%+v %v", a, err)
	}
}

// TestTallySees shows the tally one more of each.
func TestTallySees(t *testing.T) {
	t.Parallel()
	base := tally{processes: []string{"1 a"}, descriptors: 3, goroutines: 5, traces: []string{"x"}}
	for _, now := range []tally{
		{processes: []string{"1 a", "2 b"}, descriptors: 3, goroutines: 5, traces: []string{"x"}},
		{processes: []string{"1 a"}, descriptors: 4, goroutines: 5, traces: []string{"x"}},
		{processes: []string{"1 a"}, descriptors: 3, goroutines: 6, traces: []string{"x"}},
		{processes: []string{"1 a"}, descriptors: 3, goroutines: 5, traces: []string{"x", "y"}},
	} {
		if now.more(base) == "" {
			t.Errorf("%+v is told to be no more than %+v", now, base)
		}
	}
	if got := base.more(base); got != "" {
		t.Errorf("nothing more is told of as %q", got)
	}
}
