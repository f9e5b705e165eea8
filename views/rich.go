package views

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/microcosm-cc/bluemonday"
)

// This file and highlight.go are the only ones whose result is written to a
// page unescaped. Each string they give has been through a sanitiser with a
// list of what is allowed, or through chroma, which escapes.

// maxTableHTML is the longest table drawn as one; a longer one is shown as the
// text that came with it.
const maxTableHTML = 256 << 10

// maxDisplayText bounds a display shown as text, in bytes.
const maxDisplayText = 64 << 10

// display is what is shown of one display output.
type display struct {
	image string // address of a picture
	alt   string
	table string // safe HTML
	note  string // under the table: 1,284 rows × 7 columns
	text  string
}

// cleaner holds the two lists of what is allowed.
type cleaner struct {
	lines, tables *bluemonday.Policy
}

func newCleaner() cleaner {
	lines := bluemonday.NewPolicy()
	lines.AllowAttrs("class").Matching(regexp.MustCompile(`^term-[a-z0-9]+( term-[a-z0-9]+)*$`)).OnElements("span")
	tables := bluemonday.NewPolicy()
	tables.AllowElements("table", "thead", "tbody", "tr", "th", "td", "p")
	tables.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[0-9]{1,3}$`)).OnElements("th", "td")
	return cleaner{lines: lines, tables: tables}
}

// terminal lets through text and coloured spans: no links, no pictures, which
// terminal sequences could otherwise ask for.
func (c cleaner) terminal(html string) string { return c.lines.Sanitize(html) }

// ImageType says whether a display of this media type is shown as a picture,
// and so may be asked for at OutputURL. SVG is not: it can hold script.
func ImageType(media string) bool {
	switch media {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// display picks the best of what a bundle offers: picture, table, text.
func (c cleaner) display(run string, row OutputRow) display {
	for _, media := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		if row.Bundle[media] != "" {
			return display{image: OutputURL(run, row.Seq, media), alt: "Figure made by this run"}
		}
	}
	if html := row.Bundle["text/html"]; strings.Contains(html, "<table") && len(html) <= maxTableHTML {
		if table, note := c.table(html); table != "" {
			return display{table: table, note: note}
		}
	}
	for _, media := range []string{"text/plain", "text/markdown", "text/latex", "application/json"} {
		if text := row.Bundle[media]; text != "" {
			return display{text: cut(text)}
		}
	}
	return display{text: cut(row.Text)}
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

func cut(text string) string {
	if len(text) <= maxDisplayText {
		return text
	}
	return strings.ToValidUTF8(text[:maxDisplayText], "") + "\n… cut here"
}
