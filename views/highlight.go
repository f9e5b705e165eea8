package views

import (
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

// maxHighlight is the most code that is coloured, in bytes: chroma takes about
// a second for four times as much.
const maxHighlight = 64 << 10

// highlight draws Python with numbered lines, coloured by class names. Longer
// code than maxHighlight, or code chroma cannot read, is drawn without colour.
func highlight(code string) string {
	code = strings.TrimRight(code, "\n")
	if len(code) > maxHighlight {
		return plainLines(code)
	}
	return coloured(code, true)
}

// highlightLine draws one line of Python, coloured as highlight does, without
// its number.
func highlightLine(code string) string { return coloured(code, false) }

// coloured is code through chroma, or plain where chroma cannot read it.
func coloured(code string, numbered bool) string {
	tokens, err := chroma.Coalesce(lexers.Get("python")).Tokenise(nil, code)
	if err != nil {
		return plainLines(code)
	}
	format := chromahtml.New(chromahtml.WithClasses(true), chromahtml.WithLineNumbers(numbered), chromahtml.WithPreWrapper(noWrapper{}))
	var out bytes.Buffer
	if err := format.Format(&out, styles.Fallback, calls(tokens)); err != nil {
		return plainLines(code)
	}
	return out.String()
}

// noWrapper leaves out chroma's own <pre>. Its option to prevent that one
// leaves out the lines as well.
type noWrapper struct{}

func (noWrapper) Start(bool, string) string { return "" }

func (noWrapper) End(bool) string { return "" }

// calls marks names that a parenthesis follows as functions, as the editor
// does; chroma's Python knows only the built-in ones.
func calls(tokens chroma.Iterator) chroma.Iterator {
	all := tokens.Tokens()
	for i := range len(all) - 1 {
		if all[i].Type == chroma.Name && strings.HasPrefix(all[i+1].Value, "(") {
			all[i].Type = chroma.NameFunction
		}
	}
	return chroma.Literator(all...)
}

func plainLines(code string) string {
	var out strings.Builder
	n := 0
	for line := range strings.Lines(code) {
		n++
		out.WriteString(`<span class="line"><span class="ln">` + strconv.Itoa(n) + `</span><span class="cl">`)
		out.WriteString(html.EscapeString(line) + `</span></span>`)
	}
	return out.String()
}
