package views_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"mayfly/views/gallery"
)

// rendered gives the bytes of a component.
func rendered(t *testing.T, c templ.Component) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parsed reads HTML as a browser without script does, so that what stands in
// <noscript> is seen too.
func parsed(t *testing.T, page []byte) *goquery.Document {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(page), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return goquery.NewDocumentFromNode(root)
}

func drawn(t *testing.T, c templ.Component) *goquery.Document { return parsed(t, rendered(t, c)) }

// everyPage runs a check on each page in each state, and on the gallery.
func everyPage(t *testing.T, check func(*testing.T, *goquery.Document)) {
	t.Helper()
	t.Parallel()
	pages := append(gallery.Pages(), gallery.Named{Name: "gallery", Page: gallery.Page()})
	for _, p := range pages {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			check(t, drawn(t, p.Page))
		})
	}
}

// TestPageNesting: a browser that reads the page finds the elements that were
// written, none moved, closed early or dropped.
func TestPageNesting(t *testing.T) {
	t.Parallel()
	for _, p := range append(gallery.Pages(), gallery.Named{Name: "gallery", Page: gallery.Page()}) {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			page := noscript.ReplaceAll(rendered(t, p.Page), nil) // the tokenizer takes it for text
			written, depth := map[string]int{}, 0
			for z := html.NewTokenizer(bytes.NewReader(page)); ; {
				kind := z.Next()
				if kind == html.ErrorToken {
					break
				}
				name, _ := z.TagName()
				switch {
				case kind == html.StartTagToken && !void(string(name)):
					written[string(name)]++
					depth++
				case kind == html.SelfClosingTagToken && !void(string(name)):
					written[string(name)]++
				case kind == html.EndTagToken:
					depth--
				}
			}
			if depth != 0 {
				t.Errorf("%d elements are not closed", depth)
			}
			doc := parsed(t, page)
			for name, n := range written {
				if found := doc.Find(name).Length(); found != n {
					t.Errorf("<%s> was written %d times, a browser finds %d", name, n, found)
				}
			}
		})
	}
}

var noscript = regexp.MustCompile(`(?s)<noscript>.*?</noscript>`)

func void(name string) bool {
	switch name {
	case "meta", "link", "input", "img", "br", "hr":
		return true
	}
	return false
}

func TestPageLandmarks(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		for selector, want := range map[string]int{"h1": 1, "main": 1, "html[lang=en]": 1, "title": 1, "#toasts": 1, "#announcer": 1, "a.skip[href='#main']": 1} {
			if got := doc.Find(selector).Length(); got != want {
				t.Errorf("%s: %d, want %d", selector, got, want)
			}
		}
		if doc.Find("main h1").Length() != 1 {
			t.Error("the h1 is not in main")
		}
		if title := doc.Find("title").Text(); !strings.HasSuffix(title, " · Mayfly") || strings.HasPrefix(title, " ") {
			t.Errorf("title %q", title)
		}
		labels := map[string]bool{}
		doc.Find("nav, form[role=search]").Each(func(_ int, s *goquery.Selection) {
			label, _ := s.Attr("aria-label")
			if label == "" || labels[label] {
				t.Errorf("a landmark is called %q, which is empty or taken", label)
			}
			labels[label] = true
		})
		live := doc.Find("[aria-live], [role=status], [role=alert], [role=log]").Not("#toasts, #announcer, #save-state, .log")
		if live.Length() > 0 {
			t.Errorf("an unplanned live region: %s", outer(live))
		}
	})
}

func TestPageHeadings(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		level := 0
		doc.Find("h1, h2, h3, h4").Each(func(_ int, h *goquery.Selection) {
			next := int(goquery.NodeName(h)[1] - '0')
			if next > level+1 {
				t.Errorf("%q jumps from level %d to %d", h.Text(), level, next)
			}
			if strings.TrimSpace(h.Text()) == "" {
				t.Error("a heading without words")
			}
			level = next
		})
	})
}

// TestPagePolicy: nothing that script-src and style-src 'self' forbid.
func TestPagePolicy(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case a.Key == "style", strings.HasPrefix(a.Key, "on"), strings.HasPrefix(a.Key, "hx-on"):
					t.Errorf("inline %s: %s", a.Key, outer(s))
				case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "js:"), strings.HasPrefix(value, "data:"):
					t.Errorf("%s=%q", a.Key, a.Val)
				case a.Key == "src", a.Key == "href", a.Key == "action", a.Key == "formaction":
					if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Val, "//") {
						t.Errorf("%s=%q leads elsewhere", a.Key, a.Val)
					}
				}
			}
		})
		doc.Find("script").Each(func(_ int, s *goquery.Selection) {
			if src, _ := s.Attr("src"); !strings.HasPrefix(src, "/static/") || s.Text() != "" {
				t.Errorf("inline script: %s", outer(s))
			}
		})
		if n := doc.Find("style, base, iframe, object, embed").Length(); n > 0 {
			t.Errorf("%d elements that the policy forbids", n)
		}
	})
}

func TestPageIDs(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id, _ := s.Attr("id")
			if seen[id] || id == "" || strings.ContainsAny(id, " <>\"") {
				t.Errorf("id %q is taken or no id", id)
			}
			seen[id] = true
		})
		for _, ref := range []string{"for", "form", "aria-labelledby", "aria-describedby"} {
			doc.Find("[" + ref + "]:not(mo)").Each(func(_ int, s *goquery.Selection) {
				if id, _ := s.Attr(ref); !seen[id] {
					t.Errorf("%s=%q points at nothing", ref, id)
				}
			})
		}
		doc.Find("a[href^='#']").Each(func(_ int, s *goquery.Selection) {
			if href, _ := s.Attr("href"); !seen[href[1:]] {
				t.Errorf("%s leads nowhere on this page", href)
			}
		})
	})
}

func outer(s *goquery.Selection) string {
	out, _ := goquery.OuterHtml(s.First())
	return out[:min(len(out), 300)]
}
