package views_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"mayfly/views"
)

// output draws rows as a run's page does.
func output(t *testing.T, all bool, rows ...views.OutputRow) *goquery.Document {
	t.Helper()
	transcript := views.NewTranscript("abcdefgh", all)
	for i := range rows {
		rows[i].Seq = i + 1
		transcript.Add(rows[i])
	}
	v := views.RunView{ID: "abcdefgh", State: "done", Ending: "ok", Transcript: transcript}
	return drawn(t, views.RunOutputs(v, views.PlaceQuick))
}

func stdout(text string) views.OutputRow { return views.OutputRow{Stream: "stdout", Text: text} }

func lines(from, to int) string {
	var out strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&out, "line %d\n", i)
	}
	return out.String()
}

func TestTranscriptText(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rows []views.OutputRow
		want string
	}{
		"plain":                   {[]views.OutputRow{stdout("a\nb\n")}, "a\nb"},
		"pieces of a line":        {[]views.OutputRow{stdout("he"), stdout("llo"), stdout("\n")}, "hello"},
		"both streams, in order":  {[]views.OutputRow{stdout("a\n"), {Stream: "stderr", Text: "b\n"}, stdout("c")}, "a\nb\nc"},
		"carriage return":         {[]views.OutputRow{stdout("50%|##  |\r"), stdout("100%|####|")}, "100%|####|"},
		"shorter after return":    {[]views.OutputRow{stdout("abcdef\rxy")}, "xycdef"},
		"backspace":               {[]views.OutputRow{stdout("ab\bc")}, "ac"},
		"line erased":             {[]views.OutputRow{stdout("abc\r\x1b[Kx")}, "x"},
		"cursor up":               {[]views.OutputRow{stdout("a\nb\n\x1b[2Ac\n\n")}, "c\nb"},
		"colour cut in two":       {[]views.OutputRow{stdout("\x1b[3"), stdout("1mred\x1b[0m")}, "red"},
		"NUL":                     {[]views.OutputRow{stdout("a\x00b")}, "a␀b"},
		"blocks of a bar":         {[]views.OutputRow{stdout("57%|█████▌    |")}, "57%|█████▌    |"},
		"markup":                  {[]views.OutputRow{stdout("<b>&amp;</b>")}, "<b>&amp;</b>"},
		"other writing":           {[]views.OutputRow{stdout("שלום 🎉 Óðinn")}, "שלום 🎉 Óðinn"},
		"a link, without its aim": {[]views.OutputRow{stdout("\x1b]8;;http://evil/\x07here\x1b]8;;\x07")}, "here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := output(t, false, c.rows...)
			got := strings.TrimRight(doc.Find("pre.out-text").Text(), "\n ")
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if doc.Find("a, img").Length() > 0 {
				t.Error("output made a link or a picture")
			}
		})
	}
}

func TestTranscriptColours(t *testing.T) {
	t.Parallel()
	doc := output(t, false, stdout("\x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m"), views.OutputRow{Stream: "stderr", Text: "\nwarn"})
	for class, want := range map[string]string{".term-fg31": "red", ".term-fg1": "bold", ".term-fg2": "warn"} {
		if got := strings.TrimSpace(doc.Find(class).Text()); got != want {
			t.Errorf("%s holds %q, want %q", class, got, want)
		}
	}
}

// TestTranscriptMiddle: head and tail with the number of lines between, and
// all of them when asked.
func TestTranscriptMiddle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines  int
		hidden string // as the page says it
	}{{1, ""}, {100, ""}, {308, "208"}, {1284, "1,184"}} {
		t.Run(fmt.Sprint(c.lines), func(t *testing.T) {
			t.Parallel()
			doc := output(t, false, stdout(lines(1, c.lines)))
			text := doc.Find("pre.out-text").Text()
			if !strings.Contains(text, "line 1\n") && c.lines > 1 || !strings.Contains(text, fmt.Sprintf("line %d", c.lines)) {
				t.Error("the first or the last line is not there")
			}
			if got := doc.Find(".out-hidden b").Text(); got != c.hidden {
				t.Errorf("%q lines hidden, want %q", got, c.hidden)
			}
			link := doc.Find("a.out-hidden").AttrOr("href", "")
			if c.hidden != "" && link != "/runs/abcdefgh?lines=all" {
				t.Errorf("the hidden lines are at %q", link)
			}
			if c.hidden == "" && strings.Count(text, "line ") != c.lines {
				t.Errorf("%d lines shown", strings.Count(text, "line "))
			}
		})
	}
	all := output(t, true, stdout(lines(1, 1284)))
	if all.Find(".out-hidden").Length() > 0 || strings.Count(all.Text(), "line ") != 1284 {
		t.Error("all lines were asked for, and some are hidden")
	}
}

func TestTranscriptCountsLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "a": 1, "a\n": 1, "a\nb": 2, lines(1, 308): 308} {
		transcript := views.NewTranscript("abcdefgh", false)
		if text != "" {
			transcript.Add(views.OutputRow{Seq: 1, Stream: "stdout", Text: text})
		}
		if got := transcript.Lines(); got != want {
			t.Errorf("%.20q has %d lines, want %d", text, got, want)
		}
	}
}

// TestTranscriptGrows: a stream adds rows as they come, and may add one twice.
func TestTranscriptGrows(t *testing.T) {
	t.Parallel()
	transcript := views.NewTranscript("abcdefgh", false)
	rows := []views.OutputRow{{Seq: 1, Stream: "stdout", Text: "a\n"}, {Seq: 2, Stream: "stdout", Text: "b\n"}}
	transcript.Add(rows[0])
	transcript.Add(rows...)
	transcript.Add(rows...)
	doc := drawn(t, views.RunOutputs(views.RunView{ID: "abcdefgh", State: "running", Transcript: transcript}, views.PlacePage))
	if got := strings.TrimSpace(doc.Find("pre").Text()); got != "a\nb" || transcript.Seq() != 2 {
		t.Errorf("%q up to row %d", got, transcript.Seq())
	}
}

// TestTranscriptIsBounded: however much is printed, the page stays small.
func TestTranscriptIsBounded(t *testing.T) {
	t.Parallel()
	many := make([]views.OutputRow, 0, 600)
	for i := range 300 {
		many = append(many, stdout(lines(i*100, i*100+99)), views.OutputRow{Stream: "display", Bundle: map[string]string{"text/plain": "x"}})
	}
	for name, rows := range map[string][]views.OutputRow{
		"lines":  {stdout(lines(1, 100_000))},
		"pieces": many,
		"a line": {stdout(strings.Repeat("x", 1<<20))},
		"a text": {{Stream: "display", Bundle: map[string]string{"text/plain": strings.Repeat("é", 1<<20)}}},
		"tables": {{Stream: "display", Bundle: map[string]string{"text/html": "<table>" + strings.Repeat("<tr><td>1</td></tr>", 1<<16), "text/plain": "cut"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if n := len(outerAll(output(t, false, rows...))); n > 600_000 {
				t.Errorf("the page has %d bytes", n)
			}
		})
	}
	doc := output(t, false, many...)
	if got := doc.Find(".out-note").Text(); got != "540 pieces in the middle not shown. The full log has the text." {
		t.Errorf("told %q", got)
	}
}

func outerAll(doc *goquery.Document) string {
	out, _ := doc.Html()
	return out
}

func TestFailure(t *testing.T) {
	t.Parallel()
	doc := output(t, false, stdout("before\n"), views.OutputRow{Stream: "failure", Text: "Traceback:\n  line 2\n\x1b[31mKeyError\x1b[0m: 'brust'\n"})
	if got := strings.TrimSpace(doc.Find(".failure-head").Text()); got != "KeyError: 'brust'" {
		t.Errorf("headline %q", got)
	}
	if got := doc.Find(".failure pre").Text(); !strings.Contains(got, "line 2") {
		t.Errorf("traceback %q", got)
	}
}

// TestWordsWithoutOutput: what stands there when there is nothing to show.
func TestWordsWithoutOutput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    views.RunView
		want string
	}{
		{views.RunView{State: "running"}, "Nothing printed yet."},
		{views.RunView{State: "done"}, "It printed nothing."},
		{views.RunView{State: "done", OutputsExpired: true}, "The output is gone: it is kept as long as the files are. The code and the facts stay."},
	} {
		if got := drawn(t, views.RunOutputs(c.v, views.PlacePage)).Find(".out-none").Text(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestTranscriptTablesHaveABound: a page never takes longer to draw than a
// megabyte of tables does, whatever the run showed.
func TestTranscriptTablesHaveABound(t *testing.T) {
	t.Parallel()
	table := "<table>" + strings.Repeat("<tr><td>1", 25_000) + "</table>"
	rows := make([]views.OutputRow, 20)
	for i := range rows {
		rows[i] = views.OutputRow{Stream: "display", Bundle: map[string]string{"text/html": table, "text/plain": "in words"}}
	}
	doc := output(t, false, rows...)
	if n := doc.Find(".out-table").Length(); n != 4 {
		t.Errorf("%d tables of %d bytes are drawn", n, len(table))
	}
	if n := strings.Count(doc.Text(), "in words"); n != 16 {
		t.Errorf("%d tables are shown as text", n)
	}
}

// TestTranscriptWideTable: what a table costs grows with its cells, not with
// cells times columns, which took minutes.
func TestTranscriptWideTable(t *testing.T) {
	t.Parallel()
	start := time.Now()
	table := "<table><tbody>" + strings.Repeat("<tr>"+strings.Repeat("<td>1", 500), 80) + "<tr><td>..."
	doc := output(t, false, views.OutputRow{Stream: "display", Bundle: map[string]string{"text/html": table}})
	if n := doc.Find(".out-table td.num").Length(); n != 40_001 {
		t.Errorf("%d cells stand right", n)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("drawn in %v", took)
	}
}

// TestUpdatesAndClears: an update is shown in its display's place, and a clear
// leaves only what Mayfly itself said.
func TestUpdatesAndClears(t *testing.T) {
	t.Parallel()
	plain := func(text string) map[string]string { return map[string]string{"text/plain": text} }
	rows := []views.OutputRow{
		{Stream: "note", Text: "a note"},
		{Stream: "display", Bundle: plain("first")},
		{Stream: "stdout", Text: "between\n"},
		{Stream: "display", Bundle: plain("second"), Replaces: 2},
		{Stream: "display", Bundle: plain("of nothing"), Replaces: 3},
	}
	if got := strings.Join(strings.Fields(output(t, false, rows...).Find(".log").Text()), " "); got != "a notesecondbetween" {
		t.Errorf("updated: %q", got)
	}
	rows = append(rows, views.OutputRow{Stream: "clear"}, views.OutputRow{Stream: "display", Bundle: plain("late"), Replaces: 2}, views.OutputRow{Stream: "stdout", Text: "after\n"})
	if got := strings.Join(strings.Fields(output(t, false, rows...).Find(".log").Text()), " "); got != "a noteafter" {
		t.Errorf("cleared: %q", got)
	}
}
