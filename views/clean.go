package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"mayfly/views/math"
)

// This file and highlight.go are the only ones whose result is written to a
// page unescaped. Each string they give has been through a sanitiser with a
// list of what is allowed, or through chroma, which escapes.

// mathMedia is the form of a display that holds the formulas of its Markdown:
// JSON, from each as it stands there to its MathML.
const mathMedia = "application/vnd.mayfly.math+json"

// maxFormula bounds one formula, in bytes of MathML.
const maxFormula = 256 << 10

// maxProse bounds Markdown with its formulas, in bytes of HTML: one formula of a
// letter stands wherever the letter does.
const maxProse = 1 << 20

// cleaner holds the lists of what is allowed.
type cleaner struct {
	attached      string // where the pictures are that a text holds; "" when it holds none
	lines, tables *bluemonday.Policy
	rich          *richPolicies
	page          *pageFormulas // nil where each text has a time of its own
}

// richPolicies are made when the first output needs them: most runs have none.
type richPolicies struct{ math, prose *bluemonday.Policy }

func (r *richPolicies) mathList() *bluemonday.Policy {
	if r.math == nil {
		r.math = mathPolicy()
	}
	return r.math
}

func (r *richPolicies) proseList() *bluemonday.Policy {
	if r.prose == nil {
		r.prose = prosePolicy()
	}
	return r.prose
}

func newCleaner() cleaner {
	lines := bluemonday.NewPolicy()
	lines.AllowAttrs("class").Matching(regexp.MustCompile(`^term-[a-z0-9]+( term-[a-z0-9]+)*$`)).OnElements("span")
	tables := bluemonday.NewPolicy()
	tables.AllowElements("table", "thead", "tbody", "tr", "th", "td", "p")
	tables.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[0-9]{1,3}$`)).OnElements("th", "td")
	return cleaner{lines: lines, tables: tables, rich: &richPolicies{}}
}

// mathPolicy lets presentation MathML through, and no link or action in it.
func mathPolicy() *bluemonday.Policy {
	elements := []string{
		"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom",
		"msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "menclose",
	}
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowNoAttrs().OnElements(elements...)
	p.AllowAttrs(
		"display", "displaystyle", "scriptlevel", "stretchy", "symmetric", "largeop", "movablelimits", "accent", "accentunder", "fence", "form", "separator",
		"mathvariant", "linethickness", "lspace", "rspace", "minsize", "maxsize", "width", "height", "depth", "voffset",
		"columnalign", "columnspacing", "rowspacing", "columnlines", "rowlines", "notation", "columnspan", "rowspan",
	).Matching(regexp.MustCompile(`^[a-zA-Z0-9 .%+-]{0,100}$`)).OnElements(elements...)
	return p
}

// prosePolicy is for what goldmark made of Markdown: text, links that a person
// follows, and no picture, which would be fetched by itself.
func prosePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	return p
}

// terminal lets through text and coloured spans: no links, no pictures, which
// terminal sequences could otherwise ask for.
func (c cleaner) terminal(html string) string { return c.lines.Sanitize(html) }

// formula is safe MathML, or "" for what is none.
func (c cleaner) formula(mathml string) string {
	if len(mathml) > maxFormula || !strings.HasPrefix(strings.TrimSpace(mathml), "<math") {
		return ""
	}
	return c.rich.mathList().Sanitize(mathml)
}

// markdown is safe HTML with headings that go below those of the page; "" for
// what cannot be drawn in time and room.
func (c cleaner) markdown(text, mathOf string) string {
	if costly(text) {
		return ""
	}
	var given map[string]string
	_ = json.Unmarshal([]byte(mathOf), &given) // none, or hostile: shown as they stand there
	drawn := formulas{clean: c}
	for source, mathml := range given {
		if safe := c.formula(mathml); safe != "" && source != "" && len(drawn.held) < maxFormulas {
			text = strings.ReplaceAll(text, source, placeOf(len(drawn.held)))
			drawn.held = append(drawn.held, safe)
		}
	}
	var made bytes.Buffer
	if goldmark.New(goldmark.WithExtensions(extension.GFM, math.Markdown{Place: drawn.place}, attached{&drawn})).Convert([]byte(text), &made) != nil {
		return ""
	}
	safe := lowered(c.rich.proseList().Sanitize(made.String()))
	for i, formula := range drawn.held {
		place := placeOf(i)
		if len(safe)+strings.Count(safe, place)*len(formula) > maxProse {
			return ""
		}
		safe = strings.ReplaceAll(safe, place, formula)
	}
	return safe
}

// lowered makes h3 of h1 and so on: the page has its own h1 and h2.
func lowered(text string) string {
	for level := 6; level >= 1; level-- {
		below := strconv.Itoa(min(6, level+2))
		text = strings.ReplaceAll(text, "<h"+strconv.Itoa(level)+">", "<h"+below+">")
		text = strings.ReplaceAll(text, "</h"+strconv.Itoa(level)+">", "</h"+below+">")
	}
	return text
}

// table keeps rows and cells and nothing else, marks the cells that hold
// numbers so that they stand right, and takes the count line out.
func (c cleaner) table(html string) (table, note string) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(c.tables.Sanitize(html)))
	if err != nil {
		return "", ""
	}
	found := doc.Find("table").First()
	note = strings.TrimSpace(doc.Find("p").First().Text())
	found.Find("td").Each(func(_ int, cell *goquery.Selection) {
		text := strings.ReplaceAll(strings.TrimSpace(cell.Text()), ",", "")
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			cell.AddClass("num")
		}
	})
	alignColumns(found)
	table, err = goquery.OuterHtml(found)
	if err != nil {
		return "", ""
	}
	return table, note
}

// alignColumns puts the head of each column of numbers right as well, and the
// dots that pandas writes for the rows it leaves out. It looks at each cell
// once: tables are as wide as user code likes.
func alignColumns(table *goquery.Selection) {
	numbers := map[int]bool{}
	rows := table.Find("tbody tr")
	rows.First().Children().Each(func(i int, cell *goquery.Selection) { numbers[i] = cell.HasClass("num") })
	table.Find("thead tr").First().Children().Each(func(i int, head *goquery.Selection) {
		switch {
		case strings.TrimSpace(head.Text()) == "": // a head without words is no head
			head.Nodes[0].Data = "td"
		case numbers[i]:
			head.AddClass("num")
		}
	})
	rows.Each(func(_ int, row *goquery.Selection) {
		row.Children().Each(func(i int, cell *goquery.Selection) {
			if numbers[i] && strings.TrimSpace(cell.Text()) == "..." {
				cell.AddClass("num")
			}
		})
	})
}

// prose is a cell's Markdown as safe HTML. A text too long to be drawn in time
// stands as it was written.
func (c cleaner) prose(text string) string {
	if len(text) <= maxDisplayText {
		if safe := c.markdown(text, ""); safe != "" {
			return headed(safe)
		}
	}
	return `<pre class="out-text">` + html.EscapeString(text) + "</pre>"
}

// heading is the beginning or the end of a heading as lowered leaves it.
var heading = regexp.MustCompile(`<(/?)h([3-6])>`)

// headed gives the headings of a cell levels that follow each other, from h2 on,
// wherever they begin. How they look is by what was written.
func headed(safe string) string {
	first, last := 0, 1
	return heading.ReplaceAllStringFunc(safe, func(tag string) string {
		m := heading.FindStringSubmatch(tag)
		written, _ := strconv.Atoi(m[2]) // the pattern lets digits through alone
		if m[1] != "" {
			return fmt.Sprintf("</h%d>", last)
		}
		if first == 0 {
			first = written
		}
		last = min(max(2, 2+written-first), last+1, 6)
		return fmt.Sprintf(`<h%d class="written-%d">`, last, written-2)
	})
}
