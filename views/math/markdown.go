package math

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown is an extension of goldmark that finds formulas, by Pandoc's and
// Jupyter's rule: what an opening dollar stands before is no space, what a closing
// one stands after is none, and no digit follows it. So "$5 and $6" is text.
//
// Place is called for each formula, in order, and gives what stands for it in the
// HTML; it is written as it is.
type Markdown struct {
	Place func(tex string, display bool) string
}

// Extend tells goldmark of it.
func (m Markdown) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(blocks{}, 750)), // after code, before paragraphs
		parser.WithInlineParsers(util.Prioritized(inlines{}, 150)),
	)
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(m, 500)))
}

var (
	inlineKind = ast.NewNodeKind("InlineFormula")
	blockKind  = ast.NewNodeKind("BlockFormula")
)

type inlineNode struct {
	ast.BaseInline
	tex     string
	display bool
}

func (n *inlineNode) Kind() ast.NodeKind         { return inlineKind }
func (n *inlineNode) Dump(source []byte, at int) { ast.DumpHelper(n, source, at, nil, nil) }

type blockNode struct {
	ast.BaseBlock
	tex  strings.Builder
	done bool
}

func (n *blockNode) Kind() ast.NodeKind         { return blockKind }
func (n *blockNode) IsRaw() bool                { return true }
func (n *blockNode) Dump(source []byte, at int) { ast.DumpHelper(n, source, at, nil, nil) }

// RegisterFuncs draws both kinds.
func (m Markdown) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(inlineKind, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n, ok := node.(*inlineNode); ok && entering {
			_, _ = w.WriteString(m.Place(n.tex, n.display)) // it fails only with its buffer
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(blockKind, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n, ok := node.(*blockNode); ok && entering {
			_, _ = w.WriteString("<p>" + m.Place(strings.TrimSpace(n.tex.String()), true) + "</p>\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

// inlines finds $…$ and $$…$$ within a paragraph.
type inlines struct{}

// Trigger is what a formula begins with.
func (inlines) Trigger() []byte { return []byte{'$'} }

// Parse reads one formula, or nothing. It looks no further than one may be long,
// and nowhere twice.
func (inlines) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	mark := 1
	if len(line) > 1 && line[1] == '$' {
		mark = 2
	}
	if len(line) <= mark || mark == 1 && isSpace(line[1]) {
		return nil
	}
	at, from := block.Position()
	block.Advance(mark)
	if tex, found := untilClosed(block, mark, seenOf(pc, parent)); found {
		return &inlineNode{tex: tex, display: mark == 2}
	}
	block.SetPosition(at, from)
	return nil
}

// untilClosed is what stands before the next mark that ends a formula; the reader
// is behind the mark then.
func untilClosed(block text.Reader, mark int, far *seen) (string, bool) {
	at, from := block.Position()
	for length := 0; length <= MaxTeX; block.AdvanceLine() {
		line, segment := block.PeekLine()
		if line == nil {
			break
		}
		start := segment.Start - segment.Padding
		room := min(len(line), MaxTeX+1-length)
		end, looked := closing(line, max(0, far.until[mark]-start), room, mark)
		if end >= 0 {
			tex := between(block, at, from, segment.Start-segment.Padding+end)
			block.Advance(mark)
			return tex, mark == 1 || strings.TrimSpace(tex) != ""
		}
		far.until[mark] = max(far.until[mark], start+looked)
		length += len(line)
	}
	return "", false
}

// between is what stands from a position to an offset in the source; the reader is
// there then.
func between(block text.Reader, at int, from text.Segment, to int) string {
	var tex []byte
	for block.SetPosition(at, from); ; block.AdvanceLine() {
		line, segment := block.PeekLine()
		if end := to - (segment.Start - segment.Padding); end <= len(line) {
			block.Advance(end)
			return string(append(tex, line[:end]...))
		}
		tex = append(tex, line...)
	}
}

// seen is how far a block is known to hold no end of a formula, by the number of
// its dollars: a text of nothing but prices is read once, not once a price.
type seen struct {
	block ast.Node
	until [3]int // offsets in the source
}

var seenKey = parser.NewContextKey()

func seenOf(pc parser.Context, block ast.Node) *seen {
	if known, ok := pc.Get(seenKey).(*seen); ok && known.block == block {
		return known
	}
	fresh := &seen{block: block}
	pc.Set(seenKey, fresh)
	return fresh
}

// closing is where in the line, from one place and before another, a formula ends,
// -1 when it goes on; and how far it looked.
func closing(line []byte, from, before, mark int) (end, looked int) {
	i := from
	for ; i < before; i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] != '$':
		case mark == 2:
			if i+1 < len(line) && line[i+1] == '$' {
				return i, i
			}
		case i > 0 && !isSpace(line[i-1]) && (i+1 == len(line) || line[i+1] < '0' || line[i+1] > '9'):
			return i, i
		}
	}
	return -1, i
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// blocks finds displays on lines of their own, whatever marks of Markdown stand in
// them.
type blocks struct{}

// Trigger is what such a line begins with.
func (blocks) Trigger() []byte { return []byte{'$'} }

// Open takes a line that begins with two dollars, when two more follow in reach.
func (blocks) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || !bytes.HasPrefix(line[at:], []byte("$$")) {
		return nil, parser.NoChildren
	}
	node := &blockNode{}
	rest := line[at+2:]
	if end, _ := closing(rest, 0, min(len(rest), MaxTeX+1), 2); end >= 0 {
		if len(bytes.TrimSpace(rest[end+2:])) > 0 || len(bytes.TrimSpace(rest[:end])) == 0 {
			return nil, parser.NoChildren // a paragraph that begins with one, or four dollars
		}
		node.tex.Write(rest[:end])
		node.done = true
		return node, parser.NoChildren
	}
	ahead := reader.Source()[segment.Stop:]
	if end, _ := closing(ahead, 0, min(len(ahead), MaxTeX), 2); end < 0 {
		return nil, parser.NoChildren
	}
	node.tex.Write(rest)
	return node, parser.NoChildren
}

// Continue takes lines up to the two dollars.
func (blocks) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n, _ := node.(*blockNode)
	if n == nil || n.done {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	if end, _ := closing(line, 0, min(len(line), MaxTeX+1), 2); end >= 0 {
		n.tex.Write(line[:end])
		reader.AdvanceToEOL()
		return parser.Close
	}
	if n.tex.Len() <= MaxTeX+utf8.UTFMax {
		n.tex.Write(line)
	}
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close has nothing left to do.
func (blocks) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph is true: no empty line is wanted before a display.
func (blocks) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine is false: that is code.
func (blocks) CanAcceptIndentedLine() bool { return false }
