package sandboxtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

func stopChecks() []check {
	return []check{
		{"Interrupt", interrupts},
		{"InterruptOfTheDeaf", interruptOfTheDeaf},
		{"InterruptOfNothing", interruptOfNothing},
		{"InterruptWhileAsking", interruptWhileAsking},
		{"ContextEnds", contextEnds},
	}
}

// ended is what a run in the background came to.
type ended struct {
	result sandbox.Result
	err    error
}

// start runs code in the background, until it has printed "started".
func start(t *testing.T, ctx context.Context, k sandbox.Kernel, code string, d *desk) <-chan ended {
	t.Helper()
	over := make(chan ended, 1)
	go func() {
		result, err := k.Exec(ctx, code, d)
		d.over(true)
		over <- ended{result, err}
	}()
	d.await(t, "started")
	return over
}

func finish(t *testing.T, over <-chan ended, within time.Duration) ended {
	t.Helper()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case e := <-over:
		return e
	case <-late.C:
		t.Fatalf("Exec did not return within %s", within)
		return ended{}
	}
}

func interrupts(t *testing.T, s *suite) {
	for _, busy := range []string{"while True: pass", "import time; time.sleep(60)", "pow(7, 10**8)", "import subprocess; subprocess.run(['sleep', '60'])", "import asyncio; await asyncio.sleep(60)"} {
		k, d := s.open(t, sandbox.Spec{}), newDesk()
		over := start(t, t.Context(), k, "x = 5\nprint('started')\n"+busy, d)
		if err := k.Interrupt(t.Context()); err != nil {
			t.Fatalf("interrupt: %v", err)
		}
		e := finish(t, over, patience)
		if e.err != nil {
			t.Fatalf("%s: %v", busy, e.err)
		}
		wantEnding(t, e.result, d, sandbox.Interrupted, 130)
		wantText(t, must(t, k, "print(x)"), sandbox.Stdout, "5\n")
	}
}

// interruptOfTheDeaf: who does not stop is stopped, soon.
func interruptOfTheDeaf(t *testing.T, s *suite) {
	k, d := s.open(t, sandbox.Spec{}), newDesk()
	over := start(t, t.Context(), k, "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('started')\nwhile True: pass", d)
	if err := k.Interrupt(t.Context()); err != nil {
		t.Fatalf("interrupt: %v", err)
	}
	e := finish(t, over, 10*time.Second)
	if e.err != nil {
		t.Fatal(e.err)
	}
	wantEnding(t, e.result, d, sandbox.Interrupted, 130)
	waitDone(t, k)
}

func interruptOfNothing(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	if err := k.Interrupt(t.Context()); err != nil {
		t.Fatalf("interrupt of an idle kernel: %v", err)
	}
	wantText(t, must(t, k, "print('untouched')"), sandbox.Stdout, "untouched\n")
}

func interruptWhileAsking(t *testing.T, s *suite) {
	k, d := s.open(t, sandbox.Spec{}), newDesk()
	d.answer = func(ctx context.Context, _ sandbox.Question) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}
	over := start(t, t.Context(), k, "print('started')\ninput('? ')", d)
	if err := k.Interrupt(t.Context()); err != nil {
		t.Fatalf("interrupt: %v", err)
	}
	e := finish(t, over, patience)
	if e.err != nil {
		t.Fatal(e.err)
	}
	wantEnding(t, e.result, d, sandbox.Interrupted, 130)
	fresh := answers("blue")
	result := execOn(t, k, "print(input('colour? '))", fresh)
	wantEnding(t, result, fresh, sandbox.OK, 0)
	wantText(t, fresh, sandbox.Stdout, "blue\n")
}

// contextEnds: a caller that gives up is not held by what runs.
func contextEnds(t *testing.T, s *suite) {
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	k, d := s.open(t, sandbox.Spec{}), newDesk()
	over := start(t, ctx, k, "print('started')\nwhile True: pass", d)
	giveUp()
	if e := finish(t, over, 10*time.Second); e.err == nil && e.result.Ending == sandbox.OK {
		t.Errorf("an endless run ended well: %+v", e.result)
	}
	if _, err := s.sandbox.Open(ctx, sandbox.Spec{}); err == nil {
		t.Error("Open took no notice of a context that has ended")
	}
}

// emitRefuses: an error of Emit ends the Exec, and is the caller's to see.
func emitRefuses(t *testing.T, s *suite) {
	k, d := s.open(t, sandbox.Spec{}), newDesk()
	d.refuse = errors.New("the log is full")
	over := make(chan ended, 1)
	go func() {
		result, err := k.Exec(t.Context(), "while True: print('x')", d)
		over <- ended{result, err}
	}()
	e := finish(t, over, 10*time.Second)
	if e.err == nil || !strings.Contains(e.err.Error(), "the log is full") {
		t.Errorf("the error is %v", e.err)
	}
}
