package jail

import (
	"context"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// awaitNext waits for another zygote than that one to serve.
func awaitNext(t *testing.T, j *Jail, than *zygote) *zygote {
	t.Helper()
	late := time.NewTimer(2 * time.Minute)
	defer late.Stop()
	for {
		j.mu.Lock()
		now, changed := j.zygote, j.changed
		j.mu.Unlock()
		if now != nil && now != than {
			return now
		}
		select {
		case <-changed:
		case <-late.C:
			t.Fatal("no other zygote serves")
		}
	}
}

func awaitOver(t *testing.T, what string, over <-chan struct{}) {
	t.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	select {
	case <-over:
	case <-late.C:
		t.Fatalf("%s has not ended", what)
	}
}

// TestZygoteIsRenewed: an old zygote makes place for another, kernels and runs
// of the old one go on, and it goes with the last of them.
func TestZygoteIsRenewed(t *testing.T) {
	t.Parallel()
	j := start(t, Config{Runtime: testRuntime(), User: testUser, Ready: 1})
	k := openOf(t, j, sandbox.Spec{})
	const secrets = "print(hash('a'), id(print))"
	_, before := said(t, k, "x = 5\n"+secrets)
	heard := &startWatch{started: make(chan struct{})}
	over := make(chan sandbox.Result, 1)
	go func() {
		result, _ := k.Exec(context.Background(), "print('started')\nwhile True: pass", heard)
		over <- result
	}()
	<-heard.started
	j.early <- struct{}{}
	next := awaitNext(t, j, k.zygote)
	if state := j.State(); !state.Ready {
		t.Errorf("the jail says %+v", state)
	}
	fresh := openOf(t, j, sandbox.Spec{})
	if fresh.zygote == k.zygote || fresh.id == k.id {
		t.Error("a new kernel comes from the old zygote")
	}
	if _, now := said(t, fresh, secrets); now == before || now == "" {
		t.Errorf("the new zygote's kernels have the layout and the hashes of the old one's: %s", now)
	}
	if err := k.Interrupt(t.Context()); err != nil {
		t.Fatal(err)
	}
	if result := <-over; result.Ending != sandbox.Interrupted {
		t.Errorf("the run that went on meanwhile: %+v", result)
	}
	if _, x := said(t, k, "print(x)"); x != "5\n" {
		t.Errorf("the old kernel says %q", x)
	}
	if k.zygote.isOver() || next.number <= k.zygote.number {
		t.Errorf("zygote %d after %d, which is over: %v", next.number, k.zygote.number, k.zygote.isOver())
	}
	if err := k.Close(context.Background()); err != nil {
		t.Error(err)
	}
	awaitOver(t, "the old zygote", k.zygote.done)
}

// TestOldZygoteLingersNotForEver, and then cuts no run off: it ends between two.
func TestOldZygoteLingersNotForEver(t *testing.T) {
	t.Parallel()
	j := startAs(t, Config{Runtime: testRuntime(), User: testUser}, func(j *Jail) { j.linger = time.Nanosecond })
	k := openOf(t, j, sandbox.Spec{})
	d := &asks{asked: make(chan struct{}), answer: make(chan string)}
	over := make(chan string, 1)
	go func() {
		result, err := k.Exec(context.Background(), "print('it is', input())", d)
		over <- string(result.Ending) + d.out.String()
		if err != nil {
			t.Error(err)
		}
	}()
	<-d.asked
	j.early <- struct{}{}
	awaitNext(t, j, k.zygote)
	d.answer <- "whole"
	if got := <-over; got != "okit is whole\n" {
		t.Errorf("the run that went on meanwhile: %q", got)
	}
	awaitOver(t, "the old kernel", k.Done())
	awaitOver(t, "the old zygote", k.zygote.done)
	if _, err := k.Exec(t.Context(), "1", &listener{}); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("after that: %v", err)
	}
}

// asks answers one question when the test says so.
type asks struct {
	listener
	asked  chan struct{}
	answer chan string
}

func (a *asks) Input(context.Context, sandbox.Question) (string, error) {
	close(a.asked)
	return <-a.answer, nil
}
