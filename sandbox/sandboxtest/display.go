package sandboxtest

import (
	"encoding/base64"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func displayChecks() []check {
	return []check{
		{"LastExpression", lastExpression},
		{"DisplayBundles", displayBundles},
		{"DisplayOfAWrongThing", displayOfAWrongThing},
		{"DisplayOfEveryLibrary", displayOfEveryLibrary},
	}
}

func lastExpression(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, want := range map[string]string{
		"1 + 1":            "2",
		"x = 3":            "",
		"None":             "",
		"6 * 7;":           "",
		"'text'":           "'text'",
		"for i in (1,): i": "",
		"if True:\n  9":    "",
		"# only a comment": "",
		"":                 "",
		"y = 4\ny":         "4",
	} {
		d := must(t, k, code)
		var got []string
		for _, bundle := range d.displays() {
			got = append(got, bundle["text/plain"])
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q displays %q, want %q", code, got, want)
		}
	}
}

func displayBundles(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import pandas as pd, io
from PIL import Image
from IPython.display import HTML, Markdown, Latex, JSON, SVG, Image as Picture
held = io.BytesIO()
Image.new('RGB', (3, 2), 'red').save(held, 'png')
display(HTML('<b>h</b>'), Markdown('*m*'), Latex('$x$'), JSON({'j': [1]}))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"/>'))
display(Picture(held.getvalue()))
pd.DataFrame({'a': [1, 2]})`)
	shown := d.displays()
	if len(shown) != 7 {
		t.Fatalf("%d displays, want 7\n%s", len(shown), d)
	}
	for i, want := range []struct{ kind, part string }{
		{"text/html", "<b>h</b>"}, {"text/markdown", "*m*"}, {"text/latex", "$x$"}, {"application/json", `"j"`},
		{"image/svg+xml", "<svg"}, {"image/png", ""}, {"text/html", "<table"},
	} {
		wantPart(t, want.kind, shown[i][want.kind], want.part)
		if shown[i]["text/plain"] == "" {
			t.Errorf("display %d has no plain form: %v", i, shown[i])
		}
	}
	if !isPNG(shown[5]["image/png"]) {
		t.Errorf("the picture is not a PNG in base64: %q", clip(shown[5]["image/png"]))
	}
	wantPart(t, "the frame's plain form", shown[6]["text/plain"], "a\n0  1")
}

func isPNG(form string) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(form))
	return err == nil && strings.HasPrefix(string(raw), "\x89PNG\r\n\x1a\n")
}

// displayOfAWrongThing: a form that cannot be made, is hostile or is huge
// spoils nothing else.
func displayOfAWrongThing(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	_, d := exec(t, k, `class Bad:
    def _repr_html_(self): raise ValueError('no html')
    def __repr__(self): return 'plain \udc80'
display(Bad())
class Huge:
    def _repr_html_(self): return 'x' * 40_000_000
    def __repr__(self): return 'huge'
display(Huge())
display({'text/html': '<i>raw</i>', 'text/plain': 'raw'}, raw=True)
print('after')`)
	wantPart(t, "stdout", d.text(sandbox.Stdout), "after\n")
	shown := d.displays()
	if len(shown) < 2 || shown[0]["text/plain"] != `plain \udc80` || shown[len(shown)-1]["text/html"] != "<i>raw</i>" {
		t.Errorf("displays are not as wanted\n%s", d)
	}
	for _, bundle := range shown {
		if len(bundle["text/html"]) > 20_000_000 {
			t.Errorf("a display of %d bytes came through", len(bundle["text/html"]))
		}
	}
}

// displayOfEveryLibrary: the rich forms that people come for.
func displayOfEveryLibrary(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	for code, kind := range map[string]string{
		"import sympy; sympy.sqrt(8)":                                                                "text/latex",
		"import polars as pl; pl.DataFrame({'a': [1]})":                                              "text/html",
		"import plotly.express as px; px.line(x=[1, 2], y=[3, 4])":                                   "application/vnd.plotly.v1+json",
		"from PIL import Image; Image.new('L', (2, 2))":                                              "image/png",
		"from sklearn.linear_model import LinearRegression; LinearRegression().fit([[0],[1]],[0,1])": "text/html",
	} {
		d := must(t, k, code)
		shown := d.displays()
		if len(shown) == 0 || shown[len(shown)-1][kind] == "" {
			t.Errorf("%s has no %s\n%s", code, kind, d)
		}
	}
}
