package math

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// Bounds of one formula.
const (
	MaxTeX     = 4000                   // bytes
	maxTime    = 250 * time.Millisecond // to draw it
	maxDepth   = 600                    // calls within each other
	maxExpands = 300                    // of macros
	atOnce     = 2                      // that are drawn
)

//go:embed temml.js
var source string

// Painter turns TeX into MathML. It is safe for concurrent use.
type Painter struct {
	program  *goja.Program
	machines sync.Pool
	turns    chan struct{} // at most so many draw at once: the rest of the server has processors too
	drawn    drawnFormulas
}

// machine is one interpreter with Temml in it.
type machine struct {
	vm   *goja.Runtime
	draw goja.Callable

	broken bool // it was stopped amid its work, and may be in any state
}

// NewPainter reads Temml; interpreters are made as formulas come.
func NewPainter() *Painter {
	return &Painter{program: goja.MustCompile("temml.js", source, false), turns: make(chan struct{}, atOnce)}
}

// What is wrong with a formula, beside what Temml says of it.
var (
	ErrTooLarge = errors.New("it is too large")
	errLate     = errors.New("it takes too long")
	errOthers   = errors.New("the formulas before it took too long")
)

// MathML is the formula drawn, or an error that says in few words what is wrong
// with it. What is not known yet is not begun after the given moment.
func (p *Painter) MathML(tex string, display bool, until time.Time) (string, error) {
	if len(tex) > MaxTeX {
		return "", ErrTooLarge
	}
	if known, found := p.drawn.get(tex, display); found {
		return known.mathml, known.err
	}
	if time.Now().After(until) {
		return "", errOthers
	}
	late := time.NewTimer(time.Until(until))
	defer late.Stop()
	select {
	case <-late.C:
		return "", errOthers
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	}
	m, err := p.machine()
	if err != nil {
		return "", err
	}
	made, err := m.run(tex, display)
	if !m.broken {
		p.machines.Put(m)
	}
	p.drawn.put(tex, display, drawing{made, err})
	return made, err
}

func (p *Painter) machine() (*machine, error) {
	if m, ok := p.machines.Get().(*machine); ok {
		return m, nil
	}
	vm := goja.New()
	vm.SetMaxCallStackSize(maxDepth)
	if _, err := vm.RunProgram(p.program); err != nil {
		return nil, fmt.Errorf("read temml: %w", err)
	}
	made, err := vm.RunString(fmt.Sprintf(`(tex, display) => temml.renderToString(tex,
		{displayMode: display, throwOnError: true, trust: false, maxExpand: %d, maxSize: [10, 10], macros: {}})`, maxExpands))
	if err != nil {
		return nil, fmt.Errorf("read temml: %w", err)
	}
	draw, _ := goja.AssertFunction(made)
	return &machine{vm: vm, draw: draw}, nil
}

func (m *machine) run(tex string, display bool) (mathml string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			m.broken, err = true, errors.New("it cannot be read")
		}
	}()
	late := time.AfterFunc(maxTime, func() { m.vm.Interrupt("time") })
	made, err := m.draw(goja.Undefined(), m.vm.ToValue(tex), m.vm.ToValue(display))
	var thrown *goja.Exception
	switch {
	case !late.Stop(), err != nil && !errors.As(err, &thrown):
		m.broken = true
		return "", errLate
	case err != nil:
		return "", hint(thrown)
	}
	return made.String(), nil
}

// hint is what Temml says of a formula, in one line.
func hint(thrown *goja.Exception) error {
	words, _, _ := strings.Cut(thrown.Value().String(), "\n")
	words = strings.TrimSpace(strings.TrimPrefix(words, "ParseError: "))
	for _, place := range []string{" at position ", " at end of input"} {
		words, _, _ = strings.Cut(words, place)
	}
	if runes := []rune(words); len(runes) > 120 {
		words = string(runes[:120]) + "…"
	}
	return errors.New(strings.TrimRight(strings.ToValidUTF8(words, ""), "."))
}

// drawnFormulas remembers what became of those that came last: a page is drawn
// again and again.
type drawnFormulas struct {
	lock  sync.Mutex
	known map[formula]drawing
	bytes int
}

type formula struct {
	tex     string
	display bool
}

type drawing struct {
	mathml string
	err    error
}

const maxKnown = 4 << 20 // bytes

func (d *drawnFormulas) get(tex string, display bool) (drawing, bool) {
	d.lock.Lock()
	defer d.lock.Unlock()
	made, found := d.known[formula{tex, display}]
	return made, found
}

func (d *drawnFormulas) put(tex string, display bool, made drawing) {
	d.lock.Lock()
	defer d.lock.Unlock()
	size := len(tex) + len(made.mathml) + 200
	if size > maxKnown/16 {
		return
	}
	if d.known == nil || d.bytes+size > maxKnown {
		d.known, d.bytes = map[formula]drawing{}, 0
	}
	d.known[formula{strings.Clone(tex), display}] = made
	d.bytes += size
}
