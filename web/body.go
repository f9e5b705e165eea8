package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a request's body and form (SEC-16).
const (
	DefaultBody = 256 << 10 // bytes, where the route says nothing
	maxFields   = 1000      // values of one form
)

// Pace of a body that arrives (REL-22): none of it for bodyPause ends the
// request, and so does less than minPace once bodyGrace has passed.
const (
	bodyPause = 10 * time.Second
	bodyGrace = 10 * time.Second
	minPace   = 1 << 10 // bytes a second
	answerIn  = 30 * time.Second
)

// bounded caps the size of a route's request body.
func bounded(rt Route, next HandlerFunc) HandlerFunc {
	most := rt.Body
	if most <= 0 {
		most = DefaultBody
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.ContentLength > most {
			return &http.MaxBytesError{Limit: most}
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		return next(w, r)
	}
}

// paced gives the body of a request, if it has one, its pace from the first
// moment on: one that nobody reads must not hold its connection either.
func paced(w http.ResponseWriter, r *http.Request) *pacedBody {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body := &pacedBody{ReadCloser: r.Body, control: http.NewResponseController(w), start: time.Now()}
	r.Body = body
	body.wait(body.start)
	return body
}

// pacedBody gives every read a deadline and ends a body that trickles. The
// deadline for the answer moves along, so that a long upload can be answered.
type pacedBody struct {
	io.ReadCloser
	control *http.ResponseController
	start   time.Time
	got     int64
	ended   bool
}

func (b *pacedBody) wait(now time.Time) {
	// A recorder in a test has no deadlines to set; a connection always has.
	_ = b.control.SetReadDeadline(now.Add(bodyPause))
	_ = b.control.SetWriteDeadline(now.Add(bodyPause + answerIn))
}

func (b *pacedBody) Read(p []byte) (int, error) {
	b.wait(time.Now())
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	took := time.Since(b.start)
	switch {
	case errors.Is(err, io.EOF):
		b.ended = true
		_ = b.control.SetReadDeadline(time.Time{}) // or the server sees a dead client
	case errors.Is(err, os.ErrDeadlineExceeded):
		// The deadline stays: the server would wait for the rest without end.
		return n, errTooSlow
	case err != nil:
		return n, err
	case took > bodyGrace && float64(b.got) < minPace*took.Seconds():
		return n, errTooSlow
	}
	return n, err
}

// unread reports whether some of the body may still come. The server would wait
// for it before it sends an answer, unless the answer ends the connection.
func (b *pacedBody) unread() bool { return b != nil && !b.ended }

// Form parses the request's form, at most the route's body, and refuses what
// no browser sends: too many fields, invalid UTF-8, NUL. Files of a multipart
// form are not parsed here; use r.MultipartReader.
func Form(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) || errors.Is(err, errTooSlow) {
			return nil, err
		}
		return nil, badForm(err)
	}
	if err := checkFields(r.Form); err != nil {
		return nil, err
	}
	return r.Form, nil
}

// checkFields refuses what no browser sends.
func checkFields(form url.Values) error {
	fields := 0
	for name, values := range form {
		fields += len(values)
		for _, text := range append(values[:len(values):len(values)], name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return errNotText
			}
		}
	}
	if fields > maxFields {
		return errTooManyFields
	}
	return nil
}
