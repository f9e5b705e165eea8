package views

import (
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// attachedMark is how a text names a picture that it brought along.
const attachedMark = "attachment:"

// with is a cleaner of a text whose attached pictures are at an address of ours.
func (c cleaner) with(attached string) cleaner {
	c.attached = attached
	return c
}

// attached is an extension of goldmark that draws the pictures that a text brought
// along. Other pictures would be fetched from elsewhere: their words stay.
type attached struct{ drawn *formulas }

// Extend tells goldmark of it.
func (a attached) Extend(md goldmark.Markdown) {
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(a, 500)))
}

// RegisterFuncs draws pictures.
func (a attached) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindImage, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		image, ok := node.(*ast.Image)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		name, ours := strings.CutPrefix(string(image.Destination), attachedMark)
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		if !ours || a.drawn.clean.attached == "" || name == "" || len(name) > 200 || len(a.drawn.held) >= maxFormulas {
			return ast.WalkContinue, nil
		}
		var words strings.Builder
		for child := image.FirstChild(); child != nil; child = child.NextSibling() {
			if text, ok := child.(*ast.Text); ok {
				_, _ = words.Write(text.Segment.Value(source))
			}
		}
		a.drawn.held = append(a.drawn.held, fmt.Sprintf(`<img class="attached" src="%s/%s" alt="%s" loading="lazy">`,
			html.EscapeString(a.drawn.clean.attached), html.EscapeString(url.PathEscape(name)), html.EscapeString(words.String())))
		_, _ = w.WriteString(placeOf(len(a.drawn.held) - 1)) // it fails only with its buffer
		return ast.WalkSkipChildren, nil
	})
}
