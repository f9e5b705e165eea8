package views_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"mayfly/views"
)

func textOf(text string) views.CellView {
	return views.CellView{ID: "abc", Notebook: "def", Kind: "markdown", Text: text, Place: 1, Of: 1}
}

// TestTextCellsHoldFormulas: they are MathML; prices, code and what cannot be drawn
// stand as they were written.
func TestTextCellsHoldFormulas(t *testing.T) {
	t.Parallel()
	doc := drawn(t, views.Cell(textOf("So $x^2$, `$y$`, $5 and $6.\n\n$$\n\\frac{a}{b}\n$$\n\nand $\\frac{$"))).Find(".cell-prose")
	if doc.Find("math").Length() != 2 || doc.Find("p math msup").Length() != 1 || doc.Find(".formula math[display=block] mfrac").Length() != 1 {
		t.Errorf("formulas: %s", outer(doc))
	}
	if got := words(doc.Find("p").First()); !strings.Contains(got, "$y$, $5 and $6.") {
		t.Errorf("what is none: %s", got)
	}
	if bad, why := words(doc.Find(".formula-bad")), words(doc.Find(".formula-why")); bad != `$\frac{$` || !strings.HasPrefix(why, "Not drawn: ") {
		t.Errorf("what cannot be drawn: %q %q", bad, why)
	}
	shared := drawn(t, views.Shared(views.Frame{}, views.SharedView{Cells: []views.SharedCell{{Kind: "markdown", Text: "$x^2$"}}}))
	if shared.Find("math msup").Length() != 1 {
		t.Errorf("a shared page: %s", outer(shared.Selection))
	}
}

// TestFormulasBringNothingIn: no link, style, script, event or picture.
func TestFormulasBringNothingIn(t *testing.T) {
	t.Parallel()
	for _, tex := range []string{
		`\href{javascript:alert(1)}{x}`, `\class{toast}{x}`, `\style{color:red}{x}`, `\id{notebook}{x}`, `\data{do=run}{x}`, `\includegraphics{http://x/y.png}`,
		`\text{<script>alert(1)</script>}`, `</math><img src=x onerror=alert(1)>`, `\unicode{60}`, `\htmlClass{x}{y}`, `\url{javascript:1}`, `\color{red}{x}`,
	} {
		doc := drawn(t, views.Cell(textOf("$"+tex+"$ and\n\n$$"+tex+"$$"))).Find(".cell-prose")
		if found := doc.Find("a, img, script, mglyph, maction, annotation-xml, [href], [style], [id], [onerror], [data-do], .toast").Length(); found > 0 {
			t.Errorf("%s brings %d things: %s", tex, found, outer(doc))
		}
	}
}

// TestThePageHasOneTimeForItsFormulasSEC59: texts with slow ones, each of which has a
// second by itself, are drawn in three together.
func TestThePageHasOneTimeForItsFormulasSEC59(t *testing.T) {
	t.Parallel()
	var cells []views.SharedCell
	for i := range 12 {
		slow := ""
		for k := range 6 {
			slow += fmt.Sprintf(`$$%d+%d\def\a{%s}%s$$ `, i, k, strings.Repeat("x", 200), strings.Repeat(`\a`, 290))
		}
		cells = append(cells, views.SharedCell{Kind: "markdown", Text: slow})
	}
	var out bytes.Buffer
	if err := views.Shared(views.Frame{}, views.SharedView{Cells: cells}).Render(views.Bounded(t.Context()), &out); err != nil {
		t.Fatal(err)
	}
	last := parsed(t, out.Bytes()).Find(".shared-prose").Last()
	if skipped := strings.Count(last.Text(), "the formulas before it took too long"); skipped != 6 {
		t.Errorf("%d formulas of the last text were not begun: %.300s", skipped, last.Text())
	}
}
