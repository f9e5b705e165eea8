package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// Code says what kind of failure an Error is. Each surface maps codes to its
// own answers in one table.
type Code string

// The codes. A row of somebody else's is not found, whoever asks.
const (
	InvalidInput    Code = "invalid"
	Unauthenticated Code = "unauthenticated"
	Forbidden       Code = "forbidden"
	MissingScope    Code = "missing_scope"
	NotLinked       Code = "not_linked"
	AppBlocked      Code = "app_blocked"
	KeyReused       Code = "key_reused"
	NotFoundCode    Code = "not_found"
	GoneCode        Code = "gone"
	Conflict        Code = "conflict"
	OverLimit       Code = "over_limit"
	Busy            Code = "busy"
	Unavailable     Code = "unavailable"
	Internal        Code = "internal"
)

// Error is a failure that people may read: Message says what happened and what
// to do, and holds nothing secret. Err is for the log alone.
type Error struct {
	Code    Code
	Message string
	Err     error
}

// Error returns the message, with the cause for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.Err)
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first Error in the chain: "" for nil,
// internal for an error without one.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return Internal
}

// Invalid returns an Error for input that cannot be used.
func Invalid(format string, args ...any) error {
	return &Error{Code: InvalidInput, Message: fmt.Sprintf(format, args...)}
}

// NotFound returns the one answer for what is missing, foreign or malformed.
func NotFound(what string) error {
	return &Error{Code: NotFoundCode, Message: "There is no such " + what + "."}
}

// Gone returns an Error for what was somebody's own and is no more. Only its
// owner may be told so.
func Gone(message string) error { return &Error{Code: GoneCode, Message: message} }

func conflict(message string) error { return &Error{Code: Conflict, Message: message} }

func overLimit(format string, args ...any) error {
	return &Error{Code: OverLimit, Message: fmt.Sprintf(format, args...)}
}

// failed names the verb that failed. A database that is away is unavailable;
// what already has a code keeps it.
func failed(verb string, err error) error {
	var coded *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &coded), errors.Is(err, context.Canceled):
		return err
	case unreachable(err):
		return &Error{Code: Unavailable, Message: "The database does not answer.", Err: fmt.Errorf("%s: %w", verb, err)}
	case orphaned(err):
		return &Error{Code: Conflict, Message: "What this belongs to was deleted meanwhile.", Err: fmt.Errorf("%s: %w", verb, err)}
	}
	return fmt.Errorf("%s: %w", verb, err)
}

// orphaned reports whether what a row would belong to is gone: a notebook, or the
// whole account.
func orphaned(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, gorm.ErrForeignKeyViolated) || errors.As(err, &pg) && pg.Code == "23503"
}

// unreachable reports whether the database, not the statement, is at fault: it
// cannot be connected to, is stopping, or the connection broke on the way.
func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &connect): // first: it may hold the server's refusal too
		return true
	case errors.As(err, &pg):
		return away(pg.Code)
	case errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	}
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, sql.ErrConnDone, driver.ErrBadConn, context.DeadlineExceeded} {
		if errors.Is(err, broken) {
			return true
		}
	}
	return false
}

// away lists SQLSTATEs of a server that is stopping, starting, full, or that
// gave up waiting (PostgreSQL manual, appendix A).
func away(code string) bool {
	switch code {
	case "57P01", "57P02", "57P03", "53100", "53200", "53300", "57014", "55P03", "25P03":
		return true
	}
	return false
}
