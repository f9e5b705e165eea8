package node

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"mayfly/sandbox"
	"mayfly/sandbox/jail"
)

// oneJail warms up when the first test asks: it takes seconds, so a test process
// has one, as a server has. A package variable, because a test process has no
// other owner.
var oneJail = sync.OnceValues(func() (*jail.Jail, error) {
	runtime := os.Getenv("MAYFLY_RUNTIME")
	if runtime == "" {
		runtime = "/opt/mayfly/python"
	}
	return jail.New(context.Background(), jail.Config{
		Runtime: runtime, User: "mayfly-jail", Logger: slog.New(slog.DiscardHandler),
	})
})

// Jail is the real one, shared by the tests of this process.
func Jail(t testing.TB) sandbox.Sandbox {
	t.Helper()
	j, err := oneJail()
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// Main runs a package's tests and takes the jail down after them. Its result is
// for os.Exit.
func Main(m *testing.M) int {
	code := m.Run()
	j, err := oneJail()
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err = j.Close(ctx)
	}
	if err != nil && code == 0 {
		slog.Error("the jail of the tests", "cause", err)
		return 1
	}
	return code
}
