package static_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"mayfly/views/ui"
)

// run evaluates a module of js/ in Node, which builds dist as well: make setup
// installs it. The expression may use what the module exports.
func run[T any](t *testing.T, module, expression string, input any) (result T) {
	t.Helper()
	given, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	code := `import * as m from "./js/` + module + `"
const input = ` + string(given) + `
console.log(JSON.stringify(` + expression + `))`
	var faults bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", "--input-type=module", "--eval", code)
	node.Stderr = &faults
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node (make setup-test installs it): %v\n%s", err, faults.String())
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

type face struct{ State, Time, Word, Dash, Offset string }

// drawn reads a clock's face out of what the server draws.
func drawn(t *testing.T, left time.Duration) face {
	t.Helper()
	now := time.Unix(1_795_291_920, 0)
	var html strings.Builder
	if err := ui.ClockLine(ui.Clock{Now: now, Expires: now.Add(left)}).Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	part := func(pattern string) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(html.String())
		if found == nil {
			t.Fatalf("no %s in %s", pattern, html.String())
		}
		return found[1]
	}
	return face{
		State: part(`data-state="([^"]*)"`), Time: part(`class="clock-time">([^<]*)<`), Word: part(`class="clock-word">([^<]*)<`),
		Dash: part(`class="ring-left"[^>]*stroke-dasharray="([^"]*)"`), Offset: part(`class="ring-left"[^>]*stroke-dashoffset="([^"]*)"`),
	}
}

// A clock that script keeps moving says what the server would say at that very
// millisecond, above all around the turns of its states.
func TestClockWordsAgree(t *testing.T) {
	t.Parallel()
	turns := []time.Duration{
		0, time.Second, time.Minute, 59 * time.Minute, time.Hour, 6 * time.Hour, 23 * time.Hour, 24 * time.Hour, 47 * time.Hour,
		48 * time.Hour, 49 * time.Hour, 96 * time.Hour, 168 * time.Hour, 36 * time.Minute, 8*time.Hour + 6*time.Minute, -time.Hour,
	}
	var lefts []time.Duration
	var millis []int64
	for _, turn := range turns {
		for _, off := range []time.Duration{-time.Second, -time.Millisecond, 0, time.Millisecond, 999 * time.Millisecond, time.Minute} {
			lefts = append(lefts, turn+off)
			millis = append(millis, (turn + off).Milliseconds())
		}
	}
	faces := run[[]face](t, "clock.js", "input.map(m.face)", millis)
	for i, left := range lefts {
		if want := drawn(t, left); faces[i] != want {
			t.Errorf("%v left: script says %+v, the server %+v", left, faces[i], want)
		}
	}
}

func TestSizesAgree(t *testing.T) {
	t.Parallel()
	bytes := []int64{0, 1, 999, 1000, 1049, 1050, 9949, 9950, 84_000, 999_499, 999_500, 1_200_000, 50_000_000, 999_999_999, 1_000_000_000, 1_500_000_000, 2_000_000_000_000}
	for i, got := range run[[]string](t, "words.js", "input.map(m.size)", bytes) {
		if want := ui.Size(bytes[i]); got != want {
			t.Errorf("%d bytes: script says %q, the server %q", bytes[i], got, want)
		}
	}
}

func TestNamesAreCutAlike(t *testing.T) {
	t.Parallel()
	names := []string{
		"", ".env", "a", "a.csv", "sales_by_item.png", "harbour_lights_season_07_full_combat_log_damage.csv", "תוצאות הליגה.csv",
		"🎉 giveaway winners.xlsx", "Makefile-without-any-extension-and-a-very-long-name", "archive.tar.gz", "x.averyverylongextension",
		"نتائج.parquet", "out/plots/week 47/raid.png", "..", "a.", "é.txt",
	}
	for i, got := range run[[][2]string](t, "words.js", "input.map(m.splitName)", names) {
		head, tail := ui.SplitName(names[i])
		if got != [2]string{head, tail} {
			t.Errorf("%q: script cuts %q, the server %q", names[i], got, []string{head, tail})
		}
	}
}
