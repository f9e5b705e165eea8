package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"mayfly/events"
	"mayfly/models"
	"mayfly/web"
)

// queueLook is how often a run that waits is looked at without a hint: its
// place changes with other people's runs.
const queueLook = 5 * time.Second

// runEvents streams what a run says until it is done.
func (a *API) runEvents(c *call) error {
	asked, err := addressed(c)
	if err != nil {
		return err
	}
	if err := (&table{app: a}).permit(c, row{scope: models.ScopeRun}, asked); err != nil {
		return err
	}
	id := models.RunID(idOf(c.r))
	if _, err := a.Store.Run(c.ctx, c.owner, id); err != nil {
		return err
	}
	decisions := a.Hub.Watch(events.OfToken(c.token.ID), events.OfUser(c.owner))
	defer decisions.Close()
	who := web.Reader{Key: "token " + string(c.token.ID) + " " + string(c.owner), Owner: c.owner, Wake: decisions.C,
		Holds: func(ctx context.Context) error { return a.stillPermits(ctx, c.token, models.ScopeRun, c.owner) }}
	return web.StreamFor(c.w, c.r, who, func(ctx context.Context, stream *web.Events) error {
		watch := a.Hub.Watch(events.OfRun(id))
		defer watch.Close()
		f := follower{api: a, owner: c.owner, id: id, stream: stream}
		if f.resume(stream.Cursor()) {
			return nil
		}
		return web.Follow(ctx, watch.C, func() (time.Duration, error) { return f.look(ctx) })
	})
}

// follower is one stream's view of one run.
type follower struct {
	api    *API
	owner  models.UserID
	id     models.RunID
	stream *web.Events
	seq    int // of the last output that was sent
	state  wireState
}

// doneMark stands in the id of the last event, so that a program that comes back
// with it is told the end once (REL-21).
const doneMark = "done"

// resume goes on after the event with this id, and reports whether that was the
// last. What is no id of ours begins at the beginning.
func (f *follower) resume(cursor string) (over bool) {
	seq, mark, _ := strings.Cut(cursor, "-")
	if n, err := strconv.Atoi(seq); err == nil && n > 0 {
		f.seq = n
	}
	return mark == doneMark
}

func (f *follower) look(ctx context.Context) (time.Duration, error) {
	run, err := f.api.Store.Run(ctx, f.owner, f.id)
	if err != nil {
		return web.Over, err
	}
	if err := f.sendState(ctx, run); err != nil {
		return web.Over, err
	}
	outputs, err := f.api.Store.Outputs(ctx, f.owner, f.id, f.seq)
	if err != nil {
		return web.Over, err
	}
	for _, o := range outputs {
		f.seq = o.Seq
		if err := f.send("output", "", wireOutput{Seq: o.Seq, Stream: o.Stream, Text: o.Text, Bundle: o.Bundle, Replaces: o.Replaces}); err != nil {
			return web.Over, err
		}
	}
	switch run.State {
	case models.Done:
		result, err := f.api.result(ctx, f.owner, run, nil)
		if err != nil {
			return web.Over, err
		}
		return web.Over, f.send("done", "-"+doneMark, result)
	case models.Queued:
		return queueLook, nil
	}
	return 0, nil
}

func (f *follower) sendState(ctx context.Context, run *models.Run) error {
	now := wireState{State: string(run.State)}
	if run.State == models.Queued {
		place, err := f.api.Store.Position(ctx, f.owner, f.id)
		if err != nil {
			return err
		}
		now.Position = place
	}
	if now == f.state {
		return nil
	}
	f.state = now
	return f.send("state", "", now)
}

// send writes one event. Its id is where a program that comes back goes on.
func (f *follower) send(name, mark string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return f.stream.Send(web.Event{ID: strconv.Itoa(f.seq) + mark, Name: name, Data: string(data)})
}
