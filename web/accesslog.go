package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"mayfly/models"
)

// answer counts what was written, for the log line and for the recovery.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// ReadFrom keeps the kernel's copy from file to socket within reach of
// downloads.
func (a *answer) ReadFrom(src io.Reader) (int64, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := io.Copy(a.ResponseWriter, src)
	a.bytes += n
	return n, err
}

// Flush is for the compressing writer around an answer: it flushes only what
// is itself a Flusher, and never unwraps.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// logRequest returns the function that writes the request's log line. The line
// holds no query, header, cookie or body (SEC-62).
func logRequest(sc *scope, r *http.Request, a *answer) func() {
	start := time.Now()
	return func() {
		attrs := []slog.Attr{
			slog.String("surface", sc.surface.name), slog.String("request", sc.id),
			slog.String("method", clip(r.Method, 16)), slog.String("route", sc.pattern),
			slog.String("path", clip(loggedPath(r.URL.Path), 200)), slog.Int("status", a.status),
			slog.Int64("bytes", a.bytes), slog.Duration("took", time.Since(start)),
			slog.String("client", sc.client.String()),
		}
		if sc.user != nil {
			attrs = append(attrs, slog.String("user", string(sc.user.ID)))
		}
		if sc.caller != nil {
			attrs = append(attrs, slog.String("actor", sc.caller.Actor()), slog.String("token", string(sc.caller.ID)))
		}
		sc.surface.logger.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelInfo, "request", attrs...)
	}
}

// loggedPath leaves out what opens a shared page (SEC-62).
func loggedPath(path string) string {
	if rest, found := strings.CutPrefix(path, "/s/"); found {
		_, below, _ := strings.Cut(rest, "/")
		return strings.TrimSuffix("/s/…/"+below, "/")
	}
	return path
}

// clip bounds a caller's text in the log and escapes its control characters
// there and then, whatever the log's format does.
func clip(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r < 0xa0) || r == '\u2028' || r == '\u2029' {
			return '�'
		}
		return r
	}, s)
}

// recovered turns a panic into the 500 page. When the answer has begun, the
// connection is cut instead, so that nobody takes a torn answer for a whole one.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			Logger(r).Error("panic", "cause", cause, "stack", string(debug.Stack()))
			if a, ok := w.(*answer); ok && a.status != 0 {
				panic(http.ErrAbortHandler)
			}
			Fail(w, r, errPanicked)
		}()
		next.ServeHTTP(w, r)
	})
}

var errPanicked = &models.Error{Code: models.Internal, Message: "Something broke on our side."}
