package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestFormsWithoutScript: every form says where it goes and has a button that
// sends it; whatever htmx would do, the form or button does without it, too.
func TestFormsWithoutScript(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, form *goquery.Selection) {
			action, _ := form.Attr("action")
			method, _ := form.Attr("method")
			if method == "dialog" {
				return // it closes the dialog around it, and goes nowhere by design
			}
			sends := senders(doc, form)
			if action == "" && sends.Not("[formaction]").Length() > 0 || (method != "get" && method != "post") {
				t.Errorf("goes nowhere: %s", outer(form))
			}
			if sends.Length() == 0 {
				t.Errorf("nothing sends it: %s", outer(form))
			}
			if form.Find("input[type=file]").Length() > 0 && form.AttrOr("enctype", "") != "multipart/form-data" {
				t.Errorf("would send no files: %s", outer(form))
			}
		})
		doc.Find("[hx-post]").Each(func(_ int, s *goquery.Selection) {
			want, _ := s.Attr("hx-post")
			plain := s.AttrOr("action", s.AttrOr("formaction", ""))
			if plain != want {
				t.Errorf("hx-post %q, without script %q", want, plain)
			}
			if s.Is("form") && s.AttrOr("method", "") != "post" {
				t.Errorf("would be sent as GET: %s", outer(s))
			}
		})
		doc.Find("button[formaction]").Each(func(_ int, s *goquery.Selection) {
			form := formOf(doc, s)
			if s.AttrOr("formmethod", form.AttrOr("method", "")) != "post" {
				t.Errorf("would be sent as GET: %s", outer(s))
			}
		})
		if doc.Find("form form").Length() > 0 {
			t.Error("a form in a form")
		}
	})
}

// formOf is the form that a button sends: around it, or the one it names.
func formOf(doc *goquery.Document, button *goquery.Selection) *goquery.Selection {
	if id, named := button.Attr("form"); named {
		return doc.Find("form#" + id)
	}
	return button.Closest("form")
}

// senders are the buttons that send a form.
func senders(doc *goquery.Document, form *goquery.Selection) *goquery.Selection {
	const submits = "button[type=submit], button:not([type])"
	all := form.Find(submits)
	if id, named := form.Attr("id"); named {
		all = all.AddSelection(doc.Find(submits).Filter("[form='" + id + "']"))
	}
	return all
}

func TestFieldsHaveLabels(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("input, select, textarea").Not("[type=hidden]").Each(func(_ int, s *goquery.Selection) {
			words := s.AttrOr("aria-label", "")
			if id, ok := s.Attr("id"); ok {
				words += doc.Find("label[for='" + id + "']").Text()
			}
			words += s.Closest("label").Text()
			if strings.TrimSpace(words) == "" {
				t.Errorf("a field without a label: %s", outer(s))
			}
		})
	})
}

// TestControlsHaveNames: whoever hears the page hears what each thing does.
func TestControlsHaveNames(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("button, a, summary").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()+s.AttrOr("aria-label", "")) == "" {
				t.Errorf("no name: %s", outer(s))
			}
			if goquery.NodeName(s) == "a" && s.AttrOr("href", "") == "" {
				t.Errorf("a link to nowhere: %s", outer(s))
			}
			if goquery.NodeName(s) == "button" && s.AttrOr("type", "submit") == "submit" && formOf(doc, s).Length() == 0 {
				t.Errorf("sends nothing: %s", outer(s))
			}
		})
		doc.Find("img").Each(func(_ int, s *goquery.Selection) {
			if _, ok := s.Attr("alt"); !ok {
				t.Errorf("a picture without alt: %s", outer(s))
			}
		})
		doc.Find("svg").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("aria-hidden", "") != "true" && s.AttrOr("aria-label", "") == "" {
				t.Errorf("a drawing that is neither silent nor described: %s", outer(s))
			}
		})
		doc.Find("table").Each(func(_ int, s *goquery.Selection) {
			named := s.Find("caption").Length() + s.Closest("[aria-label]").Length() + s.Closest("[aria-labelledby]").Length()
			if named == 0 {
				t.Errorf("a table without a name: %s", outer(s))
			}
		})
	})
}
