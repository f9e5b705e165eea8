package math

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
)

// found is Markdown with [inline] and [[display]] where formulas are.
func found(t *testing.T, source string) string {
	t.Helper()
	var made bytes.Buffer
	place := func(tex string, display bool) string {
		if display {
			return "[[" + tex + "]]"
		}
		return "[" + tex + "]"
	}
	if err := goldmark.New(goldmark.WithExtensions(Markdown{Place: place})).Convert([]byte(source), &made); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(made.String())
}

func TestFormulasAreFoundAndPricesAreNot(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Price $5 and $6":                   "<p>Price $5 and $6</p>",
		"from $5-$6, or US$7":               "<p>from $5-$6, or US$7</p>",
		"$ x$ and $x $":                     "<p>$ x$ and $x $</p>",
		"so $a_1 * b_2$ and $c*d$":          "<p>so [a_1 * b_2] and [c*d]</p>",
		`costs \$5 or $x$`:                  "<p>costs $5 or [x]</p>",
		`$\$5$`:                             `<p>[\$5]</p>`,
		"`$x$` and\n\n    $y$":              "<p><code>$x$</code> and</p>\n<pre><code>$y$\n</code></pre>",
		"in $$a$$ line":                     "<p>in [[a]] line</p>",
		"$$\na\n= b\n- c\n\n* d\n$$\nafter": "<p>[[a\n= b\n- c\n\n* d]]</p>\n<p>after</p>",
		"text\n$$ x^2 $$\ntext":             "<p>text</p>\n<p>[[x^2]]</p>\n<p>text</p>",
		"- one\n  $$\n  x\n  $$\n- $y$":     "<ul>\n<li>one\n<p>[[x]]</p>\n</li>\n<li>[y]</li>\n</ul>",
		"$$ never closed\n\nnext":           "<p>$$ never closed</p>\n<p>next</p>",
		"$$$$":                              "<p>$$$$</p>",
		"over $a\nb$ lines":                 "<p>over [a\nb] lines</p>",
		"$":                                 "<p>$</p>",
	} {
		if got := found(t, source); got != want {
			t.Errorf("%q\n gives %q\n not   %q", source, got, want)
		}
	}
}

// A text that was read anew for each dollar would take hours here; once takes a second.
func TestDollarsAreReadOnce(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"openers": strings.Repeat("$1", 2<<20), "doubles": "$$" + strings.Repeat("$1 ", 1<<20),
		"slashes": strings.Repeat(`$\`, 1<<20), "blocks": strings.Repeat("$$\n\n", 64<<10), "pairs": strings.Repeat("$x$ ", 64<<10),
	} {
		start := time.Now()
		found(t, source)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: %s", name, took)
		}
	}
}
