package runner_test

import (
	"testing"
	"time"

	"mayfly/internal/testkit/node"
	"mayfly/models"
)

// What somebody has running ends with their account: a one-shot that goes on, a
// cell that goes on, and an interpreter that only waits.
func TestADeletedAccountEndsWhatItHasRunning(t *testing.T) {
	t.Parallel()
	box := &counted{Sandbox: node.Jail(t)}
	n, owner := start(t, node.Config{Sandbox: box})
	n.DoCell(t, n.Notebook(t, owner, ""), "x = 1")
	for _, run := range []*models.Run{
		n.Queue(t, owner, "print('goes on')\nwhile True: pass"),
		n.QueueCell(t, n.Notebook(t, owner, ""), "print('goes on')\nimport time\ntime.sleep(60)"),
	} {
		n.Until(t, run, "its first words", func() bool { return n.Said(t, run, "stdout") == "goes on\n" })
	}
	if _, err := n.Store.DeleteAccount(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	deadline := time.After(time.Minute)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for box.open.Load() > 0 {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("%d interpreters are open still", box.open.Load())
		}
	}
	if n := count(t, n.Pool, "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM kernels) + (SELECT count(*) FROM files)"); n != 0 {
		t.Errorf("%d rows came after", n)
	}
}
