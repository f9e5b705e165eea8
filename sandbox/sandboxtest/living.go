package sandboxtest

import (
	"slices"
	"testing"
	"time"

	"mayfly/sandbox"
)

// livingChecks are about kernels that more than one Exec uses.
func livingChecks() []check {
	return []check{
		{"NamesAreTold", namesAreTold},
		{"NamesCannotBeForged", namesCannotBeForged},
		{"EachExecHasItsOwnWallLimit", eachItsLimit},
		{"SpareMemoryIsTold", spareIsTold},
	}
}

func namesAreTold(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, want := range map[string][]string{
		"import os, math as m\nfrom math import pi\nx = 1\n_hidden = 2\ndef f(): pass\ndel pi": {"x", "f"},
	} {
		if got, d := exec(t, k, code); !slices.Equal(got.Names, want) {
			t.Errorf("%q leaves %q, not %q\n%s", code, got.Names, want, d)
		}
	}
	if got, _ := exec(t, k, "größe = 1\n1/0"); !slices.Equal(got.Names, []string{"x", "f", "größe"}) {
		t.Errorf("a cell that raised leaves %q", got.Names)
	}
	if got, _ := exec(t, k, "import os; os._exit(1)"); len(got.Names) != 0 {
		t.Errorf("a dead interpreter holds %q", got.Names)
	}
}

func namesCannotBeForged(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	got, d := exec(t, k, `ns = get_ipython().user_ns
for i in range(1000): ns[f'v{i}'] = i
ns['<b>'] = ns['a b'] = ns['\u202e'] = ns['x' * 81] = ns[7] = 1`)
	if got.Ending != sandbox.OK || len(got.Names) > sandbox.NamesMax || len(got.Names) < 190 || !slices.Contains(got.Names, "v999") {
		t.Errorf("ended %s with %q\n%s", got.Ending, got.Names, d)
	}
	for _, name := range got.Names {
		if name[0] != 'v' {
			t.Errorf("%q is told as a variable", name)
		}
	}
}

func eachItsLimit(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{Wall: patience}})
	must(t, k, "x = 1")
	k.LimitWall(300 * time.Millisecond)
	result, d := exec(t, k, "while True: pass")
	wantEnding(t, result, d, sandbox.TimedOut, 124)
	if result.Wall > 30*time.Second {
		t.Errorf("it took %s", result.Wall)
	}
	k.LimitWall(patience)
	wantText(t, must(t, k, "import time; time.sleep(0.5); print(x)"), sandbox.Stdout, "1\n")
}

func spareIsTold(t *testing.T, s *suite) {
	before, err := s.sandbox.Spare()
	if err != nil || before <= 0 || before > 1<<50 {
		t.Fatalf("%d bytes are spare (%v)", before, err)
	}
	// Others take and give memory meanwhile: what is held must be seen once.
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{Memory: 1 << 30}})
	for range 20 {
		if before, err = s.sandbox.Spare(); err != nil {
			t.Fatal(err)
		}
		must(t, k, "held = bytearray(700 << 20)\nfor i in range(0, len(held), 4096): held[i] = 1")
		after, err := s.sandbox.Spare()
		if err != nil {
			t.Fatal(err)
		}
		if before-after > 350<<20 {
			return
		}
		must(t, k, "del held")
	}
	t.Error("700 MiB in a kernel are not missed")
}
