package views_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

func textOfEach(_ int, s *goquery.Selection) string { return words(s) }

// TestEmptyCellsAreLeftOutOfWhatIsShared: they would be bare bars.
func TestEmptyCellsAreLeftOutOfWhatIsShared(t *testing.T) {
	t.Parallel()
	cells := []views.SharedCell{{Kind: "code", Text: "\n "}, {Kind: "code", Text: "1 + 1"}, {Kind: "markdown"}}
	doc := drawn(t, views.Shared(views.Frame{}, views.SharedView{Cells: cells}))
	if doc.Find(".shared-cell").Length() != 1 || doc.Find(".shared-prose").Length() != 0 {
		t.Errorf("what is drawn: %s", outer(doc.Find(".shared")))
	}
	doc = drawn(t, views.Shared(views.Frame{}, views.SharedView{Cells: cells[:1]}))
	if doc.Find(".shared-cell").Length() != 0 || words(doc.Find(".shared > .muted")) == "" {
		t.Errorf("of nothing: %s", outer(doc.Find(".shared")))
	}
}

// TestHelpAndTheListOfKeysAreOne: both are drawn from keyColumns.
func TestHelpAndTheListOfKeysAreOne(t *testing.T) {
	t.Parallel()
	list := drawn(t, views.KeysList(true)).Find("dt").Map(textOfEach)
	help := drawn(t, views.Help(views.Frame{}, views.HelpView{})).Find("#keys .help-keys").Last().Find("dt").Map(textOfEach)
	if len(list) < 10 || len(list) != len(help) {
		t.Fatalf("the list has %d, help has %d", len(list), len(help))
	}
	for i := range list {
		if list[i] != help[i] {
			t.Errorf("%q in the list, %q in help", list[i], help[i])
		}
	}
}
