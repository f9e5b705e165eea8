package models_test

import (
	"testing"
	"time"

	"mayfly/models"
)

// TestEveryEndingHasItsSentence with the facts, and the return code that shells
// know.
func TestEveryEndingHasItsSentence(t *testing.T) {
	t.Parallel()
	facts := models.Run{
		Wall: 3210 * time.Millisecond, WallLimit: time.Minute, MemoryLimit: 512 << 20, PeakMemory: 300 << 20, OutputBytes: 64_000_000,
	}
	codes := map[models.Ending]int{
		models.OK: 0, models.Raised: 1, models.TimedOut: 124, models.OutputCap: 125, models.Interrupted: 130,
		models.Cancelled: 130, models.OutOfMemory: 137, models.Killed: 137, models.Lost: 70,
	}
	for _, c := range []struct {
		ending models.Ending
		with   func(*models.Run)
		want   string
	}{
		{models.OK, nil, "Done in 3.21 s."},
		{models.Raised, func(r *models.Run) { r.Exception, r.Line = "ValueError: bad x: y", 7 }, "ValueError on line 7: bad x: y"},
		{models.Raised, func(r *models.Run) { r.Exception = "KeyError" }, "KeyError."},
		{models.Raised, func(r *models.Run) { r.ReturnCode = 3 }, "Ended with exit code 3 after 3.21 s."},
		{models.Interrupted, nil, "You stopped it after 3.21 s."},
		{models.TimedOut, nil, "Stopped at the 60 s limit."},
		{models.TimedOut, func(r *models.Run) { r.WallLimit = 5 * time.Minute }, "Stopped at the 5 min limit."},
		{models.OutOfMemory, nil, "Stopped at 512 MiB after 3.21 s."},
		{models.OutOfMemory, func(r *models.Run) { r.PeakMemory = 600 << 20 }, "Stopped at 600 MiB after 3.21 s."},
		{models.OutputCap, nil, "Stopped after writing 64 MB of output."},
		{models.Killed, nil, "The interpreter died after 3.21 s."},
		{models.Killed, func(r *models.Run) { r.Signal = 11 }, "The interpreter died after 3.21 s (signal 11)."},
		{models.Lost, nil, "The machine that ran it went away."},
		{models.Cancelled, nil, "Taken out of the queue before it ran."},
	} {
		run := facts
		run.Ending = c.ending
		if c.with != nil {
			c.with(&run)
		}
		if got, advice := run.Sentence(); got != c.want || advice == "" && c.ending != models.OK {
			t.Errorf("%s: %q %q, want %q", c.ending, got, advice, c.want)
		}
		if got := c.ending.ReturnCode(); got != codes[c.ending] {
			t.Errorf("%s has return code %d, want %d", c.ending, got, codes[c.ending])
		}
	}
	for _, e := range models.Endings() {
		if _, known := codes[e]; !known {
			t.Errorf("nothing is checked of %s", e)
		}
	}
	if headline, advice := (models.Run{}).Sentence(); headline != "" || advice != "" {
		t.Errorf("a run that is not done says %q %q", headline, advice)
	}
}
