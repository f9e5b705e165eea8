//go:build endure

package jail_test

import (
	"flag"
	"testing"

	"mayfly/sandbox/sandboxtest"
)

var (
	cycles = flag.Int("cycles", 1000, "kernels, one after the other")
	rounds = flag.Int("rounds", 20, "times that the list of attacks is run")
)

// TestEndurance is run by make endure alone.
func TestEndurance(t *testing.T) { sandboxtest.Endure(t, wall(), *cycles, *rounds) }
