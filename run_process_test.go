package main

import (
	"bufio"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestRunOfAProcess is the program itself, from its start: what a signal does to
// it, and to what it has started.
func TestRunOfAProcess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signal syscall.Signal
		code   int
	}{"Ctrl-C": {syscall.SIGINT, 130}, "killed": {syscall.SIGKILL, -1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "run", script(t, "print('started', flush=True)\nimport time\ntime.sleep(600)"))
			cmd.Stderr = t.Output()
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(out).ReadString('\n'); line != "started\n" {
				t.Fatalf("%q %v", line, err)
			}
			below := descendants(cmd.Process.Pid)
			if len(below) < 3 {
				t.Fatalf("only %v run below it", below)
			}
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			awaitGone(t, below, 2*time.Second)
		})
	}
}

func awaitGone(t *testing.T, processes map[int]string, within time.Duration) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(within); len(processes) > 0; <-tick.C {
		for pid, began := range processes {
			if now, _ := processAt(pid); now != began {
				delete(processes, pid)
			}
		}
		if time.Now().After(until) {
			t.Fatalf("still there after %s: %v", within, processes)
		}
	}
}
