package handlers

import (
	"context"
	"net/http"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// notebookEvents streams what changes on a notebook's page, from any tab and any
// machine, until nothing on it moves by itself any more.
func (a *App) notebookEvents(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.Store.Kernel(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	live := &liveNotebook{reader: a.notebookReader(web.CurrentUser(r), notebookID(r))}
	return web.Stream(w, r, func(ctx context.Context, stream *web.Events) error {
		live.seen = parseSeen(stream.Cursor())
		if !live.seen.known {
			live.seen = seenOf(r)
		}
		if !live.seen.known {
			return stream.Send(web.Event{Name: "reload", Data: "1"})
		}
		defer live.watch(a.Hub)()
		return live.follow(ctx, stream)
	})
}

// liveNotebook is one stream's view of one notebook.
type liveNotebook struct {
	reader   *notebookReader
	seen     seen
	hub      *events.Hub
	notebook *events.Watch
	run      *events.Watch // of the run that goes on; nil when none does
	runID    models.RunID
	asked    int // the number of the last question that was read out
}

// watch follows the notebook, and the run that goes on in it.
func (l *liveNotebook) watch(hub *events.Hub) (end func()) {
	l.hub, l.notebook = hub, hub.Watch(events.OfNotebook(l.reader.id))
	return func() {
		l.notebook.Close()
		if l.run != nil {
			l.run.Close()
		}
	}
}

// follow looks at once and again at each hint.
func (l *liveNotebook) follow(ctx context.Context, stream *web.Events) error {
	for {
		shown, err := l.look(ctx, stream)
		if err != nil {
			return err
		}
		if !shown.view.Live {
			return stream.Send(web.Event{Name: "done", Data: "1"})
		}
		if l.turn(&shown.view) {
			continue // what it said before it was watched may be news
		}
		if err := l.wait(ctx); err != nil {
			return err
		}
	}
}

// wait waits for a hint. The notebook is looked at now and then without one: a
// kernel's clock runs out, and places in the queue change with other people's
// runs.
func (l *liveNotebook) wait(ctx context.Context) error {
	var said <-chan struct{}
	if l.run != nil {
		said = l.run.C
	}
	late := time.NewTimer(notebookLook)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-l.notebook.C:
	case <-said:
	case <-late.C:
	}
	return nil
}

// notebookLook is how often a notebook is looked at without a hint.
const notebookLook = 30 * time.Second

// turn watches the run that goes on now, and reports whether that is another.
func (l *liveNotebook) turn(v *views.NotebookView) bool {
	now := models.RunID(v.RunningRun())
	if now == l.runID {
		return false
	}
	if l.run != nil {
		l.run.Close()
		l.run = nil
	}
	if l.runID = now; now != "" {
		l.run = l.hub.Watch(events.OfRun(now))
	}
	return now != ""
}

// look sends what differs from what was sent last.
func (l *liveNotebook) look(ctx context.Context, stream *web.Events) (*shownNotebook, error) {
	shown, err := l.reader.read(ctx, l.seen)
	if err != nil {
		return nil, err
	}
	l.seen = parseSeen(shown.view.Cursor)
	if shown.change.Empty() {
		return shown, nil
	}
	shown.change.Say = l.say(&shown.view)
	return shown, stream.SendView(ctx, shown.view.Cursor, views.NotebookUpdate(shown.change))
}

// say reads a question out, once.
func (l *liveNotebook) say(v *views.NotebookView) string {
	number, words := v.Asks()
	if number == l.asked {
		return ""
	}
	l.asked = number
	return words
}
