package math

import (
	"strings"
	"testing"
	"time"
)

func TestTeXBecomesMathML(t *testing.T) {
	t.Parallel()
	p := NewPainter()
	for tex, want := range map[string]string{
		`e^{i\pi} + 1 = 0`: "<msup>",
		`\frac{a}{b}`:      "<mfrac>",
		`\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt\pi}{2}`: "<msubsup>",
		`\begin{pmatrix}a&b\\c&d\end{pmatrix}`:            "<mtable",
		`\text{rate} < 5\%`:                               "<mtext>rate</mtext>",
		`\sum_{i=1}^n x_i`:                                "<munder",
	} {
		got, err := p.MathML(tex, true, time.Now().Add(time.Minute))
		if err != nil || !strings.HasPrefix(got, "<math") || !strings.Contains(got, want) {
			t.Errorf("%s: %v %s", tex, err, got)
		}
	}
}

func TestHostileTeXIsBounded(t *testing.T) {
	t.Parallel()
	p := NewPainter()
	for name, tex := range map[string]string{
		"open":       `\frac{a`,
		"unknown":    `\nosuchthing{x}`,
		"endless":    `\def\a{\a\a}\a`,
		"doubling":   `\def\a{xx}\def\b{\a\a\a\a}\def\c{\b\b\b\b}\def\d{\c\c\c\c}\def\e{\d\d\d\d}\e\e\e\e`,
		"deep":       strings.Repeat("{", 1900) + "x" + strings.Repeat("}", 1900),
		"deep roots": strings.Repeat(`\sqrt{`, 600) + "x" + strings.Repeat("}", 600),
		"long":       strings.Repeat("x", MaxTeX+1),
		"link":       `\href{javascript:alert(1)}{x}`,
		"ends":       "}}}}",
		"nul":        "a\x00b\xff",
		"spaces":     strings.Repeat(" ", 3999),
		"letters":    strings.Repeat("\\", 3999),
	} {
		start := time.Now()
		got, err := p.MathML(tex, false, time.Now().Add(time.Minute))
		if took := time.Since(start); took > 5*time.Second || len(got) > 1<<20 {
			t.Errorf("%s took %s and %d bytes", name, took, len(got))
		}
		if err != nil && (len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\n")) {
			t.Errorf("%s says %q", name, err)
		}
	}
	if got, err := p.MathML("x", false, time.Now().Add(time.Minute)); err != nil || got == "" {
		t.Errorf("afterwards nothing is drawn: %v", err)
	}
}
