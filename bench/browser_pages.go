package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// calm is how long a page is watched after it has loaded.
const calm = 1500 * time.Millisecond

// loadSeen is what a page measured of its own loading; milliseconds.
type loadSeen struct {
	Painted, Largest, Shift float64
	Tasks                   []struct{ At, Took float64 }
	Frames                  []struct {
		At, Took, Layout float64
		Scripts          []struct {
			Name         string
			Took, Forced float64
		}
	}
	Moves []struct {
		At, By         float64
		What, From, To string
	}
	spent map[string]float64
}

// blocked is what long tasks took beyond the 50 ms that nobody feels.
func (l loadSeen) blocked() (sum float64) {
	for _, task := range l.Tasks {
		sum += max(0, task.Took-50)
	}
	return sum
}

// loads opens each page as somebody new and as somebody who was here before.
func (b *browserBench) loads() error {
	pages := []struct{ name, path string }{
		{"Home", "/"}, {"Files", "/files"},
		{fmt.Sprintf("Notebook of %d", usualCells), b.usual}, {fmt.Sprintf("Notebook of %d", longCells), b.long},
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "ms, p50 and most of %d\tfirst paint\tLCP\t\tCLS\tblocked\t\tlongest\tmain thread\tscript\tstyle\tlayout\tnodes\t\n", b.visits())
	var long []string
	for _, page := range pages {
		for _, fresh := range []bool{true, false} {
			all, err := b.visit(page.path, fresh)
			if err != nil {
				return err
			}
			name := page.name + map[bool]string{true: ", first visit", false: ", again"}[fresh]
			printLoads(table, name, all)
			long = append(long, longFrames(name, all[len(all)-1])...)
			for _, l := range all {
				long = append(long, moves(name, l)...)
			}
		}
		if err := b.tab.traced(b.traceFile(page.name), func() error { return b.watched(page.path, true) }); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Println("\nlong frames of the last visits and what ran in them, and what moved:\n" + strings.Join(long, "\n") + "\n")
	return nil
}

// visits is how often each page is opened.
func (b *browserBench) visits() int { return max(3, b.rounds/4) }

// traceFile is where a page's trace goes, "" without -profile.
func (b *browserBench) traceFile(page string) string {
	if b.profile == "" {
		return ""
	}
	return filepath.Clean(b.profile) + "-" + strings.ReplaceAll(strings.ToLower(page), " ", "-") + ".json"
}

// watched opens a page and stays until it is calm.
func (b *browserBench) watched(path string, fresh bool) error {
	err := b.tab.open(b.server.url+path, fresh)
	time.Sleep(calm)
	return err
}

func (b *browserBench) visit(path string, fresh bool) (all []loadSeen, err error) {
	for n := range b.visits() + 2 {
		if err := b.watched(path, fresh); err != nil {
			return nil, err
		}
		seen, err := ask[loadSeen](b.tab, "bench.seen")
		if err != nil {
			return nil, err
		}
		if seen.spent, err = b.tab.spent(); err != nil {
			return nil, err
		}
		if n > 1 { // the first ones fill the server's and the browser's memory
			all = append(all, seen)
		}
	}
	return all, nil
}

func printLoads(table *tabwriter.Writer, name string, all []loadSeen) {
	of := func(value func(loadSeen) float64) (middle, most float64) {
		values := make([]float64, len(all))
		for i, l := range all {
			values[i] = value(l)
		}
		slices.Sort(values)
		return values[len(values)/2], values[len(values)-1]
	}
	spent := func(name string, scale float64) float64 {
		middle, _ := of(func(l loadSeen) float64 { return l.spent[name] * scale })
		return middle
	}
	first, _ := of(func(l loadSeen) float64 { return l.Painted })
	largest, largestMost := of(func(l loadSeen) float64 { return l.Largest })
	_, shift := of(func(l loadSeen) float64 { return l.Shift })
	blocked, blockedMost := of(loadSeen.blocked)
	_, longest := of(func(l loadSeen) (most float64) {
		for _, task := range l.Tasks {
			most = max(most, task.Took)
		}
		return most
	})
	fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%.0f\t%.3f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t\n", name, first, largest, largestMost, shift, blocked, blockedMost, longest,
		spent("TaskDuration", 1000), spent("ScriptDuration", 1000), spent("RecalcStyleDuration", 1000), spent("LayoutDuration", 1000), spent("Nodes", 1))
}

// longFrames says what the frames that took long were made of.
func longFrames(name string, l loadSeen) (lines []string) {
	for _, frame := range l.Frames {
		parts := []string{fmt.Sprintf("style and layout %.0f", frame.Layout)}
		for _, s := range frame.Scripts {
			parts = append(parts, fmt.Sprintf("%s %.0f (of it forced layout %.0f)", s.Name, s.Took, s.Forced))
		}
		lines = append(lines, fmt.Sprintf("  %s: at %.0f for %.0f ms: %s", name, frame.At, frame.Took, strings.Join(parts, "; ")))
	}
	return lines
}

// moves says what stood somewhere and then elsewhere, where it can be felt.
func moves(name string, l loadSeen) (lines []string) {
	for _, m := range l.Moves {
		if m.By < 0.005 {
			continue
		}
		lines = append(lines, fmt.Sprintf("  %s: at %.0f %s moved from %s to %s: %.3f", name, m.At, m.What, m.From, m.To, m.By))
	}
	return lines
}
