package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/sandbox"
	"mayfly/views"
)

func displayed(t *testing.T, bundle map[string]string) *goquery.Document {
	t.Helper()
	return output(t, false, views.OutputRow{Stream: "display", Bundle: bundle})
}

// TestTable: rows and cells of a DataFrame get through, and nothing else does.
func TestTable(t *testing.T) {
	t.Parallel()
	doc := displayed(t, map[string]string{"text/html": `<style>td{color:red}</style><div onclick="x"><table class="dataframe" border="1" style="width:9999px">
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
		"html that is none": {map[string]string{"text/html": "<h1>x</h1>", "text/plain": "x"}, `iframe[sandbox=allow-scripts][src="/runs/abcdefgh/outputs/1?type=text%2Fhtml"]`},
		"svg":               {map[string]string{"image/svg+xml": "<svg/>", "text/plain": "x"}, `img[src="/runs/abcdefgh/outputs/1?type=image%2Fsvg%2Bxml"]`},
		"an empty table":    {map[string]string{"text/html": "<table", "text/plain": "x"}, "iframe"},
		"a styled table":    {map[string]string{"text/html": `<style>#T_a td {color: red}</style><table id="T_a"><tr><td>1</td></tr></table>`}, "iframe"},
		"plotly":            {map[string]string{"application/vnd.plotly.v1+json": `{"layout":{"height":300}}`, "text/html": "x"}, `iframe[height="300"]`},
		"plotly, pictured":  {map[string]string{"application/vnd.plotly.v1+json": `{}`, "image/png": "AA==", "text/html": "x"}, `iframe.out-frame-still[title="Interactive figure: Figure made by this run"]`},
		"table as data":     {map[string]string{sandbox.TableMIME: `{"rows":1,"columns":1,"head":[{"name":["a"]}],"body":[{"cells":["<b>"]}]}`, "text/html": "x"}, "table"},
		"a broken table":    {map[string]string{sandbox.TableMIME: `{"rows":0,"columns":1,"head":[{"name":["a"]}],"body":[{"cells":["1"]}]}`, "text/plain": "x"}, "pre"},
		"formula":           {map[string]string{"application/mathml+xml": "<math><mi>x</mi></math>", "text/plain": "x"}, ".out-prose math mi"},
		"no formula":        {map[string]string{"application/mathml+xml": "<p>x</p>", "text/plain": "x"}, "pre"},
		"markdown":          {map[string]string{"text/markdown": "# x"}, ".out-prose h3"},
		"nothing known":     {map[string]string{"application/x-thing": "x"}, "pre"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := displayed(t, c.bundle)
			if doc.Find(c.selector).Length() != 1 || doc.Find("img, table, pre, iframe, .out-prose").Not("noscript *").Length() != 1 {
				t.Errorf("want one %s: %s", c.selector, outer(doc.Find(".log")))
			}
		})
	}
}

// TestPicturesKeepTheirRoom: a picture has its size before it has loaded, and
// says in words what it shows.
func TestPicturesKeepTheirRoom(t *testing.T) {
	t.Parallel()
	const dot = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADUlEQVR4nGP4z8AAQQAI+gH/1VUZ1gAAAABJRU5ErkJggg==" // 3 × 2
	for name, c := range map[string]struct{ data, said, alt, width, height string }{
		"by its bytes":  {dot, "", "Figure made by this run", "3", "2"},
		"as said":       {dot, `{"alt":"Line chart: Sales.","width":640,"height":480}`, "Line chart: Sales.", "640", "480"},
		"one side":      {dot, `{"width":300}`, "Figure made by this run", "300", "200"},
		"other side":    {dot, `{"height":4}`, "Figure made by this run", "6", "4"},
		"hostile facts": {dot, `{"alt":"\"><script>","width":-5,"height":1e99}`, `"><script>`, "3", "2"},
		"no facts":      {dot, `[]`, "Figure made by this run", "3", "2"},
		"a long text":   {dot, `{"alt":"` + strings.Repeat("x", 5000) + `"}`, strings.Repeat("x", 600) + "…", "3", "2"},
		"no picture":    {"AAAA", "", "Figure made by this run", "", ""},
		"no base64":     {"!!", "", "Figure made by this run", "", ""},
	} {
		shown := displayed(t, map[string]string{"image/png": c.data, sandbox.PictureMIME: c.said}).Find("img")
		if shown.AttrOr("alt", "") != c.alt || shown.AttrOr("width", "") != c.width || shown.AttrOr("height", "") != c.height {
			t.Errorf("%s: %s", name, outer(shown))
		}
	}
}

// TestTableAsData: heads of several levels, missing values, and how much of it
// there is.
func TestTableAsData(t *testing.T) {
	t.Parallel()
	doc := displayed(t, map[string]string{sandbox.TableMIME: `{"id":"x","kind":"pandas","rows":10000,"columns":500,"index":["day"],
		"head":[{"name":["gold","sum"],"dtype":"int64","right":true},{"name":["note"],"dtype":"str"}],
		"body":[{"index":["Mon"],"cells":["7",null]},{"index":[null],"cells":["<script>","x"]}]}`})
	table := doc.Find(".out-table table")
	if heads := table.Find("thead tr"); heads.Length() != 2 || strings.Join(strings.Fields(heads.Last().Text()), " ") != "daysum int64 str" {
		t.Errorf("the head: %s", outer(table.Find("thead")))
	}
	if table.Find("th[scope=row]").First().Text() != "Mon" || table.Find("td .null").Length() != 1 || table.Find("th .null").Length() != 1 {
		t.Errorf("the body: %s", outer(table.Find("tbody")))
	}
	if table.Find("tbody td.num").Length() != 2 || table.Find("script").Length() > 0 {
		t.Errorf("the numbers: %s", outer(table.Find("tbody")))
	}
	if got := doc.Find(".table-foot > span").First().Text(); got != "Showing 2 of 10,000 rows × 500 columns, the first 2 columns" {
		t.Errorf("the foot: %q", got)
	}
	if got := doc.Find("[role=region]").AttrOr("aria-label", ""); got != "Table of 10,000 rows × 500 columns" {
		t.Errorf("its name: %q", got)
	}
}

// TestMarkdownIsText (SEC-59): no HTML of its own, no picture that is fetched, no
// address that runs, headings below those of the page.
func TestMarkdownIsText(t *testing.T) {
	t.Parallel()
	doc := displayed(t, map[string]string{
		"text/markdown":                    "# Head\n\n**bold** [a](https://a.example) [b](javascript:alert(1)) ![p](https://evil/x.png)\n\n<script>x</script><b onclick=x>y</b>\n\n| a |\n|---|\n| 1 |\n\nmass $m^2$ and `code`",
		"application/vnd.mayfly.math+json": `{"$m^2$":"<math><msup><mi href=\"javascript:x\">m</mi><mn>2</mn></msup><script>x</script></math>","$y$":"<p>no</p>"}`,
	})
	prose := doc.Find(".out-prose")
	for _, there := range []string{"h3", "strong", "a[href='https://a.example'][rel~=nofollow]", "table td", "math msup", "code"} {
		if prose.Find(there).Length() != 1 {
			t.Errorf("no %s in %s", there, outer(prose))
		}
	}
	for _, gone := range []string{"h1", "img", "script", "b", "[onclick]", "a[href^=javascript]", "math [href]"} {
		if prose.Find(gone).Length() != 0 {
			t.Errorf("%s got through: %s", gone, outer(prose))
		}
	}
}

// TestMarkdownThatTakesLongStandsAsWritten (SEC-59): marks in thousands, quotes in
// quotes and a formula in place of each letter; what only looks like that is drawn.
func TestMarkdownThatTakesLongStandsAsWrittenSEC59(t *testing.T) {
	t.Parallel()
	for _, marks := range []string{"*a_", "[a](", "![", "> ", "1. ", "- ", "a_*b*_", "**a** "} {
		doc := displayed(t, map[string]string{"text/markdown": strings.Repeat(marks, 60_000/len(marks))})
		if doc.Find(".out-prose").Length() != 0 || !strings.HasPrefix(doc.Find("pre.out-text").Text(), strings.TrimSpace(marks)) {
			t.Errorf("%q is drawn", marks)
		}
	}
	bomb := displayed(t, map[string]string{
		"text/markdown":                    strings.Repeat("a ", 1000),
		"application/vnd.mayfly.math+json": `{"a":"<math><mi>` + strings.Repeat("x", 20_000) + `</mi></math>"}`,
	})
	if got := outer(bomb.Find("body")); len(got) > 100_000 {
		t.Errorf("a formula for each letter makes %d bytes", len(got))
	}
	long := strings.Repeat("Some *words* with `a_name` and [a link](https://a.example).\n\n- one\n- > two\n\n", 500)
	if doc := displayed(t, map[string]string{"text/markdown": long}); doc.Find(".out-prose a").Length() != 500 {
		t.Error("a long text is not drawn")
	}
}
