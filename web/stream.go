package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"mayfly/models"
)

// streamWrite is the longest that one write to a stream may take: with the beat
// a reader who stopped is noticed in time (REL-20).
const streamWrite = 10 * time.Second

// Events is an open event stream. Its methods may be called from one goroutine
// at a time besides Stream's own.
type Events struct {
	cursor  string
	w       http.ResponseWriter
	control *http.ResponseController
	mu      sync.Mutex
}

// Event is one server-sent event. htmx swaps in the data of an event without a
// name; an event with one is handed to scripts. ID is where a reconnecting
// browser goes on from; empty leaves the last one standing.
type Event struct {
	ID, Name, Data string
}

// Cursor is where the browser was when it lost the stream: its Last-Event-ID,
// else the query field "after", else "". It is the caller's text: parse it.
func (e *Events) Cursor() string { return e.cursor }

// Message is an event as it goes over the wire, so that many streams are sent the
// same bytes.
type Message []byte

// Send writes one event and flushes it. An error means that the stream is over.
func (e *Events) Send(ev Event) error { return e.write(NewMessage(ev)) }

// SendMessage is Send for an event that was written down before.
func (e *Events) SendMessage(m Message) error { return e.write(m) }

// NewMessage writes an event down.
func NewMessage(ev Event) Message {
	var b bytes.Buffer
	writeField(&b, "id", ev.ID)
	writeField(&b, "event", ev.Name)
	if ev.Data != "" {
		data := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(ev.Data)
		for line := range strings.SplitSeq(data, "\n") {
			b.WriteString("data: " + line + "\n")
		}
	}
	b.WriteString("\n")
	return b.Bytes()
}

// writeField writes a one-line field; a line break in it would start another.
func writeField(b *bytes.Buffer, name, value string) {
	if value != "" && !strings.ContainsAny(value, "\r\n\x00") {
		b.WriteString(name + ": " + value + "\n")
	}
}

func (e *Events) write(text []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := e.w.Write(text); err != nil {
		return err
	}
	return e.control.Flush()
}

// Stream answers with server-sent events until serve returns. The context that
// serve gets ends when the visitor leaves, the session ends or the server
// stops; serve then returns. Only a Session route can stream so; StreamFor is for
// Token routes.
//
// Before the stream begins an error is answered as a Problem: 401 without a
// session, 403 from another site, 429 or 503 when too many streams are open.
// After that an error only ends the stream.
func Stream(w http.ResponseWriter, r *http.Request, serve func(context.Context, *Events) error) error {
	sc := scopeOf(r)
	if sc.session == nil {
		return unauthenticated()
	}
	return stream(w, r, Reader{Key: sc.session.Hash, Owner: sc.user.ID, Holds: func(ctx context.Context) error {
		_, _, err := sc.server.config.Store.Session(ctx, sc.token)
		return err
	}}, serve)
}

// Reader is who reads a stream.
type Reader struct {
	Key   string // of the session or token, under which its streams are counted
	Owner models.UserID
	Holds func(context.Context) error // reports why the reader may read no longer
	Wake  <-chan struct{}             // when it is worth asking at once; may be nil
}

// StreamFor is Stream for a program.
func StreamFor(w http.ResponseWriter, r *http.Request, who Reader, serve func(context.Context, *Events) error) error {
	if scopeOf(r).caller == nil {
		return unauthenticated()
	}
	return stream(w, r, who, serve)
}

func stream(w http.ResponseWriter, r *http.Request, who Reader, serve func(context.Context, *Events) error) error {
	if fromOtherSite(r) {
		return errCrossSite
	}
	s := scopeOf(r).server
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	leave, err := s.streams.enter(who.Key, who.Owner, cancel)
	if err != nil {
		return err
	}
	defer leave()

	events := &Events{cursor: cursorOf(r), w: w, control: http.NewResponseController(w)}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("X-Accel-Buffering", "no")
	header.Set(gzhttp.HeaderNoCompression, "1") // compression would hold events back
	if err := events.write([]byte("retry: 1000\n\n")); err != nil {
		return nil
	}
	var tending sync.WaitGroup
	tending.Go(func() { s.tendStream(ctx, cancel, who, events) })
	err = serve(ctx, events)
	cancel()
	tending.Wait()
	if err != nil && !errors.Is(err, context.Canceled) {
		Logger(r).Info("stream ended", "cause", err.Error())
	}
	return nil
}

// tendStream keeps one stream honest until ctx ends: it writes a comment now
// and then, and asks whether its reader may still read.
func (s *Server) tendStream(ctx context.Context, cancel context.CancelFunc, who Reader, events *Events) {
	beat, recheck := time.NewTicker(s.streams.limits.Beat), time.NewTicker(s.streams.limits.Recheck)
	defer beat.Stop()
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if events.write([]byte(": still here\n\n")) != nil {
				cancel()
				return
			}
			continue
		case <-recheck.C:
		case <-who.Wake:
		}
		if refused(who.Holds(ctx)) {
			cancel()
			return
		}
	}
}

// refused reports whether somebody says that a reader may read no longer. A
// database that is away says nothing about that: the stream holds.
func refused(err error) bool {
	switch models.CodeOf(err) {
	case models.Unauthenticated, models.Forbidden, models.MissingScope, models.NotLinked, models.AppBlocked:
		return true
	}
	return false
}

func cursorOf(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id
	}
	return r.URL.Query().Get("after")
}
