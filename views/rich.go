package views

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"mayfly/sandbox"
)

// maxTableHTML is the longest table of HTML drawn as one; a longer one is shown
// as the text that came with it.
const maxTableHTML = 256 << 10

// maxDisplayText bounds a display shown as text, in bytes.
const maxDisplayText = 64 << 10

// maxFrame is the longest HTML or plotly figure that is shown; a longer one is shown
// as its text.
const maxFrame = 16 << 20

// Media types that are shown in a frame on the content origin.
const (
	htmlMedia   = "text/html"
	plotlyMedia = "application/vnd.plotly.v1+json"
	svgMedia    = "image/svg+xml"
)

// display is what is shown of one display output: the first of these that is set.
// A frame with an image has that for readers without script.
type display struct {
	figure figure // of a frame or image
	frame  frame
	image  image
	grid   *grid
	table  string // safe HTML
	prose  string // safe HTML: a formula, or Markdown
	note   string // under the table: 1,284 rows × 7 columns
	text   string
}

// image is a picture; width and height are 0 when not known.
type image struct {
	source, alt   string
	told          bool // alt comes from the code
	width, height int
}

// figure is what can be said of a figure and done with it.
type figure struct {
	seq   int    // the number that its display has for good; 0: it is no figure
	words string // what its owner says that it shows
	told  bool   // its code says what it shows
	keeps bool   // it has a picture that can be a file
}

// figureWordsMax bounds a figure's description, in characters.
const figureWordsMax = 1000

// figureOf is the figure of a display with a picture or an interactive figure.
func figureOf(row OutputRow, i image) figure {
	return figure{seq: cmp.Or(row.Replaces, row.Seq), words: row.About, told: i.told, keeps: i.source != ""}
}

// frame is a document of the user's on the content origin.
type frame struct {
	id, source, title string
	height            int
	sound             bool // a player, which needs no more room than itself
}

// height is about how high it is drawn, in CSS pixels.
func (d display) height() int {
	switch {
	case d.frame.source != "":
		return 0
	case d.image.source != "":
		return d.image.height * min(d.image.width, cellWidth) / max(1, d.image.width)
	case d.grid != nil || d.table != "":
		return 68 // it scrolls by itself, and its foot must be seen
	case d.prose != "":
		return 26 * (1 + strings.Count(d.prose, "<p") + strings.Count(d.prose, "<li") + strings.Count(d.prose, "<tr"))
	}
	return 20 * lineCount(d.text)
}

// cellWidth is about how wide an output of a cell is.
const cellWidth = 800

// ImageType says whether a display of this media type is shown as a picture of
// pixels, and so may be answered from the app itself at OutputURL.
func ImageType(media string) bool {
	switch media {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// ActiveType says whether a display of this media type can hold script, and so is
// shown from the content origin alone: OutputURL redirects there.
func ActiveType(media string) bool {
	return media == svgMedia || media == htmlMedia || media == plotlyMedia
}

// display picks the best of what a bundle offers: figure, picture, table,
// formula, document, text.
func (c cleaner) display(of Said, row OutputRow) display {
	still, pictured := pictureOf(of, row)
	if figure := row.Bundle[plotlyMedia]; figure != "" && len(figure) <= maxFrame {
		title := "Interactive figure"
		if words := cmp.Or(row.About, still.image.alt); words != "" {
			title += ": " + words
		}
		return display{frame: frameOf(of, row, plotlyMedia, title, plotlyHeight(figure)), image: still.image, figure: figureOf(row, still.image)}
	}
	if pictured {
		return still
	}
	if table, err := sandbox.ParseTable(row.Bundle[sandbox.TableMIME]); err == nil {
		return display{grid: newGrid(of, row.Seq, table)}
	}
	if formula := c.formula(row.Bundle["application/mathml+xml"]); formula != "" {
		return display{prose: formula}
	}
	if d, ok := c.document(of, row); ok {
		return d
	}
	return c.words(row)
}

// plainTable says whether HTML is a table that loses nothing as one of ours: a
// data frame's, or one without script and the styles of pandas' Styler.
func plainTable(html string) bool {
	return strings.Contains(html, "<table") && len(html) <= maxTableHTML &&
		(strings.Contains(html, `class="dataframe"`) || !strings.Contains(html, "<script") && !strings.Contains(html, `id="T_`))
}

// document is HTML: a plain table as one of ours, all else in a frame.
func (c cleaner) document(of Said, row OutputRow) (display, bool) {
	html := row.Bundle[htmlMedia]
	if html == "" || len(html) > maxFrame {
		return display{}, false
	}
	if plainTable(html) {
		if table, note := c.table(html); table != "" {
			return display{table: table, note: note}, true
		}
	}
	shown := frameOf(of, row, htmlMedia, "HTML made by this run", 160)
	if start := strings.TrimSpace(html); strings.HasPrefix(start, "<audio") && !strings.Contains(html, "<video") {
		shown.height, shown.title, shown.sound = 72, "Sound made by this run", true
	}
	return display{frame: shown}, true
}

// words is what can be read as it is.
func (c cleaner) words(row OutputRow) display {
	if text := row.Bundle["text/markdown"]; text != "" && len(text) <= maxDisplayText {
		if safe := c.markdown(text, row.Bundle[mathMedia]); safe != "" {
			return display{prose: safe}
		}
	}
	if text := row.Bundle["application/json"]; text != "" {
		return display{text: cut(indented(text))}
	}
	for _, media := range []string{"text/plain", "text/markdown", "text/latex", htmlMedia} {
		if text := row.Bundle[media]; text != "" {
			return display{text: cut(text)}
		}
	}
	return display{text: cut(row.Text)}
}

func frameOf(of Said, row OutputRow, media, title string, height int) frame {
	return frame{id: outputFrameID(of.Name, row.Seq), source: of.address(row.Seq, media), title: title, height: height}
}

// plotlyHeight is what the figure asks for, or plotly's own default.
func plotlyHeight(figure string) int {
	var f struct {
		Layout struct{ Height float64 }
	}
	if json.Unmarshal([]byte(figure), &f) == nil && f.Layout.Height >= 40 && f.Layout.Height <= 2000 {
		return int(f.Layout.Height)
	}
	return 450
}

func indented(text string) string {
	var out bytes.Buffer
	if len(text) > maxDisplayText || json.Indent(&out, []byte(text), "", "  ") != nil {
		return text
	}
	return out.String()
}

func cut(text string) string {
	if len(text) <= maxDisplayText {
		return text
	}
	return strings.ToValidUTF8(text[:maxDisplayText], "") + "\n… cut here"
}
