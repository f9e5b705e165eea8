package sandboxtest

import (
	"encoding/base64"
	"slices"
	"testing"

	"mayfly/sandbox"
)

func figureChecks() []check {
	return []check{
		{"FiguresAreShown", figuresAreShown},
		{"FiguresAreKept", figuresAreKept},
		{"FiguresSavedByTheRun", figuresSavedByTheRun},
		{"FiguresAfterAFailure", figuresAfterAFailure},
		{"FiguresAsAggWrites", figuresAsAggWrites},
	}
}

const twoFigures = `import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
plt.figure()
plt.bar([1, 2], [3, 4])
print('drawn')
`

func figuresAreShown(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{})
	d := must(t, k, twoFigures)
	wantFigures(t, d, 2)
	if first := d.pieces()[0]; first.Stream != sandbox.Stdout {
		t.Errorf("a figure came before the print\n%s", d)
	}
	if files := produced(t, k); len(files) != 0 {
		t.Errorf("a figure was kept without KeepFigures: %v", files)
	}
	wantFigures(t, must(t, k, "print('no figure is left open')"), 0)
	d = must(t, k, "plt.plot([1])\nplt.show()\nprint('between')\nplt.plot([2])\nplt.show()")
	wantFigures(t, d, 2)
	if middle := d.pieces()[1]; middle.Text != "between\n" {
		t.Errorf("plt.show() shows late\n%s", d)
	}
	wantFigures(t, must(t, k, "plt.plot([1])\nplt.close('all')"), 0)
}

func wantFigures(t *testing.T, d *desk, count int) {
	t.Helper()
	pictures := 0
	for _, bundle := range d.displays() {
		if isPNG(bundle["image/png"]) {
			pictures++
		}
	}
	if pictures != count {
		t.Errorf("%d pictures shown, want %d\n%s", pictures, count, d)
	}
}

func figuresAreKept(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{KeepFigures: true})
	d := must(t, k, twoFigures)
	wantFigures(t, d, 2)
	files := produced(t, k)
	wantPaths(t, files, "figure-1.png", "figure-2.png")
	for i, bundle := range d.displays() {
		shown, _ := base64.StdEncoding.DecodeString(bundle["image/png"])
		if i < len(files) && string(shown) != files[i].content {
			t.Errorf("figure %d was shown with %d bytes and kept with %d", i+1, len(shown), len(files[i].content))
		}
	}
	must(t, k, "plt.plot([4, 1])")
	wantPaths(t, produced(t, k), "figure-3.png")
}

// figuresSavedByTheRun: a figure that the run saved itself is not kept twice,
// and no file of the run's is ever written over.
func figuresSavedByTheRun(t *testing.T, s *suite) {
	k := s.open(t, sandbox.Spec{KeepFigures: true})
	must(t, k, "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.savefig('mine.png')")
	wantPaths(t, produced(t, k), "mine.png")
	must(t, k, "open('figure-1.png', 'w').write('mine')\nplt.plot([3, 1])")
	files := produced(t, k)
	wantPaths(t, files, "figure-1.png", "figure-2.png")
	if !slices.ContainsFunc(files, func(f made) bool { return f.path == "figure-1.png" && f.content == "mine" }) {
		t.Error("figure-1.png of the run was written over")
	}
}

func figuresAfterAFailure(t *testing.T, s *suite) {
	result, d := s.run(t, sandbox.Spec{}, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n1 / 0")
	wantEnding(t, result, d, sandbox.Raised, 1)
	wantFigures(t, d, 1)
}

// figuresAsAggWrites: the PNG that we write ourselves has the pixels, the
// resolution and the maker of matplotlib's own, which metadata asks for.
func figuresAsAggWrites(t *testing.T, s *suite) {
	const code = `import io, numpy, matplotlib.pyplot as plt
from PIL import Image
def same(**how):
    ours, theirs = io.BytesIO(), io.BytesIO()
    plt.savefig(ours, **how)
    plt.savefig(theirs, metadata={"Title": "t"}, **how)
    a, b = Image.open(ours), Image.open(theirs)
    return bool((numpy.asarray(a) == numpy.asarray(b)).all()) and all(a.info[k] == b.info[k] for k in ("dpi", "Software"))
plt.plot(range(9)); plt.title("ä"); plt.savefig("a.png")
print(same(), same(transparent=True), same(dpi=200, bbox_inches="tight"), Image.open("a.png").size)
plt.figure(); plt.imshow(numpy.random.rand(90, 90))
print(same())
plt.close("all")`
	if d := must(t, s.open(t, sandbox.Spec{}), code); d.text(sandbox.Stdout) != "True True True (640, 480)\nTrue\n" {
		t.Errorf("%s", d)
	}
}
