package views_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

func codeOf(t *testing.T, code string) *goquery.Selection {
	t.Helper()
	return drawn(t, views.RunBody(views.RunView{ID: "abcdefgh", State: "done", Code: code})).Find("pre.code")
}

// TestCodeLines: every line is there with its number, whatever it holds and
// however long all of it is.
func TestCodeLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code  string
		lines int
		label string
	}{
		"one":                {"x = 1", 1, "Code, 1 line"},
		"empty lines inside": {"a\n\n\nb\n\n", 4, "Code, 4 lines"},
		"markup":             {attack, 1, "Code, 1 line"},
		"no Python":          {"\x01 ¿ `` $$\n'''", 2, "Code, 2 lines"},
		"over the limit":     {strings.Repeat("print(1)\n", 10_000), 10_000, "Code, 10,000 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			block := codeOf(t, c.code)
			if got := block.Find(".line").Length(); got != c.lines {
				t.Errorf("%d lines, want %d", got, c.lines)
			}
			if got := strings.TrimSpace(block.Find(".ln").Last().Text()); got != strconv.Itoa(c.lines) {
				t.Errorf("the last line is number %q", got)
			}
			if got := block.Find(".cl").Text(); strings.TrimRight(got, "\n") != strings.TrimRight(c.code, "\n") {
				t.Errorf("shows %.80q", got)
			}
			if got := block.AttrOr("aria-label", ""); got != c.label {
				t.Errorf("called %q, want %q", got, c.label)
			}
			if block.Find("pre").Length() > 0 {
				t.Error("a block in the block")
			}
		})
	}
}

func TestCodeColours(t *testing.T) {
	t.Parallel()
	block := codeOf(t, "import os\ndf = load_file(\"a.csv\", 7)  # note\n")
	for class, want := range map[string]string{".kn": "import", ".nf": "load_file", ".s2": `"a.csv"`, ".mi": "7", ".c1": "# note"} {
		if got := strings.TrimSpace(block.Find(class).Text()); got != want {
			t.Errorf("%s is %q, want %q", class, got, want)
		}
	}
}
