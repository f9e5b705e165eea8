package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

func displayed(t *testing.T, bundle map[string]string) *goquery.Document {
	t.Helper()
	return output(t, false, views.OutputRow{Stream: "display", Bundle: bundle})
}

// TestTable: rows and cells of a DataFrame get through, and nothing else does.
func TestTable(t *testing.T) {
	t.Parallel()
	doc := displayed(t, map[string]string{"text/html": `<style>td{color:red}</style><div onclick="x"><table border="1" style="width:9999px">
		<thead><tr><th></th><th>item</th><th>gold</th></tr></thead><tbody>
		<tr><th>0</th><td onmouseover="x"><a href="http://evil/">Rope</a></td><td>1,322.50</td></tr>
		<tr><th>1</th><td><img src="http://evil/x.png"><script>alert(1)</script>Óðinn</td><td>-3</td></tr>
		<tr><th>...</th><td>...</td><td>...</td></tr>
		<tr><td colspan="2" rowspan="9999999">x</td><td><b hx-get="/x">nan</b></td></tr>
		</tbody></table><p>1,284 rows × 2 columns</p><iframe src="/"></iframe></div>`, "text/plain": "as text"})
	if n := doc.Find(".out-table table tbody tr").Length(); n != 4 {
		t.Fatalf("%d rows", n)
	}
	if got := doc.Find(".table-foot").Text(); got != "1,284 rows × 2 columns" {
		t.Errorf("count %q", got)
	}
	doc.Find(".out-table table *").Each(func(_ int, s *goquery.Selection) {
		if !s.Is("thead, tbody, tr, th, td") {
			t.Errorf("<%s> got through", goquery.NodeName(s))
		}
		for _, a := range s.Nodes[0].Attr {
			if a.Key != "class" && a.Key != "colspan" {
				t.Errorf("%s=%q got through", a.Key, a.Val)
			}
		}
	})
	var numbers []string
	doc.Find("td.num").Each(func(_ int, s *goquery.Selection) { numbers = append(numbers, s.Text()) })
	if got := strings.Join(numbers, " "); got != "1,322.50 -3 ... nan" {
		t.Errorf("right-aligned: %q", got)
	}
	if got := doc.Find("thead .num").Text(); got != "gold" {
		t.Errorf("right-aligned heads: %q", got)
	}
	if strings.Contains(doc.Text(), "as text") {
		t.Error("the text stands there as well")
	}
}

// TestBestOfBundle: a picture before a table before text; what cannot be drawn
// safely is shown as text.
func TestBestOfBundle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bundle   map[string]string
		selector string
	}{
		"picture":           {map[string]string{"image/png": "AA==", "text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "x"}, `img[src="/runs/abcdefgh/outputs/1?type=image%2Fpng"]`},
		"table":             {map[string]string{"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "x"}, "table"},
		"html that is none": {map[string]string{"text/html": "<h1>x</h1>", "text/plain": "x"}, "pre"},
		"svg":               {map[string]string{"image/svg+xml": "<svg/>", "text/plain": "x"}, "pre"},
		"an empty table":    {map[string]string{"text/html": "<table", "text/plain": "x"}, "pre"},
		"markdown":          {map[string]string{"text/markdown": "# x"}, "pre"},
		"nothing known":     {map[string]string{"application/x-thing": "x"}, "pre"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := displayed(t, c.bundle)
			if doc.Find(c.selector).Length() != 1 || doc.Find("img, table, pre").Length() != 1 {
				t.Errorf("want one %s: %s", c.selector, outer(doc.Find(".log")))
			}
		})
	}
}
