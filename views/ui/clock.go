package ui

import (
	"fmt"
	"strconv"
	"time"
)

// Clock is what is left of something that expires, as the database saw it.
type Clock struct {
	Expires time.Time // when it is gone
	Now     time.Time // the database clock when the row was read
}

// The states of a clock. Each has its own ring, sign and word, so that colour
// says nothing alone.
const (
	ClockExtended = "extended" // more than 48 h left
	ClockCalm     = "calm"     // 6 h or more
	ClockNotice   = "notice"   // less than 6 h: "soon"
	ClockWarning  = "warning"  // less than 1 h: "last hour"
	ClockLast     = "last"     // less than 1 min: "last minute"
	ClockExpired  = "expired"
)

// ringUnits is the length of the whole ring: one unit is one hour.
const ringUnits = 48

// leastUnits keeps the last arc visible.
const leastUnits = 0.6

// Left is the time left, never below zero.
func (c Clock) Left() time.Duration { return max(0, c.Expires.Sub(c.Now)) }

// State is one of the Clock… constants. static/js/clock.js holds the
// same table: change both.
func (c Clock) State() string {
	switch left := c.Left(); {
	case left <= 0:
		return ClockExpired
	case left < time.Minute:
		return ClockLast
	case left < time.Hour:
		return ClockWarning
	case left < 6*time.Hour:
		return ClockNotice
	case left <= 48*time.Hour:
		return ClockCalm
	}
	return ClockExtended
}

// Time is what is left in one or two units: 1d 22h, 8h 06m, 37m, 38s; or
// "expired".
func (c Clock) Time() string {
	left := c.Left()
	hours, minutes := int(left.Hours()), int(left.Minutes())
	switch {
	case left <= 0:
		return "expired"
	case left < time.Minute:
		return fmt.Sprintf("%ds", int(left.Seconds()))
	case left < time.Hour:
		return fmt.Sprintf("%dm", minutes)
	case hours < 24:
		return fmt.Sprintf("%dh %02dm", hours, minutes%60)
	}
	return fmt.Sprintf("%dd %dh", hours/24, hours%24)
}

// Word follows the time: left, soon, last hour, last minute; none once expired.
func (c Clock) Word() string {
	switch c.State() {
	case ClockNotice:
		return "soon"
	case ClockWarning:
		return "last hour"
	case ClockLast:
		return "last minute"
	case ClockExpired:
		return ""
	}
	return "left"
}

// Title is the whole truth for a tooltip, in UTC until a script makes it local.
func (c Clock) Title() string {
	verb := "Goes "
	if c.Left() <= 0 {
		verb = "Went "
	}
	return verb + FullTime(c.Expires)
}

// units is how much of the ring is still there.
func (c Clock) units() float64 {
	return min(ringUnits, max(leastUnits, c.Left().Hours()))
}

func (c Clock) dash() string {
	return strconv.FormatFloat(c.units(), 'f', 2, 64) + " 48"
}

func (c Clock) offset() string {
	return strconv.FormatFloat(c.units()-ringUnits, 'f', 2, 64)
}

// ringSize is the drawing of one size: radius and stroke on a 22 unit square.
type ringSize struct{ radius, stroke string }

func ringOf(pixels int) ringSize {
	switch {
	case pixels >= 48:
		return ringSize{"9", "1.6"}
	case pixels >= 20:
		return ringSize{"8.5", "2.2"}
	}
	return ringSize{"8.5", "2.4"}
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// innerRadius is the second ring's, which says "extended".
func innerRadius(pixels int) string {
	if pixels >= 48 {
		return "6.2"
	}
	return "4.1"
}
