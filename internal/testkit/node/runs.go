package node

import (
	"context"
	"strings"
	"testing"
	"time"

	"mayfly/events"
	"mayfly/models"
)

// patience bounds every wait of a test. It is long, for a loaded machine.
const patience = time.Minute

// Queue asks for a run.
func (n *Node) Queue(t testing.TB, owner models.UserID, code string, files ...models.FileID) *models.Run {
	t.Helper()
	run, err := n.Runner.Submit(context.Background(), owner, models.NewRun{Code: code, Source: models.FromWeb, Files: files})
	must(t, err)
	return run
}

// Await returns the run when it is done.
func (n *Node) Await(t testing.TB, run *models.Run) *models.Run {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	done, err := n.Runner.Await(ctx, run.UserID, run.ID)
	if err != nil {
		t.Fatalf("await run: %v (%+v)", err, done)
	}
	return done
}

// Do runs code to its end.
func (n *Node) Do(t testing.TB, owner models.UserID, code string, files ...models.FileID) *models.Run {
	t.Helper()
	return n.Await(t, n.Queue(t, owner, code, files...))
}

// Until waits for something about a run or its owner: it looks again at every
// hint.
func (n *Node) Until(t testing.TB, run *models.Run, what string, look func() bool) {
	t.Helper()
	n.until(t, what, look, events.OfRun(run.ID), events.OfUser(run.UserID))
}

func (n *Node) until(t testing.TB, what string, look func() bool, topics ...events.Topic) {
	t.Helper()
	watch := n.Hub.Watch(topics...)
	defer watch.Close()
	late := time.NewTimer(patience)
	defer late.Stop()
	for !look() {
		select {
		case <-watch.C:
		case <-late.C:
			t.Fatalf("never came about: %s", what)
		}
	}
}

// Outputs returns what a run said, in order.
func (n *Node) Outputs(t testing.TB, run *models.Run) []models.Output {
	t.Helper()
	outputs, err := n.Store.Outputs(context.Background(), run.UserID, run.ID, 0)
	must(t, err)
	return outputs
}

// Said returns all text of one stream.
func (n *Node) Said(t testing.TB, run *models.Run, stream string) string {
	t.Helper()
	var text strings.Builder
	for _, o := range n.Outputs(t, run) {
		if o.Stream == stream {
			text.WriteString(o.Text)
		}
	}
	return text.String()
}
