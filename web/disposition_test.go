package web

import (
	"mime"
	"strings"
	"testing"

	"mayfly/models"
)

func TestDispositionTableSEC53(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		media, category string
		want            Disposition
		kind            string
		given           Disposition
	}{
		{"image/png", "image", Inline, "image/png", Inline},
		{"image/jpeg", "image", Inline, "image/jpeg", Inline},
		{"video/mp4", "video", Inline, "video/mp4", Inline},
		{"audio/mpeg", "audio", Inline, "audio/mpeg", Inline},
		{"text/plain", "text", Inline, "text/plain; charset=utf-8", Inline},
		{"text/x-python", "code", Inline, "text/plain; charset=utf-8", Inline},
		{"text/javascript", "code", Inline, "text/plain; charset=utf-8", Inline},
		{"text/html", "html", Inline, "application/octet-stream", Attachment},
		{"text/html", "text", Inline, "application/octet-stream", Attachment},
		{"text/html; charset=utf-8", "code", Inline, "application/octet-stream", Attachment},
		{"application/xhtml+xml", "text", Inline, "application/octet-stream", Attachment},
		{"image/svg+xml", "image", Inline, "image/svg+xml", Attachment},
		{"image/svg+xml", "code", Inline, "image/svg+xml", Attachment},
		{"application/xml", "code", Inline, "application/octet-stream", Attachment},
		{"text/xml", "structured", Inline, "application/octet-stream", Attachment},
		{"application/pdf", "pdf", Inline, "application/pdf", Attachment},
		{"", "file", Inline, "application/octet-stream", Attachment},
		{"no type at all", "file", Inline, "application/octet-stream", Attachment},
		{"application/x-sh", "file", Inline, "application/octet-stream", Attachment},
		{"image/png", "image", Attachment, "image/png", Attachment},
		{"text/csv", "data", Attachment, "text/csv; charset=utf-8", Attachment},
		{"text/html", "html", Attachment, "application/octet-stream", Attachment},
		{"text/javascript", "code", Attachment, "application/octet-stream", Attachment},
		{"application/zip", "archive", "", "application/zip", Attachment},
		{"image/png", "image", "frame", "image/png", Attachment},
	} {
		f := models.File{MediaType: c.media}
		f.Category = asCategory(f.Category, c.category)
		kind, given := serveAs(&f, c.want)
		if kind != c.kind || given != c.given {
			t.Errorf("%q (%s) asked %q: got %q as %q, want %q as %q", c.media, c.category, c.want, kind, given, c.kind, c.given)
		}
	}
}

// What people call text may be an archive inside.
func TestOnlyWhatHoldsTextIsShownAsText(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Disposition{
		"a.docx": Attachment, "a.pptx": Attachment, "a.odt": Attachment, "a.epub": Attachment, "a.doc": Attachment,
		"a.rtf": Inline, "a.sql": Inline, "a.ics": Inline, "a.eml": Inline, "a.py": Inline,
	} {
		kind := models.TypeOf(name)
		f := models.File{Name: name, MediaType: kind.MediaType, Category: kind.Category}
		if _, given := serveAs(&f, Inline); given != want {
			t.Errorf("%s is served %q, want %q", name, given, want)
		}
	}
}

// asCategory converts a name to whatever type the field has.
func asCategory[T ~string](_ T, name string) T { return T(name) }

func TestContentDispositionSEC55(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"a.csv", `attachment; filename="a.csv"`},
		{"out/a.csv", `attachment; filename="a.csv"`},
		{"", `attachment; filename="download"`},
		{"..", `attachment; filename="download"`},
		{"/", `attachment; filename="download"`},
		{"  ", `attachment; filename="download"`},
		{`..\..\evil.exe`, `attachment; filename="evil.exe"`},
		{"größe.csv", `attachment; filename="gr__e.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv`},
		{"🦋.png", `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%A6%8B.png`},
		{`a";b=c.txt`, `attachment; filename="a__b=c.txt"; filename*=UTF-8''a%22%3Bb%3Dc.txt`},
		{"50%41.txt", `attachment; filename="50_41.txt"; filename*=UTF-8''50%2541.txt`},
		{"a\r\nSet-Cookie: x=1.txt", `attachment; filename="aSet-Cookie: x=1.txt"`},
		{"invoice\u202etxt.exe", `attachment; filename="invoicetxt.exe"`},
		{"it's (1).txt", `attachment; filename="it's (1).txt"`},
		{"bad\xffutf8.txt", `attachment; filename="badutf8.txt"`},
	} {
		got := contentDisposition(Attachment, c.name)
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.name, got, c.want)
		}
		if _, _, err := mime.ParseMediaType(got); err != nil {
			t.Errorf("%q: %s does not parse: %v", c.name, got, err)
		}
	}
	if got := contentDisposition(Inline, "a.png"); !strings.HasPrefix(got, "inline; ") {
		t.Errorf("inline: got %s", got)
	}
}
