package handlers

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"mayfly/events"
	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// queueLook is how often a run that waits is looked at without a hint: its
// place changes with other people's runs.
const queueLook = 5 * time.Second

// runEvents streams a run's fragments until it is done. Each look reads the
// rows after the last one seen; a hint says when another look is due.
func (a *App) runEvents(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.Store.Run(r.Context(), web.Owner(r), runID(r)); err != nil {
		return err
	}
	live := liveRun{
		app: a, owner: web.CurrentUser(r), id: runID(r), place: placeOf(r),
		transcript: views.NewTranscript(string(runID(r)), false),
	}
	return web.Stream(w, r, func(ctx context.Context, stream *web.Events) error {
		watch := a.Hub.Watch(events.OfRun(live.id))
		defer watch.Close()
		live.cursor = stream.Cursor()
		return web.Follow(ctx, watch.C, func() (time.Duration, error) { return live.look(ctx, stream) })
	})
}

func placeOf(r *http.Request) views.Place {
	if r.URL.Query().Get("place") == string(views.PlaceQuick) {
		return views.PlaceQuick
	}
	return views.PlacePage
}

// liveRun is one stream's view of one run.
type liveRun struct {
	app        *App
	owner      *models.User
	id         models.RunID
	place      views.Place
	transcript *views.Transcript
	asked      int    // the number of the last question that was read out
	cursor     string // names what the browser has: the id of the last message
}

// look sends the run when it is not what the browser has already. The browser
// brings its cursor along when it comes back, so that nothing is sent twice and
// the end is told exactly once (REL-21).
func (l *liveRun) look(ctx context.Context, stream *web.Events) (time.Duration, error) {
	run, err := l.app.Store.RunInFull(ctx, l.owner.ID, l.id)
	if err != nil {
		return web.Over, err
	}
	view, err := l.app.runView(ctx, l.owner, run, l.transcript)
	if err != nil {
		return web.Over, err
	}
	if !view.Live() {
		return web.Over, l.end(ctx, stream, view)
	}
	if at := cursorOf(view); at != l.cursor {
		l.cursor = at
		if q := view.Question; q != nil && q.Number != l.asked {
			l.asked, q.New = q.Number, true
		}
		if err := stream.SendView(ctx, at, views.LiveUpdate(view, l.place, l.app.Limits)); err != nil {
			return web.Over, err
		}
	}
	if run.State == models.Queued {
		return queueLook, nil
	}
	return 0, nil
}

func (l *liveRun) end(ctx context.Context, stream *web.Events, view views.RunView) error {
	if err := stream.SendView(ctx, cursorOf(view), views.LiveDone(view, l.place, l.app.Limits)); err != nil {
		return err
	}
	return stream.Send(web.Event{Name: "done", Data: view.Ending})
}

// cursorOf names all of a run that a stream shows and that can change.
func cursorOf(v views.RunView) string {
	at := fmt.Sprintf("%s-%d-%d-%d", v.State, v.Position, v.Transcript.Seq(), len(v.Files))
	if v.Question != nil {
		at += fmt.Sprintf("-%d", v.Question.Number)
	}
	return at
}
