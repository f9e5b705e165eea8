package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"mayfly/models"
)

// Problem is a failure as a person reads it: what happened, what is safe, what
// to do. It holds no stack, SQL, path or version (SEC-18).
type Problem struct {
	Status    int
	Code      string // for programs: the same for the same kind of failure, for ever
	Title     string // what happened, in a few words
	Message   string // the particulars, or ""
	Safe      string // what is not lost, or ""
	Next      string // what to do
	RequestID string

	User        *models.User // who is signed in, or nil
	SignIn      string       // address to sign in at, when that would help; else ""
	LocalSignIn bool         // SignIn is a form to post, not a link to follow
	ReturnTo    string       // where the person was going, for the form
}

// refusal is an error that knows its own answer. The chain and the login use
// it where no models.Code fits HTTP.
type refusal struct {
	problem    Problem
	retryAfter time.Duration
}

func (e *refusal) Error() string { return fmt.Sprintf("%d %s", e.problem.Status, e.problem.Title) }

func refuse(status int, title, message, next string) *refusal {
	return &refusal{problem: Problem{Status: status, Title: title, Message: message, Next: next}}
}

var (
	errMisdirected = refuse(http.StatusMisdirectedRequest, "Wrong address",
		"Mayfly does not answer under this host name.", "Use the address that you were given for it.")
	errCrossSite = refuse(http.StatusForbidden, "This came from another site",
		"The request did not come from one of Mayfly's own pages.",
		"Open Mayfly and try there. A script sends the header Origin with Mayfly's address.")
	errNoPage = refuse(http.StatusNotFound, "There is nothing here", "",
		"Check the address, or go back to the start.")
	errTooSlow = refuse(http.StatusRequestTimeout, "Too slow",
		"What you sent arrived too slowly.", "Check the connection and send it again.")
	errTooManyFields = refuse(http.StatusBadRequest, "Too many fields",
		fmt.Sprintf("A form may hold %d fields.", maxFields), "Send fewer at once.")
	errNotText = refuse(http.StatusBadRequest, "That is not text",
		"The form holds characters that are no valid text.", "Remove them and try again. Text must be UTF-8 without NUL.")
	// ErrNotJSON answers a body that is not said to be JSON.
	ErrNotJSON error = refuse(http.StatusUnsupportedMediaType, "That is no JSON",
		"The body must be JSON in UTF-8.", "Send the header Content-Type: application/json.")
	errStreamsFull = &refusal{retryAfter: 5 * time.Second, problem: Problem{Status: http.StatusServiceUnavailable,
		Title: "Too many pages are open here", Next: "Try again in a moment. Your run goes on."}}
	errTooManyStreams = &refusal{retryAfter: 5 * time.Second, problem: Problem{Status: http.StatusTooManyRequests,
		Title: "Too much at once", Message: "You follow too many runs live at once, in pages or in programs.",
		Next: "Close one of them. Your runs go on."}}
)

func badForm(cause error) error {
	return fmt.Errorf("%w: %w", refuse(http.StatusBadRequest, "That form cannot be read", "",
		"Send it again."), cause)
}

// codeOf is the code of an answer that no models.Code stands behind.
func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return string(models.InvalidInput)
	case http.StatusUnauthorized:
		return string(models.Unauthenticated)
	case http.StatusForbidden:
		return string(models.Forbidden)
	case http.StatusNotFound:
		return string(models.NotFoundCode)
	case http.StatusMethodNotAllowed:
		return "method_not_allowed"
	case http.StatusRequestTimeout:
		return "too_slow"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	case http.StatusRequestedRangeNotSatisfiable:
		return "bad_range"
	case http.StatusPreconditionFailed:
		return "precondition_failed"
	case http.StatusMisdirectedRequest:
		return "wrong_host"
	case http.StatusTooManyRequests:
		return "too_often"
	case http.StatusServiceUnavailable:
		return string(models.Unavailable)
	}
	return string(models.Internal)
}

func tooOften(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return &refusal{retryAfter: wait, problem: Problem{Status: http.StatusTooManyRequests, Title: "Too often",
		Message: "This was done too often in a short time.",
		Next:    fmt.Sprintf("Wait %d s and try again.", seconds)}}
}

// byCode is the one table from error code to answer.
func byCode(code models.Code) Problem {
	switch code {
	case models.InvalidInput:
		return Problem{Status: http.StatusBadRequest, Title: "That cannot be used", Safe: "Nothing was changed.", Next: "Correct it and try again."}
	case models.Unauthenticated:
		return Problem{Status: http.StatusUnauthorized, Title: "Sign in first", Safe: "Your runs and files are kept.", Next: "Sign in to go on."}
	case models.Forbidden:
		return Problem{Status: http.StatusForbidden, Title: "That is not allowed", Next: "Ask the person who runs this Mayfly."}
	case models.MissingScope:
		return Problem{Status: http.StatusForbidden, Title: "The token may not do that", Next: "Use a token with that scope."}
	case models.NotLinked:
		return Problem{Status: http.StatusForbidden, Title: "The app is not linked", Next: "Ask the person to open that page and say yes."}
	case models.AppBlocked:
		return Problem{Status: http.StatusForbidden, Title: "The app is blocked", Next: "Only the person can take that back, in their settings."}
	case models.KeyReused:
		return Problem{Status: http.StatusUnprocessableEntity, Title: "That key was used before", Safe: "Nothing was changed.", Next: "Send it with a new key."}
	case models.NotFoundCode:
		return errNoPage.problem
	case models.GoneCode:
		return Problem{Status: http.StatusGone, Title: "This is gone", Next: "Run the code again to make it anew."}
	case models.Conflict:
		return Problem{Status: http.StatusConflict, Title: "Somebody was faster", Safe: "Nothing was changed.", Next: "Reload the page and look again."}
	case models.OverLimit:
		return Problem{Status: http.StatusTooManyRequests, Title: "That is over a limit", Safe: "What you have is kept.", Next: "Make room or wait, then try again."}
	case models.Busy, models.Unavailable:
		return Problem{Status: http.StatusServiceUnavailable, Title: "Mayfly is busy", Safe: "Your runs and files are kept.", Next: "Try again in a moment."}
	}
	return Problem{Status: http.StatusInternalServerError, Title: "Something broke on our side",
		Safe: "Your runs and files are kept.", Next: "Try again. If it stays, tell whoever runs this Mayfly the request id."}
}

// retryDefault is what a busy answer asks for when nothing better is known.
const retryDefault = 5 * time.Second

// problemOf turns an error into its Problem and how long to wait (0: not said).
func problemOf(err error) (p Problem, wait time.Duration) {
	defer func() {
		if p.Code == "" {
			p.Code = codeOf(p.Status)
		}
	}()
	var own *refusal
	var tooBig *http.MaxBytesError
	var coded *models.Error
	switch {
	case errors.As(err, &own):
		return own.problem, own.retryAfter
	case errors.As(err, &tooBig):
		return Problem{Status: http.StatusRequestEntityTooLarge, Title: "That is too large",
			Message: fmt.Sprintf("At most %d bytes are taken here.", tooBig.Limit),
			Safe:    "Nothing was changed.", Next: "Send less at once."}, 0
	case errors.As(err, &coded):
	case errors.Is(err, context.DeadlineExceeded):
		coded = &models.Error{Code: models.Unavailable}
	default:
		coded = &models.Error{Code: models.Internal}
	}
	p = byCode(coded.Code)
	p.Code = string(coded.Code)
	if p.Status != http.StatusInternalServerError {
		p.Message = coded.Message
	}
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		return p, retryDefault
	}
	return p, 0
}
