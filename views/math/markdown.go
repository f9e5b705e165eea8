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

// Parse reads one formula, or nothing. It looks no further than one may be long.
func (inlines) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
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
	var tex []byte
	for len(tex) <= MaxTeX {
		line, _ := block.PeekLine()
		if line == nil {
			break
		}
		if end := closing(line, mark, len(tex) == 0); end >= 0 {
			tex = append(tex, line[:end]...)
			block.Advance(end + mark)
			if mark == 2 && len(bytes.TrimSpace(tex)) == 0 {
				break
			}
			return &inlineNode{tex: string(tex), display: mark == 2}
		}
		tex = append(tex, line...)
		block.AdvanceLine()
	}
	block.SetPosition(at, from)
	return nil
}

// closing is where in the line a formula ends, -1 when it goes on.
func closing(line []byte, mark int, first bool) int {
	for i := 0; i < len(line) && i <= MaxTeX; i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] != '$':
		case mark == 2:
			if i+1 < len(line) && line[i+1] == '$' {
				return i
			}
		case i == 0 && first:
			return -1
		case i > 0 && !isSpace(line[i-1]) && (i+1 == len(line) || line[i+1] < '0' || line[i+1] > '9'):
			return i
		}
	}
	return -1
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
	if end := closing(rest, 2, true); end >= 0 {
		if len(bytes.TrimSpace(rest[end+2:])) > 0 || len(bytes.TrimSpace(rest[:end])) == 0 {
			return nil, parser.NoChildren // a paragraph that begins with one, or four dollars
		}
		node.tex.Write(rest[:end])
		node.done = true
		return node, parser.NoChildren
	}
	ahead := reader.Source()[segment.Stop:]
	if closing(ahead[:min(len(ahead), MaxTeX)], 2, true) < 0 {
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
	if end := closing(line, 2, true); end >= 0 {
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
