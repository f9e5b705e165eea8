package runner_test

import (
	"context"
	"strings"
	"testing"

	"mayfly/internal/testkit"
	"mayfly/internal/testkit/node"
	"mayfly/models"
)

// REL-4, REL-5: the database goes away while code runs, and is not back when it
// ends.
func TestREL5ARunOutlivesAnOutageOfTheDatabase(t *testing.T) {
	t.Parallel()
	outage := testkit.Restartable(t)
	box := &watched{Sandbox: node.Jail(t)}
	n, owner := start(t, node.Config{Pool: outage.Pool, Sandbox: box})
	upload(t, n, owner, "sales.csv", "x\n1\n")
	ended := make(chan struct{})
	box.before = func() { outage.Begin(t) }
	box.after = func() { close(ended) }
	run := n.Queue(t, owner, "print('while it is away')\n"+loading("sales.csv")+"\nopen('made.txt', 'w').write('kept')\nprint('done')")
	<-ended
	if n.Store.Ping(context.Background()) == nil {
		t.Fatal("the database never went away")
	}
	outage.End(t)
	run = n.Await(t, run)
	mustEnd(t, run, models.OK, 0)
	said := n.Said(t, run, "stdout")
	if !strings.HasPrefix(said, "while it is away\n") || !strings.HasSuffix(said, "\ndone\n") {
		t.Errorf("it said %q", said)
	}
	for _, secret := range []string{"postgres", "mayfly-test", ".s.PGSQL", "dial", "SQLSTATE"} {
		if strings.Contains(said, secret) {
			t.Errorf("the code reads %q in %q", secret, said)
		}
	}
	if files, refused := made(t, n, run); len(refused) != 0 || read(t, n, owner, files["made.txt"].ID) != "kept" {
		t.Errorf("kept %v, refused %v", files, refused)
	}
	if box.count(run.Code) != 1 {
		t.Errorf("it ran %d times", box.count(run.Code))
	}
	// And the node works on.
	box.before, box.after = nil, nil
	mustEnd(t, n.Do(t, owner, "print('next')"), models.OK, 0)
}

// Every connection of the node may break at once, at any moment.
func TestREL4BrokenConnectionsLoseNoRun(t *testing.T) {
	t.Parallel()
	box := &watched{Sandbox: node.Jail(t)}
	n, owner := start(t, node.Config{Sandbox: box})
	cut := func() {
		conn, err := n.Pool.Exec(context.Background(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		if err != nil && models.CodeOf(err) == "" {
			t.Error(conn, err)
		}
	}
	box.before, box.after = cut, cut
	for i := range 5 {
		code := "print('a')\nopen('f', 'w').write('x')\nprint(" + string(rune('0'+i)) + ")"
		run := n.Do(t, owner, code)
		n.Pool.Reset() // of the connections that are cut: what follows is the test's own
		mustEnd(t, run, models.OK, 0)
		files, refused := made(t, n, run)
		if len(files) != 1 || len(refused) != 0 || !strings.HasPrefix(n.Said(t, run, "stdout"), "a\n") || box.count(code) != 1 {
			t.Errorf("run %d: %d files, refused %v, said %q, ran %d times", i, len(files), refused, n.Said(t, run, "stdout"), box.count(code))
		}
	}
}
