package ui

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var now = time.Date(2026, 11, 21, 20, 14, 0, 0, time.UTC)

func clockOf(left time.Duration) Clock { return Clock{Expires: now.Add(left), Now: now} }

// TestClockWords holds each boundary from both sides.
func TestClockWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left              time.Duration
		state, time, word string
	}{
		{168 * time.Hour, ClockExtended, "7d 0h", "left"},
		{92*time.Hour + 30*time.Minute, ClockExtended, "3d 20h", "left"},
		{48*time.Hour + time.Millisecond, ClockExtended, "2d 0h", "left"},
		{48 * time.Hour, ClockCalm, "2d 0h", "left"},
		{48*time.Hour - time.Second, ClockCalm, "1d 23h", "left"},
		{46*time.Hour + 59*time.Minute, ClockCalm, "1d 22h", "left"},
		{24 * time.Hour, ClockCalm, "1d 0h", "left"},
		{24*time.Hour - time.Second, ClockCalm, "23h 59m", "left"},
		{8*time.Hour + 6*time.Minute, ClockCalm, "8h 06m", "left"},
		{6 * time.Hour, ClockCalm, "6h 00m", "left"},
		{6*time.Hour - time.Millisecond, ClockNotice, "5h 59m", "soon"},
		{5*time.Hour + 12*time.Minute + 59*time.Second, ClockNotice, "5h 12m", "soon"},
		{time.Hour, ClockNotice, "1h 00m", "soon"},
		{time.Hour - time.Millisecond, ClockWarning, "59m", "last hour"},
		{37*time.Minute + 30*time.Second, ClockWarning, "37m", "last hour"},
		{time.Minute, ClockWarning, "1m", "last hour"},
		{time.Minute - time.Millisecond, ClockLast, "59s", "last minute"},
		{38 * time.Second, ClockLast, "38s", "last minute"},
		{time.Millisecond, ClockLast, "0s", "last minute"},
		{0, ClockExpired, "expired", ""},
		{-time.Hour, ClockExpired, "expired", ""},
	} {
		got := clockOf(c.left)
		if got.State() != c.state || got.Time() != c.time || got.Word() != c.word {
			t.Errorf("%v left: %s %q %q, want %s %q %q", c.left, got.State(), got.Time(), got.Word(), c.state, c.time, c.word)
		}
	}
}

func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestClockDrawing: the words are text, the ring is drawn by attributes, and
// the script gets the two moments it counts from.
func TestClockDrawing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left         time.Duration
		dash, offset string
		title        string
	}{
		{92 * time.Hour, "48.00 48", "0.00", "Goes Wed 25 Nov 2026, 16:14 UTC"},
		{24 * time.Hour, "24.00 48", "-24.00", "Goes Sun 22 Nov 2026, 20:14 UTC"},
		{90 * time.Minute, "1.50 48", "-46.50", "Goes Sat 21 Nov 2026, 21:44 UTC"},
		{38 * time.Second, "0.60 48", "-47.40", "Goes Sat 21 Nov 2026, 20:14 UTC"},
		{0, "0.60 48", "-47.40", "Went Sat 21 Nov 2026, 20:14 UTC"},
	} {
		for name, component := range map[string]templ.Component{
			"line": ClockLine(clockOf(c.left)), "stacked": ClockStacked(clockOf(c.left)), "chip": ClockChip(clockOf(c.left)), "big": ClockBig(clockOf(c.left)),
		} {
			doc := draw(t, component)
			clock, arc := doc.Find("expiry-clock"), doc.Find(".ring-left")
			if got := strings.Join(strings.Fields(clock.Text()), " "); got != strings.TrimSpace(clockOf(c.left).Time()+" "+clockOf(c.left).Word()) {
				t.Errorf("%s, %v left: says %q", name, c.left, got)
			}
			if arc.AttrOr("stroke-dasharray", "") != c.dash || arc.AttrOr("stroke-dashoffset", "") != c.offset || arc.AttrOr("pathLength", "") != "48" {
				t.Errorf("%s, %v left: ring %v", name, c.left, arc.Nodes[0].Attr)
			}
			if got := clock.AttrOr("title", ""); got != c.title {
				t.Errorf("%s, %v left: title %q, want %q", name, c.left, got, c.title)
			}
			if clock.AttrOr("data-now", "") != "1795292040000" || clock.AttrOr("data-state", "") != clockOf(c.left).State() {
				t.Errorf("%s, %v left: %v", name, c.left, clock.Nodes[0].Attr)
			}
			if doc.Find("[aria-live], [role=timer]").Length() > 0 {
				t.Error("a clock speaks by itself")
			}
		}
	}
}
