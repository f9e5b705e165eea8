package views

import (
	"context"
	"fmt"
	"html"
	"sync"
	"time"

	"mayfly/views/math"
)

// Bounds of the formulas of one text.
const (
	maxFormulas  = 500
	formulasTime = time.Second // to draw those that are not known yet; the rest stand as they were written
	pageTime     = 3 * time.Second
)

// Bounded is the context in which one page or fragment is drawn: its texts have one
// time for their formulas together. Without it each text has its own.
func Bounded(ctx context.Context) context.Context {
	return context.WithValue(ctx, pageKey{}, &pageFormulas{})
}

type pageKey struct{}

// pageFormulas is how long the formulas of a page, or of a run's outputs, took to be
// drawn. A nil one has no end.
type pageFormulas struct{ took time.Duration }

// left is the time for the formulas of the next text.
func (p *pageFormulas) left() time.Duration {
	if p == nil {
		return formulasTime
	}
	return min(formulasTime, pageTime-p.took)
}

func (p *pageFormulas) add(took time.Duration) {
	if p != nil {
		p.took += took
	}
}

// cleanerOf is a cleaner for a text of the page that is drawn in the context.
func cleanerOf(ctx context.Context) cleaner {
	c := newCleaner()
	c.page, _ = ctx.Value(pageKey{}).(*pageFormulas)
	return c
}

// painter is made with the first formula. Views are functions and have no other
// place for what costs a moment to make.
var painter = sync.OnceValue(math.NewPainter)

// formulas holds the formulas of one text apart while the rest of it is cleaned.
type formulas struct {
	clean cleaner
	held  []string // safe HTML
	until time.Time
}

// place draws a formula, and names the place where it stands.
func (f *formulas) place(tex string, display bool) string {
	mark := "$"
	if display {
		mark = "$$"
	}
	if len(f.held) >= maxFormulas {
		return html.EscapeString(mark + tex + mark)
	}
	safe, err := f.draw(tex, display)
	switch {
	case err != nil:
		safe = fmt.Sprintf(`<code class="formula-bad">%s</code> <span class="formula-why">Not drawn: %s.</span>`, html.EscapeString(mark+tex+mark), html.EscapeString(err.Error()))
	case display:
		safe = `<span class="formula" role="group" aria-label="Formula" tabindex="0">` + safe + "</span>"
	}
	f.held = append(f.held, safe)
	return placeOf(len(f.held) - 1)
}

func (f *formulas) draw(tex string, display bool) (string, error) {
	begin := time.Now()
	if f.until.IsZero() {
		f.until = begin.Add(f.clean.page.left())
	}
	mathml, err := painter().MathML(tex, display, f.until)
	f.clean.page.add(time.Since(begin))
	if err != nil {
		return "", err
	}
	if safe := f.clean.formula(mathml); safe != "" {
		return safe, nil
	}
	return "", math.ErrTooLarge
}

// placeOf is what stands for a formula until the text around it is clean.
func placeOf(n int) string { return fmt.Sprintf("\ue000%d\ue001", n) }
