package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Size writes a number of bytes for people, in decimal units with two or
// three digits: 980 B, 2.0 KB, 84 KB, 1.2 MB, 1 GB.
func Size(bytes int64) string {
	if bytes < 1000 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	value, unit := float64(bytes), ""
	for _, unit = range []string{"KB", "MB", "GB", "TB"} {
		value /= 1000
		if value < 999.5 {
			break
		}
	}
	return digits(value, unit == "GB" && value == float64(int64(value))) + " " + unit
}

// digits writes one decimal below ten, none above; whole drops a ".0".
func digits(value float64, whole bool) string {
	if value < 9.95 && !whole {
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return strconv.FormatFloat(value, 'f', 0, 64)
}

// Memory writes bytes in binary units, as limits of memory are given: 512 MiB.
func Memory(bytes int64) string {
	const mebibyte = 1 << 20
	if bytes > 0 && bytes < mebibyte {
		return "1 MiB"
	}
	return Count(bytes/mebibyte) + " MiB"
}

// Seconds writes how long something took with three digits: 0.31 s, 1.84 s,
// 38.0 s, 120 s.
func Seconds(d time.Duration) string {
	s := d.Seconds()
	switch {
	case s < 9.995:
		return strconv.FormatFloat(s, 'f', 2, 64) + " s"
	case s < 99.95:
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	}
	return strconv.FormatFloat(s, 'f', 0, 64) + " s"
}

// Limit writes a limit of time the short way: 60 s, 5 min, 48 h.
func Limit(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d >= 2*time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// Count writes a whole number with its thousands apart: 1,284.
func Count[N int | int64](n N) string { return humanize.Comma(int64(n)) }

// Plural writes a count with its noun: 1 file, 2 files, 1,284 files.
func Plural[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// Ordinal writes a place in a queue: 1st, 2nd, 3rd, 11th.
func Ordinal(n int) string { return humanize.Ordinal(n) }

// Ago writes how long ago something was, in one short word or two: now,
// 6 min, 3 h, yesterday, 5 d.
func Ago(then, now time.Time) string {
	switch d := now.Sub(then); {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 22*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d < 46*time.Hour:
		return "yesterday"
	default:
		return fmt.Sprintf("%d d", int(d.Hours()/24+0.5))
	}
}

// Since writes how long ago something was with more care than Ago: 2 h 12 min.
func Since(then, now time.Time) string {
	d := now.Sub(then)
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return Plural(int(d.Hours()/24), "day")
}

// FirstLine is the line of some code that names it in a list: the first that
// holds more than a comment or an import, cut to 200 characters.
func FirstLine(code string) string {
	best := ""
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		plain := !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "import ") && !strings.HasPrefix(line, "from ")
		if best == "" || plain {
			best = line
		}
		if plain {
			break
		}
	}
	if r := []rune(best); len(r) > 200 {
		best = string(r[:200]) + "…"
	}
	return best
}

// Left writes a short time that is left: 14m 12s, 38s, 2h 05m.
func Left(d time.Duration) string {
	switch d = d.Truncate(time.Second); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh %02dm", int(d.Hours()), int(d.Minutes())%60)
}
