package views

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// AnswerMax is how many characters the field for an answer takes.
const AnswerMax = 64 << 10

// QuestionView is what a run asks by input().
type QuestionView struct {
	Number int
	Prompt string
	Secret bool      // what is typed is not shown
	Until  time.Time // when it waits no longer
	New    bool      // the page has not shown it yet: it is read out
}

// escapes are what a terminal would obey and not show.
var escapes = regexp.MustCompile(`\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|.)`)

// words is the prompt as a label: text alone.
func (q QuestionView) words() string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, escapes.ReplaceAllString(q.Prompt, ""))
	if text = strings.TrimSpace(text); text == "" {
		return "The run waits for a line of input."
	}
	return text
}

func (q QuestionView) field() string {
	if q.Secret {
		return "password"
	}
	return "text"
}

// questionID is another for each question of a run, so that what was typed for
// one never stands in the field of the next.
func (v RunView) questionID() string {
	return runQuestionID(v.ID) + "-" + strconv.Itoa(v.Question.Number)
}
