package gallery_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views/gallery"
)

// TestPeopleReadOfInterpreters: what the code calls a kernel is the interpreter on
// every page, as the glossary has it.
func TestPeopleReadOfInterpreters(t *testing.T) {
	t.Parallel()
	for _, page := range gallery.Pages() {
		var text bytes.Buffer
		if err := page.Page.Render(t.Context(), &text); err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(&text)
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("pre, code, textarea, script").Remove()
		doc.Find("body *").Each(func(_ int, s *goquery.Selection) {
			said := s.Contents().Not("*").Text() + s.AttrOr("title", "") + s.AttrOr("aria-label", "")
			if strings.Contains(strings.ToLower(said), "kernel") {
				t.Errorf("%s says %q", page.Name, said)
			}
		})
	}
}
