package sandboxtest

import (
	"encoding/base64"
	"encoding/json"
	"image/png"
	"strings"
	"testing"

	"mayfly/sandbox"
)

func richChecks() []check {
	return []check{
		{"Formulas", formulas},
		{"AltTexts", altTexts},
		{"FiguresAreTrimmed", figuresAreTrimmed},
		{"FiguresAsSaved", figuresAsSaved},
		{"SoundAndFilm", soundAndFilm},
		{"WidgetsAsText", widgetsAsText},
	}
}

func formulas(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import sympy as sp\nfrom IPython.display import Latex, Math\nx = sp.symbols('x')")
	for code, want := range map[string][]string{
		"sp.sqrt(8)":                                 {"<msqrt>", ">2<"},
		"sp.Integral(sp.exp(-x**2), x)":              {"<msup>", "&#x0222B;"},
		"sp.Matrix([[1, x], [0, 1]])":                {"<mtable>"},
		`Math(r'\frac{a}{b}')`:                       {"<mfrac>", `display="block"`},
		"Latex('$x_1$')":                             {"<msub>", `display="inline"`},
		"sp.Eq(x**2, 4)":                             {"<msup>", "&#x0003D;"},
		`Latex(r'\begin{align} a &= b \end{align}')`: {"<mtable"},
	} {
		d := must(t, k, code)
		shown := last(d)
		for _, part := range want {
			wantPart(t, code, shown["application/mathml+xml"], part)
		}
		if shown["text/latex"] == "" || shown["text/plain"] == "" {
			t.Errorf("%s lost its other forms: %v", code, shown)
		}
	}
	for _, code := range []string{"Latex('no formula at all')", `Latex(r'\nosuch{')`, "Latex('{' * 30_000)", `Latex('$' + r'\frac{' * 3000 + '$')`} {
		if d := must(t, k, code); len(d.displays()) != 1 {
			t.Errorf("%.40s: %s", code, d)
		}
	}
}

// last is the last thing that d shows.
func last(d *desk) map[string]string {
	shown := d.displays()
	if len(shown) == 0 {
		return nil
	}
	return shown[len(shown)-1]
}

type facts struct {
	Alt           string
	Width, Height int
}

// pictureFacts is what a display says of its picture beside its bytes.
func pictureFacts(t *testing.T, bundle map[string]string) (said facts) {
	t.Helper()
	if err := json.Unmarshal([]byte(bundle[sandbox.PictureMIME]), &said); err != nil {
		t.Errorf("%v: %q", err, bundle[sandbox.PictureMIME])
	}
	return said
}

func altTexts(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	must(t, k, "import matplotlib.pyplot as plt, numpy as np, seaborn as sns")
	for code, want := range map[string]string{
		"plt.plot([1, 2], label='north'); plt.title('Sales'); plt.xlabel('month'); plt.ylabel('gold'); plt.legend()": "Line chart: Sales. x axis: month, y axis: gold. Legend: north.",
		"plt.bar(['a'], [1])":                      "Bar chart.",
		"plt.scatter([1], [2]); plt.title('Dots')": "Scatter plot: Dots.",
		"plt.imshow(np.eye(3)); plt.colorbar()":    "Heat map.",
		"plt.pie([1, 2])":                          "Pie chart.",
		"sns.heatmap(np.eye(3))":                   "Heat map.",
		"plt.figure()":                             "Empty figure.",
		"f, a = plt.subplots(1, 2); a[0].plot([1]); a[1].hist([1, 1, 2]); f.suptitle('Two'); a[0].set_title('L', loc='left')": "Two. Line chart: L. Bar chart.",
		"plt.title('long ' * 500)":             "Empty plot: " + strings.Repeat("long ", 90),
		"plt.gca().get_legend = lambda: 1 / 0": "Figure",
	} {
		d := must(t, k, code)
		if facts := pictureFacts(t, last(d)); !strings.HasPrefix(facts.Alt, want) || len(facts.Alt) > 600 {
			t.Errorf("%.60q: %q, want %q", code, facts.Alt, want)
		}
	}
	d := must(t, k, "from IPython.display import Image\nfrom PIL import Image as I\nI.new('RGB', (4, 2)).save('p.png')\nImage('p.png', width=40, alt='Red')")
	if facts := pictureFacts(t, d.displays()[0]); facts.Alt != "Red" || facts.Width != 40 {
		t.Errorf("IPython's own picture: %+v", facts)
	}
}

func figuresAreTrimmed(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{KeepFigures: true})
	d := must(t, k, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.ylabel('a long label at the side', size=30)")
	picture, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(last(d)["image/png"])))
	if err != nil {
		t.Fatal(err)
	}
	said := pictureFacts(t, last(d))
	if size := picture.Bounds().Size(); size.X != said.Width || size.Y != said.Height || size.X == 640 || size.Y == 480 {
		t.Errorf("%v, said %+v", size, said)
	}
	wantPaths(t, produced(t, k), "figure-1.png")
}

// figuresAsSaved: what a run saved itself is no second file, and is shown as it
// was saved, as long as both are as they were.
func figuresAsSaved(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{KeepFigures: true})
	for _, c := range []struct {
		rest string
		want []string
	}{
		{"plt.savefig('a.png', dpi=200)", []string{"a.png"}},
		{"plt.savefig('a.svg')", []string{"a.svg"}},
		{"plt.savefig('t.png', transparent=True, bbox_inches='tight')", []string{"t.png"}},
		{"import pathlib; plt.gcf().savefig(pathlib.Path('b.png'))", []string{"b.png"}},
		{"plt.savefig('c.png'); plt.title('changed after')", []string{"c.png", "figure-1.png"}},
		{"plt.savefig('d.png'); open('d.png', 'w').write('mine')", []string{"d.png", "figure-2.png"}},
		{"import io; plt.savefig(io.BytesIO()); plt.savefig('e.pdf')", []string{"e.pdf", "figure-3.png"}},
		{"plt.savefig('g.png'); import os; os.remove('g.png')", []string{"figure-4.png"}},
	} {
		d := must(t, k, "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\n"+c.rest)
		wantFigures(t, d, 1)
		wantPaths(t, produced(t, k), c.want...)
		if said := pictureFacts(t, last(d)); said.Width < 400 || said.Width > 700 {
			t.Errorf("%s is shown %d px wide", c.rest, said.Width)
		}
	}
	d := must(t, k, "plt.plot([1]); plt.savefig('two.png'); plt.figure(); plt.plot([2]); plt.savefig('two.png')")
	wantFigures(t, d, 2)
	wantPaths(t, produced(t, k), "figure-5.png", "two.png")
}

func soundAndFilm(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, `import numpy as np
from IPython.display import Audio, Video, JSON
display(Audio(np.sin(np.linspace(0, 3000, 8000)), rate=8000))
open('v.mp4', 'wb').write(b'film')
display(Video('v.mp4', embed=True))
display(JSON({'a': 1}))`)
	shown := d.displays()
	wantPart(t, "sound", shown[0]["text/html"], "data:audio/wav;base64,")
	wantPart(t, "film", shown[1]["text/html"], "data:video/mp4;base64,")
	wantPart(t, "JSON", shown[2]["application/json"], `{"a": 1}`)
}

// widgetsAsText: what wants a browser's half is shown as text, without an error.
func widgetsAsText(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, "from tqdm.notebook import tqdm, trange\nfor _ in tqdm(range(3), desc='rows'): pass")
	wantPart(t, "stderr", d.text(sandbox.Stderr), "rows: 100%")
	d = must(t, k, "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass\nfrom tqdm import tqdm_notebook\nfor _ in tqdm_notebook(range(3)): pass")
	wantPart(t, "stderr", d.text(sandbox.Stderr), "100%")
	d = must(t, k, "import ipywidgets as w\nw.IntSlider(value=7)")
	wantPart(t, "a slider", d.displays()[0]["text/plain"], "IntSlider(value=7")
	d = must(t, k, "print('before')\ndef f(n):\n    print('n is', n)\n    return n * 6\nw.interact(f, n=7);")
	if got := replay(d); !strings.Contains(got, "before") || !strings.Contains(got, "n is 7") || !strings.Contains(got, "42") {
		t.Errorf("interact: %q\n%s", got, d)
	}
}
