package models

import (
	"fmt"
	"strings"
	"time"
)

// KernelEnd is why a notebook's kernel ended. Where it ended with a run, it is
// that run's ending.
type KernelEnd string

// The ends that come from outside a run.
const (
	EndedIdle      KernelEnd = "idle"      // nothing was run for as long as a kernel is kept
	EndedRestarted KernelEnd = "restarted" // by its owner
	EndedDeleted   KernelEnd = "deleted"   // its notebook was
	EndedForRoom   KernelEnd = "room"      // another notebook of the owner's needed a kernel
	EndedEvicted   KernelEnd = "evicted"   // the machine was short of memory
	EndedStopped   KernelEnd = "stopped"   // its node was stopped
	EndedLost      KernelEnd = "lost"      // its node went away, or our side failed
	EndedKilled    KernelEnd = KernelEnd(Killed)
)

// Kernel is one live interpreter of a notebook, or what is remembered of it. It
// serves one notebook of one owner and nobody after that.
type Kernel struct {
	ID         KernelID `gorm:"primaryKey"`
	NotebookID NotebookID
	UserID     UserID
	Node       string // that holds it
	StartedAt  time.Time
	UsedAt     time.Time  // when its last run ended: idle since, unless a run goes on
	IdleUntil  *time.Time // when it ends if nothing is run; nil while its first run goes on
	Runs       int        // that it has served
	Names      string     // variables that it held after its last run, as people read them
	EndedAt    *time.Time
	Why        KernelEnd // "" while it lives

	Busy   bool      `gorm:"->;-:migration"` // a run of its notebook goes on, where the query asks: its idle clock stands still
	ReadAt time.Time `gorm:"->;-:migration"` // the database clock when the row was read
}

// Alive reports whether it held its variables when the row was read.
func (k Kernel) Alive() bool { return k.EndedAt == nil }

// IdleFor is how long nothing has been run in it, 0 while a run goes on.
func (k Kernel) IdleFor() time.Duration {
	if k.Busy || !k.Alive() {
		return 0
	}
	return max(0, k.ReadAt.Sub(k.UsedAt))
}

// Left is the time until it ends if nothing is run, 0 while its clock stands
// still.
func (k Kernel) Left() time.Duration {
	if k.Busy || !k.Alive() || k.IdleUntil == nil {
		return 0
	}
	return max(0, k.IdleUntil.Sub(k.ReadAt))
}

// Sentence says why it ended; "" while it lives.
func (k Kernel) Sentence() string {
	switch k.Why {
	case EndedIdle:
		return fmt.Sprintf("The interpreter was closed after %s without a run.", spoken(k.EndedAt.Sub(k.UsedAt).Round(time.Second)))
	case EndedRestarted:
		return "You restarted the interpreter."
	case EndedDeleted:
		return "The interpreter was closed when the notebook was deleted."
	case EndedForRoom:
		return "The interpreter was closed to make room for another of your notebooks."
	case EndedEvicted:
		return "The interpreter was closed because the machine was short of memory."
	case EndedStopped:
		return "The interpreter was closed because its machine was stopped."
	case EndedLost:
		return "The machine that held the interpreter went away."
	case "":
		return ""
	}
	return "The interpreter ended with a run: " + withRun[k.Why] + "."
}

// withRun are the ends that a run brought.
var withRun = map[KernelEnd]string{
	EndedKilled: "the code or the system ended it", KernelEnd(OutOfMemory): "it was out of memory",
	KernelEnd(TimedOut): "it did not stop at the time limit", KernelEnd(Interrupted): "it did not stop when it was asked to",
	KernelEnd(OutputCap): "it wrote too much and did not stop",
}

// Lost says what went with it, as a sentence; "" when nothing did.
func (k Kernel) Lost() string {
	if k.Names == "" {
		return ""
	}
	return "Its variables are lost: " + k.Names + ". Run the cells above again."
}

// LeftBehind reports whether a run that is over was in an interpreter whose
// variables are gone: in an earlier one than this, or in this before its owner
// restarted it or it was lost. One that only sleeps leaves nothing behind until
// another takes its place; and the run that ended it says so itself.
func (k *Kernel) LeftBehind(r *Run) bool {
	switch {
	case k == nil || r == nil || r.FinishedAt == nil:
		return false
	case r.FinishedAt.Before(k.StartedAt): // it began before the interpreter that was opened for it
		return true
	}
	return !k.Alive() && !k.Asleep() && r.FinishedAt.Before(*k.EndedAt)
}

// Asleep reports whether it was ended for rest or room, and by nobody's fault.
func (k Kernel) Asleep() bool {
	switch k.Why {
	case EndedIdle, EndedForRoom, EndedEvicted, EndedStopped, EndedDeleted:
		return true
	}
	return false
}

// maxNames bounds what is remembered of a kernel's variables, in characters.
const maxNames = 500

// NamesOf puts the names of variables as people read them, within bounds.
func NamesOf(names []string) string {
	var text strings.Builder
	for i, name := range names {
		if text.Len()+len(name) > maxNames {
			fmt.Fprintf(&text, " and %d more", len(names)-i)
			break
		}
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(name)
	}
	return storable(text.String())
}

// KernelUse is what a run did to its notebook's kernel, for FinishRun.
type KernelUse struct {
	ID    KernelID
	Names string        // that it holds now; what is remembered stays when it has ended
	Idle  time.Duration // how long it is kept
	Ended KernelEnd     // "" when it lives on
}
