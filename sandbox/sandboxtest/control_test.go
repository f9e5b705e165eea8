package sandboxtest

import (
	"bytes"
	"context"
	"os"
	command "os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestBareProgramsGetThrough is the negative control: the attacks that are
// harmless and marked so run without any wall, as a user that owns nothing, and
// each must say that it got through. One that cannot would hold before any wall.
func TestBareProgramsGetThrough(t *testing.T) {
	t.Parallel()
	all, err := loadAttacks()
	if err != nil {
		t.Fatal(err)
	}
	b := layBait(t)
	tried := 0
	for _, a := range all {
		if !a.Bare {
			continue
		}
		tried++
		said := bare(t, b, a)
		if !strings.Contains(said, "ESCAPE") && !strings.Contains(said, "LEAK") {
			t.Errorf("%s does not get through where there is no wall:\n%s", a.Name, said)
		}
	}
	if tried < 20 {
		t.Errorf("%d programs tried, want 20", tried)
	}
	if b.touched.Load() == 0 {
		t.Error("no program reached a listener: the bait does not bite")
	}
}

func bare(t *testing.T, b *bait, a attack) string {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 20*time.Second)
	defer done()
	cmd := command.CommandContext(ctx, "/usr/bin/python3", "-I", "-c", b.prelude()+a.Cells[0])
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "MAYFLY_BAIT=" + b.token}
	cmd.Dir = "/"
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatalf("start a bare Python: %v", err) // how it ends is not the point
	}
	return said.String()
}
