package sandbox

import (
	"errors"
	"io"
)

// ErrUnavailable is returned by Open when the wall is not whole here: a kernel
// feature is missing or the self-test failed. Wrapping errors say which stone.
var ErrUnavailable = errors.New("the sandbox is not available on this machine")

// Unanswered says in words why input() gets no answer; the code sees them in its
// EOFError. It wraps io.EOF.
type Unanswered string

func (u Unanswered) Error() string { return string(u) }

// Unwrap makes errors.Is(err, io.EOF) true.
func (u Unanswered) Unwrap() error { return io.EOF }

// What Page and Complete answer instead.
var (
	// ErrBusy: the kernel runs something.
	ErrBusy = errors.New("the kernel runs something: ask again when it is done")
	// ErrNotHeld: the kernel has no such table, or not any more.
	ErrNotHeld = errors.New("the kernel does not hold this table any more")
	// ErrNoAnswer: it gave none in time, or none that makes sense. Where
	// the kernel did not stop working at it when it was told to, it has ended.
	ErrNoAnswer = errors.New("the kernel gave no answer")
)
