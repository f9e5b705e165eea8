package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"mayfly/sandbox"
)

// Attack runs every program of testdata/attacks, one after another, each in a
// kernel of its own beside an innocent one, and prints the table of program,
// stone and ending. It must not run in parallel with anything: it counts what
// is left on the machine, and its programs are made to be bad neighbours.
func Attack(t *testing.T, w Wall) {
	b := layBait(t)
	t.Setenv("MAYFLY_BAIT", b.token) // what a launcher that leaks would show
	s := openSuite(t, w)
	n := newNeighbour(t, s, b)
	var table strings.Builder
	attackAll(t, s, n, b, func(a attack, got sandbox.Ending) {
		line := fmt.Sprintf("%-29s %-72s %-24s %s", a.Name, a.Stone, strings.Join(a.Expect, "|"), got)
		t.Log(line)
		fmt.Fprintln(&table, line)
	})
	t.Logf("program, stone, expected, got\n%s", table.String())
	t.Log(n)
}

func attackAll(t *testing.T, s *suite, n *neighbour, b *bait, tell func(attack, sandbox.Ending)) {
	attacks, err := loadAttacks()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attacks {
		t.Run(a.Name, func(t *testing.T) { tell(a, a.run(t, s, n, b)) })
	}
}

// overtime is how long after its wall limit a run may be told of: it is asked to
// stop, killed after a grace, and its machine is a loaded one.
const overtime = 8 * time.Second

// limits are smaller than the product's, so that the whole list is quick. The
// wall limit is short for what it may catch; what another stone must catch has
// time, on a loaded machine too.
func (a attack) limits() sandbox.Limits {
	wall := 20 * time.Second
	if slices.Contains(a.Expect, string(sandbox.TimedOut)) {
		wall = 2 * time.Second
	}
	return sandbox.Limits{Wall: wall, Memory: 256 << 20, Pids: 64, BytesMax: 64_000_000, InputsMax: 64_000_000, OutputMax: 16_000_000}
}

// run lets one attack loose, and looks at everything it might have touched.
func (a attack) run(t *testing.T, s *suite, n *neighbour, b *bait) sandbox.Ending {
	before := s.wall.tally()
	shelf := &rack{}
	shelf.put("shelf.txt", "on the shelf")
	k := s.open(t, sandbox.Spec{Limits: a.limits(), Shelf: shelf, Inputs: []sandbox.Input{input("input.txt", "an input")}})
	watch := n.watch(t.Context())
	d := newDesk()
	d.limit = 32 << 20
	var result sandbox.Result
	for i, cell := range a.Cells {
		if i == 0 {
			cell = b.prelude() + cell
		}
		began := time.Now()
		result = execOn(t, k, cell, d)
		if took := time.Since(began); took > a.limits().Wall+overtime {
			t.Errorf("it ran %s, with a limit of %s", took, a.limits().Wall)
		}
		if result.Ending != sandbox.OK {
			break
		}
	}
	worst := watch()
	d.take(t, k)
	closeQuickly(t, k)
	if err := a.judge(result.Ending, d.all(), b.token); err != nil {
		t.Errorf("%v\nending %s, signal %d, exception %s\n%s", err, result.Ending, result.Signal, result.Exception, d)
	}
	if touched := b.touched.Swap(0); touched != 0 {
		t.Errorf("a listener of the host was reached %d times", touched)
	}
	if err := worst; err != nil {
		t.Errorf("the innocent kernel: %v", err)
	}
	n.asksAfter(t)
	s.wall.awaitTally(t, before, 2*time.Second)
	return result.Ending
}

// take reads what the attack produced, as a run's files are read: a link that
// leads to the bait would bring its token.
func (d *desk) take(t *testing.T, k sandbox.Kernel) {
	t.Helper()
	began := time.Now()
	for p, err := range k.Produced(t.Context()) {
		if err != nil {
			t.Errorf("produced: %v", err)
			return
		}
		text := p.Path
		if p.Content != nil {
			content, _ := io.ReadAll(io.LimitReader(p.Content, 1<<20))
			_ = p.Content.Close()
			text += string(content)
		}
		d.keep(sandbox.Output{Stream: sandbox.Note, Text: text})
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("collecting its files took %s", took)
	}
}

// neighbour is the innocent kernel.
type neighbour struct {
	suite  *suite
	kernel sandbox.Kernel

	answers, opened            int
	slowestAnswer, slowestOpen time.Duration
}

func (n *neighbour) String() string {
	return fmt.Sprintf("the innocent kernel: %d answers, the slowest %s; %d kernels opened beside, the slowest %s",
		n.answers, n.slowestAnswer, n.opened, n.slowestOpen)
}

// slowest is far above what an answer takes (SEC: 5.5 ms when measured), for a
// loaded machine with the race detector on.
const slowest = 2 * time.Second

func newNeighbour(t *testing.T, s *suite, b *bait) *neighbour {
	k := s.open(t, sandbox.Spec{Limits: sandbox.Limits{Pids: 64}})
	must(t, k, fmt.Sprintf(`import socket, threading
mine = %q
for path in ('/w/neighbour.txt', '/tmp/neighbour.txt', '/dev/shm/neighbour.txt'):
    with open(path, 'w') as f: f.write(mine)
open('/w/neighbour.txt').close()
door = socket.socket(socket.AF_UNIX)
door.bind('\0neighbour')
door.listen()
`, b.token))
	return &neighbour{suite: s, kernel: k}
}

// ask runs one trivial cell, whose answer needs the state of the first.
func (n *neighbour) ask(ctx context.Context) error {
	began := time.Now()
	d := newDesk()
	result, err := n.kernel.Exec(ctx, "print(len(mine), open('/w/neighbour.txt').read() == mine)", d)
	if err != nil {
		return err
	}
	took := time.Since(began)
	n.answers, n.slowestAnswer = n.answers+1, max(n.slowestAnswer, took)
	if tooSlow(took, slowest) {
		return fmt.Errorf("answered after %s", took)
	}
	if got := d.text(sandbox.Stdout); result.Ending != sandbox.OK || got != "26 True\n" {
		return fmt.Errorf("ended %s and said %q", result.Ending, got)
	}
	return nil
}

// watch asks all the while, and opens a new kernel each time, until the
// function it returns is called, which tells of the first trouble.
func (n *neighbour) watch(ctx context.Context) func() error {
	ctx, stop := context.WithCancel(ctx)
	trouble := make(chan error, 1)
	go func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			// Not the context that stop ends: a question that was begun is
			// answered.
			if err := n.askAndOpen(context.WithoutCancel(ctx)); err != nil {
				trouble <- err
				return
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				trouble <- nil
				return
			}
		}
	}()
	return func() error { stop(); return <-trouble }
}

func (n *neighbour) askAndOpen(ctx context.Context) error {
	ctx, done := context.WithTimeout(ctx, 5*slowest)
	defer done()
	if err := n.ask(ctx); err != nil {
		return err
	}
	began := time.Now()
	k, err := n.suite.sandbox.Open(ctx, sandbox.Spec{})
	if err != nil {
		return fmt.Errorf("open another: %w", err)
	}
	took := time.Since(began)
	n.opened, n.slowestOpen = n.opened+1, max(n.slowestOpen, took)
	if tooSlow(took, slowest) {
		return errors.Join(fmt.Errorf("another one opened after %s", took), k.Close(ctx))
	}
	return k.Close(ctx)
}

func (n *neighbour) asksAfter(t *testing.T) {
	t.Helper()
	if err := n.ask(t.Context()); err != nil {
		t.Errorf("the innocent kernel after the attack: %v", err)
	}
}
