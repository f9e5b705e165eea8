package web

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestRateLimitSEC17(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, err := newLimiter(Rates{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 10 {
			if wait := l.wait(LoginRate, "one"); wait != 0 {
				t.Fatalf("call %d waits %v", i+1, wait)
			}
		}
		if wait := l.wait(LoginRate, "one"); wait <= 0 || wait > 6*time.Second {
			t.Fatalf("the eleventh waits %v, want up to 6 s", wait)
		}
		if wait := l.wait(LoginRate, "two"); wait != 0 {
			t.Fatalf("another caller waits %v", wait)
		}
		<-time.After(6 * time.Second) // fake time: nobody waits
		if wait := l.wait(LoginRate, "one"); wait != 0 {
			t.Fatalf("after 6 s the next waits %v", wait)
		}
		<-time.After(time.Minute)
		for i := range 10 {
			if wait := l.wait(LoginRate, "one"); wait != 0 {
				t.Fatalf("a minute later call %d waits %v", i+1, wait)
			}
		}
	})
}

func TestRateLimitMemoryIsBoundedSEC17(t *testing.T) {
	t.Parallel()
	l, err := newLimiter(Rates{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range rateMemory + 5000 {
		l.wait(FileRate, fmt.Sprint(i))
	}
	if n := l.callers.Len(); n != rateMemory {
		t.Errorf("%d callers are remembered, want %d", n, rateMemory)
	}
}

func TestRatesAreConfigurableSEC17(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Rate]int{LoginRate: 10, RunRate: 60, FileRate: 600} {
		if got := (Rates{}).of(kind); got != want {
			t.Errorf("default of %d: %d, want %d", kind, got, want)
		}
		if got := (Rates{Login: 7, Runs: 7, Files: 7}).of(kind); got != 7 {
			t.Errorf("configured %d: %d, want 7", kind, got)
		}
	}
}
