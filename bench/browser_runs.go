package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"text/tabwriter"
	"time"

	"github.com/chromedp/chromedp"
)

// runsEach is how often a cell is run in each of the two ways.
const runsEach = 50

// counting prints another number each time, so that one run's output is not
// another's: a print(1) that can be told apart.
const counting = "n = globals().get('n', 0) + 1\nprint(n)"

// legs are the parts of the way from the press to the painted output, in the
// order in which a run passes them. The answer and the stream race each other.
var legs = []struct{ name, words string }{
	{"sent", "the request leaves"},
	{"answered", "its answer is there"},
	{"told", "the stream tells of it"},
	{"shown", "the text stands in the page"},
	{"painted", "painted"},
}

// runs measures how long a run takes from the press to the frame that shows what
// it printed, with an interpreter that lives.
func (b *browserBench) runs() error {
	ctx := context.Background()
	made, err := b.notebook(ctx, 1, nil)
	if err != nil {
		return err
	}
	if _, err := b.post(ctx, made+"/cells", url.Values{"kind": {"code"}, "text": {counting}, "place": {"1"}}); err != nil {
		return err
	}
	if err := b.watched(made, false); err != nil {
		return err
	}
	click := func() error { return b.tab.click("#cells > li:nth-child(1) [data-do=run]") }
	key := func() error { return b.tab.key('\r', chromedp.ModifierCtrl) }
	if _, err := b.run(1, click); err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	n := 1
	for _, way := range []struct {
		name  string
		press func() error
	}{{"Run pressed", click}, {"Ctrl+Enter", key}} {
		took := map[string][]time.Duration{}
		for range runsEach {
			n++
			seen, err := b.run(n, way.press)
			if err != nil {
				return err
			}
			for name, at := range seen {
				took[name] = append(took[name], durations([]float64{at})...)
			}
		}
		printRuns(table, way.name, took)
	}
	return table.Flush()
}

// run presses and waits until the number is painted. It begins from rest: the run
// before is over, and told.
func (b *browserBench) run(n int, press func() error) (map[string]float64, error) {
	if _, err := ask[bool](b.tab, fmt.Sprintf("(window.run = bench.shown('#cells > li:nth-child(1) .outputs', '%d'), true)", n)); err != nil {
		return nil, err
	}
	if err := press(); err != nil {
		return nil, err
	}
	seen, err := ask[map[string]float64](b.tab, "run")
	if err != nil {
		return nil, err
	}
	if err := b.tab.until("document.querySelector('#cells > li:nth-child(1)').dataset.state == 'done' && document.querySelector('#cells > li:nth-child(1) [data-do=run]')"); err != nil {
		return nil, err
	}
	time.Sleep(breath)
	return seen, nil
}

func printRuns(table *tabwriter.Writer, name string, took map[string][]time.Duration) {
	fmt.Fprintf(table, "%s, %d times: ms from the press until\tp50\tp95\tmost\t\n", name, len(took["painted"]))
	for _, leg := range legs {
		if times := took[leg.name]; len(times) > 0 {
			fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.1f\t\n", leg.words, ms(share(times, 0.5)), ms(share(times, 0.95)), ms(share(times, 1)))
		}
	}
	fmt.Fprintln(table, "\t\t\t\t")
}
