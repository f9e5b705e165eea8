package sandboxtest

import (
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func stillChecks() []check {
	return []check{
		{"StillsOfFigures", stillsOfFigures},
		{"StillsShowTheData", stillsShowTheData},
		{"FiguresWithoutStill", figuresWithoutStill},
		{"StillsOfHostileFigures", stillsOfHostileFigures},
	}
}

const plotlyMIME = "application/vnd.plotly.v1+json"

const drawFigures = `import plotly.express as px, plotly.graph_objects as go, numpy as np, pandas as pd
from plotly.subplots import make_subplots
tips = pd.DataFrame({'day': ['Sat', 'Sun'] * 20, 'bill': [float(n % 17) for n in range(40)], 'who': list('aabb') * 10})
`

// stillsOfFigures: each common kind of plotly figure comes with a picture of its
// own look and says what it shows; the figure itself is as it was.
func stillsOfFigures(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, drawFigures)
	for code, want := range map[string]string{
		"px.line(x=pd.date_range('2026', periods=50), y=range(50), title='Up &amp; <b>up</b>')":                                                "Line chart: Up & up. x axis: x, y axis: y.",
		"px.scatter(tips, x='bill', y='bill', color='who', size='bill', log_x=True)":                                                           "Scatter plot. x axis: bill, y axis: bill. Legend: a, b.",
		"px.bar(tips, x='day', y='bill', color='who', barmode='group', text_auto=True)":                                                        "Bar chart. x axis: day, y axis: bill. Legend: a, b.",
		"px.bar(tips, y='day', x='bill', orientation='h', title='cost in $')":                                                                  "Bar chart: cost in $. x axis: bill, y axis: day.",
		"px.histogram(tips, x='bill', color='who', nbins=5)":                                                                                   "Histogram. x axis: bill, y axis: count. Legend: a, b.",
		"px.pie(tips, names='day', values='bill', hole=.4)":                                                                                    "Pie chart. Legend: ",
		"px.box(tips, x='day', y='bill', color='who')":                                                                                         "Box plot. x axis: day, y axis: bill. Legend: a, b.",
		"px.imshow(np.eye(4), text_auto=True)":                                                                                                 "Heat map.",
		"px.imshow(np.zeros((9, 9, 3), 'uint8'))":                                                                                              "Image.",
		"px.area(tips, y='bill', color='who', template='plotly_dark')":                                                                         "Area chart. x axis: index, y axis: bill. Legend: a, b.",
		"px.scatter(tips, x='bill', y='bill', facet_col='day')":                                                                                "Scatter plot.",
		"f = make_subplots(1, 2, specs=[[{}, {'type': 'domain'}]]); f.add_bar(y=[1, 2], row=1, col=1); f.add_pie(values=[1, 2], row=1, col=2)": "Bar chart and pie chart.",
		"go.Figure(go.Scatter(y=[1, 5, 2], fill='tozeroy')).add_hline(y=3).add_annotation(x=1, y=5, text='top')":                               "Area chart.",
		"px.line(y=np.random.default_rng(1).normal(size=300_000).cumsum())":                                                                    "Line chart.",
	} {
		shown := last(must(t, k, code))
		said := pictureFacts(t, shown)
		if !strings.HasPrefix(said.Alt, want) || shown["text/plain"] != "Plotly figure. "+said.Alt {
			t.Errorf("%s: %q, %q; want %q", code, said.Alt, shown["text/plain"], want)
		}
		picture := pictureOf(t, shown)
		if size := picture.Bounds().Size(); size.X != said.Width || size.Y != said.Height || size.X < 300 || size.X > 1000 || size.Y < 200 || size.Y > 700 {
			t.Errorf("%s: %v, said %+v", code, size, said)
		}
		if n := len(paints(picture)); n < 3 {
			t.Errorf("%s: %d colours", code, n)
		}
		wantPart(t, code, shown[plotlyMIME], `"data"`)
	}
	wantFigures(t, must(t, k, "px.line(y=[1, 2]).show()"), 1)
	wantFigures(t, must(t, k, "import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 300\npx.line(y=[1, 2]);\nprint(plt.get_fignums(), plt.rcParams['figure.dpi'])"), 0)
}

func pictureOf(t *testing.T, bundle map[string]string) image.Image {
	t.Helper()
	picture, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(bundle["image/png"])))
	if err != nil {
		t.Fatalf("%v: %.300s", err, bundle["text/plain"])
	}
	return picture
}

// paints counts the pixels of each colour.
func paints(picture image.Image) map[color.NRGBA]int {
	found := map[color.NRGBA]int{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			found[color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)]++
		}
	}
	return found
}

// stillsShowTheData: bars have their colours in the figure's own, with areas
// that are as their sizes.
func stillsShowTheData(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, drawFigures)
	found := paints(pictureOf(t, last(must(t, k, "px.bar(x=['a', 'b'], y=[1, 3], color=['a', 'b']).update_layout(showlegend=False)"))))
	first, second := found[color.NRGBA{0x63, 0x6e, 0xfa, 255}], found[color.NRGBA{0xef, 0x55, 0x3b, 255}]
	if first < 1000 || second < first*5/2 || second > first*7/2 {
		t.Errorf("bars of 1 and 3 are %d and %d pixels", first, second)
	}
	found = paints(pictureOf(t, last(must(t, k, "go.Figure(go.Pie(values=[1, 1], marker={'colors': ['red', 'rgb(0, 0, 255)']}, textinfo='none')).update_layout(showlegend=False)"))))
	red, blue := found[color.NRGBA{255, 0, 0, 255}], found[color.NRGBA{0, 0, 255, 255}]
	if red < 5000 || red-blue > red/50 || blue-red > red/50 {
		t.Errorf("halves of a pie are %d and %d pixels", red, blue)
	}
}

// figuresWithoutStill: what only a browser draws has no picture, and its words
// say why.
func figuresWithoutStill(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, drawFigures)
	for code, want := range map[string]string{
		"px.scatter_3d(x=[1], y=[1], z=[1])": "a trace of type scatter3d needs a browser",
		"go.Figure(go.Sankey())":             "a trace of type sankey needs a browser",
		"go.Figure()":                        "it is empty",
		"go.Figure(go.Bar(x=[['a', 'a'], ['x', 'y']], y=[1, 2]))":                                                  "names of two levels on an axis",
		"px.bar(x=[f'name {n}' for n in range(5000)], y=range(5000))":                                              "more than 2000 names on an axis",
		"px.histogram(tips, x='day', y='bill', histfunc='max')":                                                    "a histogram of max",
		"go.Figure([go.Scatter(y=[1]) for _ in range(300)])":                                                       "more than 200 traces",
		"import mayfly.stills as st\nheld, st._drawn = st._drawn, None\ndisplay(px.line(y=[1]))\nst._drawn = held": "it could not be drawn outside a browser",
	} {
		shown := last(must(t, k, code))
		if got := shown["text/plain"]; got != "Plotly figure, interactive only. It has no picture: "+want+"." {
			t.Errorf("%s: %q", code, got)
		}
		if shown["image/png"] != "" || shown[plotlyMIME] == "" {
			t.Errorf("%s: a picture, or no figure: %v", code, len(shown["image/png"]))
		}
	}
}

// stillsOfHostileFigures: whatever a figure holds, the cell goes on and the
// figure is shown.
func stillsOfHostileFigures(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for _, figure := range []string{
		"{}", "{'data': 5}", "{'data': [5]}", "{'data': [{}], 'layout': []}", "{'data': [{'y': [1, 'x', None, [2]]}]}",
		"{'data': [{'y': [1e308, -1e308]}], 'layout': {'width': 1e12, 'height': -1, 'title': {'text': 'x' * 10**6}}}",
		"{'data': [{'y': [1, 2], 'mode': 'markers', 'marker': {'size': [1e300, 1]}}]}",
		"{'data': [{'y': [-1, -2]}], 'layout': {'yaxis': {'type': 'log', 'dtick': 1e-300, 'range': [0, 400]}}}",
		"{'data': [{'y': [1, 2]}], 'layout': {'xaxis': {'dtick': 1e-9, 'domain': [5, -3]}, 'annotations': [{'x': 1e300, 'y': 1, 'text': 'far'}] * 1000}}",
		"{'data': [{'y': {'dtype': 'f8', 'bdata': '!!'}}]}", "{'data': [{'y': {'dtype': 'i1', 'bdata': 'AQID', 'shape': '-1, 9'}}]}",
		"{'data': [{'type': 'pie', 'values': [-1, float('nan')]}]}", "{'data': [{'type': 'heatmap', 'z': [[1, 2], [3]]}]}",
		"{'data': [{'type': 'image', 'source': 'data:image/png;base64,AAAA'}]}", "{'data': [{'type': 'histogram', 'x': [0, 1e300], 'xbins': {'size': 1e-9}}]}",
		"{'data': [{'y': ['2026-13-45', 'x']}], 'layout': {'xaxis': {'matches': 'x2'}, 'xaxis2': {'matches': 'x'}}}",
		"{'data': [{'y': list(range(20)), 'name': '$\\\\frac{' * 99, 'showlegend': True}]}",
	} {
		shown := last(must(t, k, "display({'application/vnd.plotly.v1+json': "+figure+"}, raw=True)"))
		if shown[plotlyMIME] == "" || !strings.HasPrefix(shown["text/plain"], "Plotly figure") || len(shown["image/png"]) > 2<<20 {
			t.Errorf("%.80s: %d bytes, %q", figure, len(shown["image/png"]), shown["text/plain"])
		}
	}
	d := must(t, k, "import numpy as np, base64\nz = {'dtype': 'i1', 'bdata': base64.b64encode(bytes(10**6)).decode(), 'shape': '1000, 1000'}\nfor _ in range(40): display({'application/vnd.plotly.v1+json': {'data': [{'type': 'heatmap', 'z': z}]}}, raw=True)")
	if shown := d.displays(); len(shown) != 40 {
		t.Errorf("%d of 40 figures shown", len(shown))
	}
}
