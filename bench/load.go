package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// crowds are the numbers of workers that do a program at once.
var crowds = []int{1, 2, 4, 8}

// underLoad adds to each score how many programs a second its contender does,
// what is left after the answers included, and what processor time one takes.
func underLoad(ctx context.Context, contenders []contender, p program, d time.Duration, scores []score) error {
	for i, c := range contenders {
		if c.name == overHTTP {
			continue // one person may do 60 runs a minute
		}
		for _, workers := range crowds {
			before := processorTime()
			done, took, err := crowd(ctx, c, p, workers, d)
			if err != nil {
				return fmt.Errorf("%s, %s, %d at once: %w", c.name, p.name, workers, err)
			}
			scores[i].rates = append(scores[i].rates, float64(done)/took.Seconds())
			scores[i].cpu = (processorTime() - before) / time.Duration(done)
			time.Sleep(breath)
		}
	}
	return nil
}

// crowd keeps the workers busy for d, and waits until the last is done.
func crowd(ctx context.Context, c contender, p program, workers int, d time.Duration) (done int64, took time.Duration, err error) {
	var all sync.WaitGroup
	var count atomic.Int64
	faults := make([]error, workers)
	began := time.Now()
	for w := range workers {
		all.Go(func() {
			for time.Since(began) < d && faults[w] == nil {
				var after func() error
				if after, faults[w] = c.do(ctx, p, w); faults[w] == nil && after != nil {
					faults[w] = after()
				}
				count.Add(1)
			}
		})
	}
	all.Wait()
	for _, fault := range faults {
		if fault != nil {
			return 0, 0, fault
		}
	}
	return count.Load(), time.Since(began), nil
}

// processorTime is what this process and all that descend from it have used,
// those included that have ended and were waited for. The system counts in
// ticks of 10 ms.
func processorTime() time.Duration { return processorTimeOf(os.Getpid()) }

// processorTimeOf is processorTime for another process.
func processorTimeOf(root int) time.Duration {
	return timeOf(root, func(int) bool { return true })
}

// databaseTimeOf is what of a server's processor time its PostgreSQL has used.
func databaseTimeOf(root int) time.Duration {
	return timeOf(root, func(pid int) bool { return strings.HasPrefix(text(fmt.Sprintf("/proc/%d/comm", pid)), "postgres") })
}

func timeOf(root int, counts func(pid int) bool) time.Duration {
	parents, ticks := processes()
	sum := 0
	for pid, n := range ticks {
		if descends(parents, pid, root) && counts(pid) {
			sum += n
		}
	}
	return time.Duration(sum) * 10 * time.Millisecond
}

// processes are all of the machine: the parent of each, and its ticks.
func processes() (parents, ticks map[int]int) {
	parents, ticks = map[int]int{}, map[int]int{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(text("/proc/"+e.Name()+"/stat"), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 15 {
			continue
		}
		parents[pid], _ = strconv.Atoi(fields[1])
		for _, field := range fields[11:15] { // utime, stime, cutime, cstime
			n, _ := strconv.Atoi(field)
			ticks[pid] += n
		}
	}
	return parents, ticks
}

// descends reports whether a process is root or comes from it.
func descends(parents map[int]int, pid, root int) bool {
	for ; pid > 0; pid = parents[pid] {
		if pid == root {
			return true
		}
	}
	return false
}
