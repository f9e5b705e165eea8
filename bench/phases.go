package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"mayfly/sandbox"
)

// clock notes when a run passes each mark, and what the database is asked
// meanwhile. It stands outside of the product: around the sandbox, and where
// pgx tells of statements. Only with one run at a time do its marks mean
// anything; -phases is for that.
type clock struct {
	mu         sync.Mutex
	on         bool
	marks      map[string]time.Time
	statements int
	asked      time.Duration
	log        []string // the statements of the run
}

// marks, in the order in which a run passes them, and what lies between each
// and the one before.
var marks = []struct{ name, phase string }{
	{"submit", ""},
	{"submitted", "handed in"},
	{"begun", "taken from the queue and begun"},
	{"opening", "its begin durable, and what it was given"},
	{"opened", "kernel taken"},
	{"exec", "ready for the code"},
	{"executed", "executed"},
	{"walk", "last outputs written"},
	{"walked", "files walked and saved"},
	{"awaited", "verdict written and heard of"},
	{"closed", "kernel's end, which nobody waits for"},
}

func (c *clock) mark(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, passed := c.marks[name]; c.on && !passed {
		c.marks[name] = time.Now()
	}
}

func (c *clock) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on, c.marks, c.statements, c.asked, c.log = true, map[string]time.Time{"submit": time.Now()}, 0, 0, nil
}

type asking struct{}

// TraceQueryStart is pgx's.
func (c *clock) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	c.mu.Lock()
	if c.on {
		c.statements++
		c.log = append(c.log, oneLine(q.SQL))
	}
	c.mu.Unlock()
	return context.WithValue(ctx, asking{}, question{time.Now(), q.SQL})
}

type question struct {
	at  time.Time
	sql string
}

// TraceQueryEnd is pgx's.
func (c *clock) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	q, _ := ctx.Value(asking{}).(question)
	c.mu.Lock()
	c.asked += time.Since(q.at)
	c.mu.Unlock()
	if strings.Contains(q.sql, "SET state = 'running'") {
		c.mark("begun")
	}
}

func oneLine(sql string) string {
	text := strings.Join(strings.Fields(sql), " ")
	return text[:min(110, len(text))]
}

// timed is the sandbox with marks around what a run does with it.
type timed struct {
	sandbox.Sandbox
	*clock
}

// Open marks how long it takes.
func (t timed) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Kernel, error) {
	t.mark("opening")
	k, err := t.Sandbox.Open(ctx, spec)
	t.mark("opened")
	return timedKernel{k, t.clock}, err
}

type timedKernel struct {
	sandbox.Kernel
	*clock
}

// Exec marks its begin and end.
func (k timedKernel) Exec(ctx context.Context, code string, to sandbox.IO) (sandbox.Result, error) {
	k.mark("exec")
	defer k.mark("executed")
	return k.Kernel.Exec(ctx, code, to)
}

// Produced marks its begin and end.
func (k timedKernel) Produced(ctx context.Context) iter.Seq2[sandbox.Produced, error] {
	return func(yield func(sandbox.Produced, error) bool) {
		k.mark("walk")
		defer k.mark("walked")
		k.Kernel.Produced(ctx)(yield)
	}
}

// Close marks its end.
func (k timedKernel) Close(ctx context.Context) error {
	defer k.mark("closed")
	return k.Kernel.Close(ctx)
}

// phases runs each program often, alone, and prints where its time goes.
func (c *clock) phases(ctx context.Context, s settings, who contender, which []program, w io.Writer) error {
	for _, p := range which {
		took := map[string][]time.Duration{}
		var statements []int
		var asked []time.Duration
		for round := range s.rounds + 1 {
			c.start()
			if _, err := who.do(ctx, p, 0); err != nil {
				return fmt.Errorf("%s, %s: %w", who.name, p.name, err)
			}
			c.mark("awaited")
			time.Sleep(breath)
			c.mu.Lock()
			c.on = false
			if round > 0 {
				c.split(took)
				statements, asked = append(statements, c.statements), append(asked, c.asked)
			}
			c.mu.Unlock()
		}
		slices.Sort(statements)
		printPhases(w, who.name+": "+p.name, took)
		fmt.Fprintf(w, "%d statements, %.1f ms of waiting for them, all callers together\n\n", statements[len(statements)/2], ms(share(asked, 0.5)))
		if s.statements {
			fmt.Fprintln(w, strings.Join(c.log, "\n")+"\n")
		}
	}
	return nil
}

// split adds one run's phases; marks that it did not pass are left out.
func (c *clock) split(took map[string][]time.Duration) {
	last := c.marks["submit"]
	for _, m := range marks[1:] {
		if at, passed := c.marks[m.name]; passed {
			took[m.phase] = append(took[m.phase], at.Sub(last))
			last = at
		}
	}
	took["all"] = append(took["all"], c.marks["awaited"].Sub(c.marks["submit"]))
}

func printPhases(w io.Writer, title string, took map[string][]time.Duration) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s\tp50 ms\tp95 ms\t\n", title)
	for _, m := range append(marks[1:], struct{ name, phase string }{"", "all"}) {
		if times := took[m.phase]; len(times) > 0 {
			fmt.Fprintf(table, "%s\t%.2f\t%.2f\t\n", m.phase, ms(share(times, 0.5)), ms(share(times, 0.95)))
		}
	}
	_ = table.Flush()
}
