package ui

import "testing"

func TestSplitName(t *testing.T) {
	t.Parallel()
	for name, tail := range map[string]string{
		"a.csv":              ".csv",
		"sales.csv":          ".csv",
		"exactly_14.csv":     ".csv",
		"fifteen_long.csv":   "ng.csv",
		"week47_report.html": "rt.html",
		"model.tar.gz":       ".gz",
		"Makefile":           "",
		".env":               "",
		"harbour_lights_season_07_full_combat_log_damage.csv": "_damage.csv",
		"🎉 giveaway winners.xlsx":                             "rs.xlsx",
		"תוצאות הליגה.csv":                                    ".csv",
		"תוצאות הליגה של השנה כולה ועוד קצת יותר.csv":         ".csv",
		"out/plots/a.png":            "/a.png",
		"a.":                         ".",
		"notes.this-is-no-extension": "",
		"":                           "",
	} {
		head, got := SplitName(name)
		if head+got != name {
			t.Errorf("%q became %q and %q", name, head, got)
		}
		if got != tail {
			t.Errorf("%q keeps %q, want %q", name, got, tail)
		}
	}
}

// TestNameDrawing: each part is isolated, so that a name cannot turn around
// what stands beside it; the whole name is in the title.
func TestNameDrawing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sales.csv", "תוצאות הליגה.csv", "<b>.csv", "Makefile"} {
		doc := draw(t, Name(name))
		if got := doc.Find(".name").AttrOr("title", ""); got != name {
			t.Errorf("title %q, want %q", got, name)
		}
		if got := doc.Find("bdi.name-head").Text() + doc.Find("bdi.name-tail").Text(); got != name {
			t.Errorf("shows %q, want %q", got, name)
		}
		if _, ok := doc.Find(".name").Attr("hx-ignore"); !ok {
			t.Error("not under hx-ignore")
		}
	}
}
