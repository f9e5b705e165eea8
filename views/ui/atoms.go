package ui

import (
	"slices"
	"strconv"
	"time"
)

// Tone is what a badge's colour says.
type Tone string

const (
	Good  Tone = "good"  // ended well
	Bad   Tone = "bad"   // ended badly
	Busy  Tone = "busy"  // going on, or mind this
	Quiet Tone = "quiet" // nothing to do about it
)

// Gauge is one meter: words for people, numbers for the bar.
type Gauge struct {
	Label, Used, Limit string
	Value, Max         int64
}

// Full says that nothing more fits.
func (g Gauge) Full() bool { return g.Max > 0 && g.Value >= g.Max }

// Common are the icons that every page draws once, because lists of files show
// each of them many times.
func Common() []string { return []string{"copy", "download", "ellipsis", "file", "trash-2"} }

// beside are the names that are not among those drawn already.
func beside(drawn, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(drawn, name) })
}

type sketch struct {
	inside string
	filled bool
}

// drawing finds an icon; an unknown name gives the plain file's.
func drawing(name string) sketch {
	inside, filled := glyph(name)
	if inside == "" {
		inside, filled = glyph("file")
	}
	return sketch{inside, filled}
}

func headOf(name string) string { head, _ := SplitName(name); return head }

func tailOf(name string) string { _, tail := SplitName(name); return tail }

// FullTime writes a moment in UTC as no reader can mistake it.
func FullTime(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04") + " UTC" }

// Tenths writes a running time with one decimal: 12.4 s.
func Tenths(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}

func timeIn(t time.Time, shape string) string {
	switch shape {
	case "time":
		return t.UTC().Format("Mon 2 Jan, 15:04:05") + " UTC"
	case "until":
		return t.UTC().Format("Mon 2 Jan, 15:04") + " UTC"
	case "short":
		return t.UTC().Format("Mon 15:04") + " UTC"
	case "day":
		return t.UTC().Format("Mon 2 Jan 2006")
	}
	return FullTime(t)
}
