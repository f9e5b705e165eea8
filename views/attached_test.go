package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

// TestAttachedPicturesAreDrawn: those that the text brought along, from an address
// of ours; of others the words stay.
func TestAttachedPicturesAreDrawn(t *testing.T) {
	t.Parallel()
	doc := drawn(t, views.Cell(textOf("![a \"dot\"](attachment:x%20y.png) and ![far](https://example.com/a.png) ![](attachment:../../z\"onload=1)"))).Find(".cell-prose")
	first := doc.Find("img").First()
	if src := first.AttrOr("src", ""); src != "/cells/abc/attachments/x%20y.png" || first.AttrOr("alt", "") != `a "dot"` {
		t.Errorf("%s", outer(doc))
	}
	doc.Find("img").Each(func(_ int, s *goquery.Selection) {
		if len(s.Nodes[0].Attr) != 4 || !strings.HasPrefix(s.AttrOr("src", ""), "/cells/abc/attachments/") || strings.Count(s.AttrOr("src", ""), "/") != 4 {
			t.Errorf("a picture from elsewhere: %s", outer(s))
		}
	})
	if !strings.Contains(words(doc), "far") {
		t.Errorf("the words are gone: %s", words(doc))
	}
}
