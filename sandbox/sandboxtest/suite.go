package sandboxtest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// Wall is one implementation under test.
type Wall struct {
	// Open starts a fresh one. The suite closes it.
	Open func(t *testing.T) sandbox.Sandbox
	// Traces names what the wall has on the machine for its kernels beside
	// processes and descriptors, such as cgroups. May be nil.
	Traces func() []string
}

// patience bounds every step of a test. It is long, for a loaded machine; what
// must be quick says so itself.
const patience = 60 * time.Second

// suite is one opened wall.
type suite struct {
	wall    Wall
	sandbox sandbox.Sandbox
}

// check is one promise of the interfaces.
type check struct {
	name string
	run  func(t *testing.T, s *suite)
}

// Conform runs every check against one sandbox, as a server would use it. What
// counts processes and descriptors goes first, alone.
func Conform(t *testing.T, w Wall) {
	s := openSuite(t, w)
	t.Run("Leftovers", func(t *testing.T) { leavesNothing(t, s) })
	t.Run("LeftoversAreSeen", func(t *testing.T) { seesLeftovers(t, s) })
	t.Run("CloseOfTheSandbox", func(t *testing.T) { sandboxCloses(t, w) })
	var all []check
	for _, group := range [][]check{
		streamChecks(), displayChecks(), figureChecks(), languageChecks(), endingChecks(), breachChecks(), stopChecks(), factChecks(),
		inputChecks(), shelfChecks(), layingChecks(), producedChecks(), refusalChecks(), lifeChecks(), livingChecks(),
		lookChecks(), updateChecks(), tableChecks(), richChecks(), stillChecks(), magicChecks(),
	} {
		all = append(all, group...)
	}
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, s)
		})
	}
}

func openSuite(t *testing.T, w Wall) *suite {
	t.Helper()
	s := &suite{wall: w, sandbox: w.Open(t)}
	t.Cleanup(func() {
		ctx, done := context.WithTimeout(context.Background(), patience)
		defer done()
		if err := s.sandbox.Close(ctx); err != nil {
			t.Errorf("closing the sandbox: %v", err)
		}
	})
	// The first Open waits for the warm-up, which no check shall pay for.
	k := s.open(t, sandbox.Spec{})
	closeKernel(t, k)
	return s
}

// open returns a kernel that the end of the test closes. Limits that the spec
// leaves at zero are the product's.
func (s *suite) open(t *testing.T, spec sandbox.Spec) sandbox.Kernel {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	k, err := s.sandbox.Open(ctx, spec)
	if err != nil {
		t.Fatalf("open a kernel: %v", err)
	}
	t.Cleanup(func() { closeKernel(t, k) })
	return k
}

func closeKernel(t *testing.T, k sandbox.Kernel) {
	t.Helper()
	ctx, done := context.WithTimeout(context.Background(), patience)
	defer done()
	if err := k.Close(ctx); err != nil {
		t.Errorf("close a kernel: %v", err)
	}
}

// exec runs code on k to its end.
func exec(t *testing.T, k sandbox.Kernel, code string) (sandbox.Result, *desk) {
	t.Helper()
	d := newDesk()
	return execOn(t, k, code, d), d
}

func execOn(t *testing.T, k sandbox.Kernel, code string, d *desk) sandbox.Result {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), patience)
	defer done()
	d.over(false)
	result, err := k.Exec(ctx, code, d)
	d.over(true)
	t.Cleanup(func() { d.silent(t) })
	if err != nil {
		t.Fatalf("exec: %v\nsaid so far: %s", err, d)
	}
	if result.Ending == "" {
		t.Fatalf("a result without an ending: %+v", result)
	}
	return result
}

// must runs code that is expected to end well.
func must(t *testing.T, k sandbox.Kernel, code string) *desk {
	t.Helper()
	result, d := exec(t, k, code)
	if result.Ending != sandbox.OK || result.ReturnCode != 0 {
		t.Fatalf("ended %s (%d) %s, want ok (0)\n%s", result.Ending, result.ReturnCode, result.Exception, d)
	}
	return d
}

// run opens a kernel for one piece of code alone.
func (s *suite) run(t *testing.T, spec sandbox.Spec, code string) (sandbox.Result, *desk) {
	t.Helper()
	return exec(t, s.open(t, spec), code)
}

func wantEnding(t *testing.T, got sandbox.Result, d *desk, want sandbox.Ending, code int) {
	t.Helper()
	if got.Ending != want || got.ReturnCode != code {
		t.Fatalf("ended %s (%d) %q, want %s (%d)\n%s", got.Ending, got.ReturnCode, got.Exception, want, code, d)
	}
}

func wantText(t *testing.T, d *desk, stream sandbox.Stream, want string) {
	t.Helper()
	if got := d.text(stream); got != want {
		t.Errorf("%s is %q, want %q", stream, clip(got), clip(want))
	}
}

func wantPart(t *testing.T, what, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%s is %q, which does not say %q", what, clip(text), part)
	}
}

func clip(text string) string {
	const most = 600
	if len(text) <= most {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes in all)", text[:most], len(text))
}
