package models

import (
	"strings"
	"time"
)

// Question is what a running run asks its owner by input(). A run has one at
// most, and its row is gone once the answer is delivered.
type Question struct {
	RunID      RunID `gorm:"primaryKey"`
	Number     int   // within the run, from 1: an answer names the question it is for
	Prompt     string
	Secret     bool // the answer is not shown, as getpass wants it
	AskedAt    time.Time
	Until      time.Time // when it waits no longer
	Answer     *string   // nil once answered: the end of the input
	AnsweredAt *time.Time
}

// Bounds of a question and its answer.
const (
	MaxPrompt = 10_000   // characters that are shown; the rest is cut off
	MaxAnswer = 64 << 10 // bytes
)

// open is a question that can be answered, as a condition in SQL.
const open = "answered_at IS NULL AND until > now()"

// askedAt is the column of a run that says since when it waits for input.
const askedAt = "(SELECT asked_at FROM questions WHERE run_id = runs.id AND " + open + ") AS asked_at"

var errNotOpen = conflict("That question is not open any more: it was answered, its time was over, or the run has ended.")

func checkAnswer(text *string) error {
	switch {
	case text == nil:
		return nil
	case len(*text) > MaxAnswer:
		return Invalid("An answer has 64 KiB at most. Put more into a file and load it with load_file.")
	case strings.ContainsAny(*text, "\r\n"):
		return Invalid("An answer is one line. Give the next line when the run asks again.")
	case !asksFor(*text):
		return Invalid("The answer holds characters that are no valid text.")
	}
	return nil
}
