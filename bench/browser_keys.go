package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// Typing is in words, with a pause after each so many, in which what was typed
// is saved; the key after it meets the answer.
const (
	words    = "the_quick = brown + fox\nfor jumps in over: print(jumps, 'lazy') # dog "
	keyGap   = 60 * time.Millisecond
	keyPause = time.Second
	keysEach = 25 // between two pauses
)

// keysSeen is how long keys took until they were painted: as the page saw it, all
// of them; and as the browser tells it, in steps of 8 ms, those of 16 ms or more.
type keysSeen struct {
	Typed []float64
	Keys  []struct{ Took, Work, Late float64 }
}

// keys types into the first, the middle and the last cell of a long notebook, and
// into one cell that is as large as it may be.
func (b *browserBench) keys() error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "key to paint, ms\tkeys\tp50\tp95\tmost\tEvent Timing p50\tp95\tmost\tits work, most\t\n")
	if err := b.watched(b.long, false); err != nil {
		return err
	}
	for _, place := range []int{1, longCells / 2, longCells} {
		if err := b.typeInto(table, place, fmt.Sprintf("cell %d of %d", place, longCells)); err != nil {
			return err
		}
	}
	if err := b.watched(b.large, false); err != nil {
		return err
	}
	if err := b.typeInto(table, 2, "a cell of 1 MB"); err != nil {
		return err
	}
	fmt.Fprintln(table)
	return table.Flush()
}

func (b *browserBench) typeInto(table *tabwriter.Writer, place int, name string) error {
	if err := b.tab.click(fmt.Sprintf("#cells > li:nth-child(%d) .cell-editor", place)); err != nil {
		return err
	}
	if err := b.tab.until(fmt.Sprintf("document.querySelector('#cells > li:nth-child(%d) code-editor').view?.hasFocus", place)); err != nil {
		return err
	}
	time.Sleep(keyPause)
	if _, err := ask[bool](b.tab, "bench.type(true)"); err != nil {
		return err
	}
	if err := b.tab.traced(b.traceFile("keys "+name), b.typeWords); err != nil {
		return err
	}
	time.Sleep(keyPause)
	seen, err := ask[keysSeen](b.tab, "({ typed: bench.seen.typed, keys: bench.seen.keys })")
	if err != nil {
		return err
	}
	printKeys(table, name, seen)
	return nil
}

func (b *browserBench) typeWords() error {
	for i, letter := range []rune(strings.ReplaceAll(words, "\n", "\r") + words[:20]) {
		if i > 0 && i%keysEach == 0 {
			time.Sleep(keyPause)
		}
		if err := b.tab.key(letter); err != nil {
			return err
		}
		time.Sleep(keyGap)
	}
	return nil
}

func printKeys(table *tabwriter.Writer, name string, seen keysSeen) {
	took := durations(seen.Typed)
	told := make([]time.Duration, len(took)) // those that are not told took less than 16 ms
	work := 0.0
	for i, k := range seen.Keys {
		if i < len(told) {
			told[i] = time.Duration(k.Took * float64(time.Millisecond))
		}
		work = max(work, k.Work)
	}
	fmt.Fprintf(table, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%.1f\t\n", name, len(took), ms(share(took, 0.5)), ms(share(took, 0.95)), ms(share(took, 1)),
		ms(share(told, 0.5)), ms(share(told, 0.95)), ms(share(told, 1)), work)
}

// durations are milliseconds of a page.
func durations(values []float64) []time.Duration {
	all := make([]time.Duration, len(values))
	for i, v := range values {
		all[i] = time.Duration(v * float64(time.Millisecond))
	}
	return all
}
