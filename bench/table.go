package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// score is what one contender showed with one program.
type score struct {
	name  string
	took  []time.Duration // one at a time
	rates []float64       // a second, for each of the crowds
	cpu   time.Duration   // for one, in the largest crowd
}

// printTable prints one program's figures; the first contender is the measure
// of the others.
func printTable(w io.Writer, title string, scores []score) {
	if len(scores) == 0 {
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s\tp50 ms\tp95 ms\tratio\t", title)
	for _, n := range crowds {
		fmt.Fprintf(table, "/s c=%d\t", n)
	}
	fmt.Fprintln(table, "CPU ms\t")
	first := share(scores[0].took, 0.5)
	for _, s := range scores {
		middle := share(s.took, 0.5)
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.1f\t", s.name, ms(middle), ms(share(s.took, 0.95)), float64(first)/float64(middle))
		for _, rate := range s.rates {
			fmt.Fprintf(table, "%.1f\t", rate)
		}
		if s.rates != nil && s.name != bwrapBare { // which does not wait for what it starts

			fmt.Fprintf(table, "%.1f\t", ms(s.cpu))
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush()
	fmt.Fprintln(w)
}

// share is the smallest time within which that share of all was done.
func share(took []time.Duration, of float64) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[max(0, min(len(sorted)-1, int(of*float64(len(sorted))+0.999)-1))]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
