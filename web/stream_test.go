package web

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"mayfly/models"
)

func TestStreamCapsSEC20(t *testing.T) {
	t.Parallel()
	st := newStreams(StreamLimits{PerSession: 2, PerUser: 3, All: 4})
	enter := func(session string, user models.UserID) (func(), error) { return st.enter(session, user, func() {}) }
	var leaves []func()
	for _, who := range []struct {
		session string
		user    models.UserID
		want    error
	}{
		{"a", "1", nil}, {"a", "1", nil}, {"a", "1", errTooManyStreams}, {"b", "1", nil}, {"b", "1", errTooManyStreams},
		{"c", "2", nil}, {"d", "3", errStreamsFull},
	} {
		leave, err := enter(who.session, who.user)
		if (err == nil) != (who.want == nil) || (err != nil && err != who.want) {
			t.Fatalf("session %s of user %s: %v, want %v", who.session, who.user, err, who.want)
		}
		if leave != nil {
			leaves = append(leaves, leave)
		}
	}
	for _, leave := range leaves {
		leave()
	}
	if st.open != 0 || len(st.bySession) != 0 || len(st.byUser) != 0 {
		t.Errorf("after all left: %d open, %d sessions, %d users", st.open, len(st.bySession), len(st.byUser))
	}
	st.close()
	if _, err := enter("a", "1"); err != error(errStreamsFull) {
		t.Errorf("after close: %v", err)
	}
}

func TestLogoutEndsOnlyItsOwnStreamsSEC4(t *testing.T) {
	t.Parallel()
	st := newStreams(StreamLimits{})
	mine, endMine := context.WithCancel(t.Context())
	other, endOther := context.WithCancel(t.Context())
	defer endOther()
	if _, err := st.enter("mine", "1", endMine); err != nil {
		t.Fatal(err)
	}
	if _, err := st.enter("other", "1", endOther); err != nil {
		t.Fatal(err)
	}
	st.endSession("mine")
	if mine.Err() == nil || other.Err() != nil {
		t.Errorf("mine: %v, other: %v", mine.Err(), other.Err())
	}
}

func TestEventWire(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ev   Event
		want string
	}{
		{"data", Event{ID: "7", Data: "<p>a</p>"}, "id: 7\ndata: <p>a</p>\n\n"},
		{"lines", Event{Data: "a\nb\r\nc\rd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
		{"a name", Event{Name: "done"}, "event: done\n\n"},
		{"a forged field", Event{ID: "7\ndata: x", Name: "a\rb", Data: "ok"}, "data: ok\n\n"},
		{"data like a field", Event{Data: "x\n\nevent: forged\ndata: y"}, "data: x\ndata: \ndata: event: forged\ndata: data: y\n\n"},
	} {
		w := httptest.NewRecorder()
		if err := recorderEvents(w).Send(c.ev); err != nil {
			t.Fatal(err)
		}
		if got := w.Body.String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if !w.Flushed {
			t.Errorf("%s: not flushed", c.name)
		}
	}
}

func TestStreamCursor(t *testing.T) {
	t.Parallel()
	r := request("GET", "/runs/1/events?after=3", nil)
	if got := cursorOf(r); got != "3" {
		t.Errorf("?after: %q", got)
	}
	r.Header.Set("Last-Event-ID", "9")
	if got := cursorOf(r); got != "9" {
		t.Errorf("Last-Event-ID: %q", got)
	}
}

func TestStreamNeedsSessionSEC20(t *testing.T) {
	t.Parallel()
	r := request("GET", "/events", nil)
	err := Stream(httptest.NewRecorder(), r, nil)
	if models.CodeOf(err) != models.Unauthenticated {
		t.Errorf("got %v", err)
	}
	if p, _ := problemOf(err); p.Status != 401 || !strings.Contains(p.Title, "Sign in") {
		t.Errorf("got %+v", p)
	}
}
