package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// printTable prints one program's figures; the first contender is the measure
// of the others.
func printTable(w io.Writer, title string, rounds int, contenders []contender, took [][]time.Duration) {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s, %d times in turns\tp50 ms\tp95 ms\tratio\t\n", title, rounds)
	for i, c := range contenders {
		ratio := float64(share(took[0], 0.5)) / float64(share(took[i], 0.5))
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.1f\t\n", c.name, ms(share(took[i], 0.5)), ms(share(took[i], 0.95)), ratio)
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
