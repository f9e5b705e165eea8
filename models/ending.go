package models

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Ending is how a run ended: one closed set.
type Ending string

const (
	OK          Ending = "ok"
	Raised      Ending = "raised"
	Interrupted Ending = "interrupted" // the owner pressed stop
	TimedOut    Ending = "timed_out"   // the wall limit
	OutOfMemory Ending = "out_of_memory"
	OutputCap   Ending = "output_cap" // wrote more than one run may
	Killed      Ending = "killed"     // a signal, os._exit, or an admin
	Lost        Ending = "lost"       // our machine failed
	Cancelled   Ending = "cancelled"  // never started
)

// Endings lists the whole set.
func Endings() []Ending {
	return []Ending{OK, Raised, Interrupted, TimedOut, OutOfMemory, OutputCap, Killed, Lost, Cancelled}
}

// ReturnCode is the code of endings whose code is fixed, as shells have them
// (124 is timeout's, 128+n a signal's). For ok and raised the code is the
// program's own, 0 and 1 unless it called sys.exit.
func (e Ending) ReturnCode() int {
	switch e {
	case OK:
		return 0
	case TimedOut:
		return 124
	case OutputCap:
		return 125
	case Interrupted, Cancelled:
		return 130
	case OutOfMemory, Killed:
		return 137
	case Lost:
		return 70
	}
	return 1
}

// Sentence says how the run ended, with the facts, and what is safe or worth
// trying. Both are "" until it is done; the advice may be "".
func (r Run) Sentence() (headline, advice string) {
	took := spoken(r.Wall)
	switch r.Ending {
	case OK:
		return "Done in " + took + ".", ""
	case Raised:
		return r.raised(), "Files written before that line are kept."
	case Interrupted:
		return "You stopped it after " + took + ".", "What it printed and saved until then is kept."
	case TimedOut:
		return "Stopped at the " + spoken(r.WallLimit) + " limit.", "Files it had finished are kept. Try less work at a time."
	case OutOfMemory:
		return fmt.Sprintf("Stopped at %s after %s.", humanize.IBytes(uint64(max(r.MemoryLimit, r.PeakMemory, 0))), took),
			"The code asked for more memory than one run may have. Files it had finished are kept. Try fewer rows at a time or a smaller dtype."
	case OutputCap:
		return "Stopped after writing " + humanize.Bytes(uint64(max(r.OutputBytes, 0))) + " of output.",
			"The beginning is kept. Print less, or write to a file."
	case Killed:
		return "The interpreter died after " + took + r.bySignal() + ".", "Files it had finished are kept."
	case Lost:
		return "The machine that ran it went away.", "Files saved before are safe. It is not run again by itself: code runs at most once."
	case Cancelled:
		return "Taken out of the queue before it ran.", "Nothing was run."
	}
	return "", ""
}

func (r Run) raised() string {
	if r.Exception == "" {
		return fmt.Sprintf("Ended with exit code %d after %s.", r.ReturnCode, spoken(r.Wall))
	}
	name, rest, _ := strings.Cut(r.Exception, ":")
	where := ""
	if r.Line > 0 {
		where = fmt.Sprintf(" on line %d", r.Line)
	}
	if rest = strings.TrimSpace(rest); rest != "" {
		return name + where + ": " + rest
	}
	return name + where + "."
}

func (r Run) bySignal() string {
	if r.Signal == 0 {
		return ""
	}
	return fmt.Sprintf(" (signal %d)", r.Signal)
}

// spoken is a length of time for people: 0.31 s, 21.7 s, 60 s, 5 min.
func spoken(d time.Duration) string {
	s := d.Seconds()
	switch {
	case d >= 2*time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%d s", int(s))
	case s >= 10:
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.2f s", s)
}
