package views_test

import (
	"strings"
	"testing"

	"mayfly/views"
)

// TestASharedPageDrawsABoundedPart (SEC-59): what is beyond that stands as it was
// written, whole.
func TestASharedPageDrawsABoundedPartSEC59(t *testing.T) {
	t.Parallel()
	code, prose := strings.Repeat("def f(): return 1\n", 3000), strings.Repeat("*Some* words.\n\n", 3000)
	doc := drawn(t, views.Shared(views.Frame{}, views.SharedView{Cells: []views.SharedCell{
		{Kind: "code", Text: code}, {Kind: "markdown", Text: prose}, {Kind: "code", Text: code}, {Kind: "markdown", Text: prose},
	}}))
	blocks, words := doc.Find(".code"), doc.Find(".shared-prose")
	if coloured := blocks.Eq(0).Find(".k").Length(); coloured == 0 || words.Eq(0).Find("em").Length() != 3000 {
		t.Errorf("the first are not drawn: %d words coloured", coloured)
	}
	if blocks.Eq(1).Find(".k").Length()+words.Eq(1).Find("em").Length() != 0 {
		t.Error("the last are drawn")
	}
	if blocks.Eq(1).Find(".line").Length() != 3000 || words.Eq(1).Text() != prose {
		t.Errorf("they are not whole: %d lines, %d letters", blocks.Eq(1).Find(".line").Length(), len(words.Eq(1).Text()))
	}
}
