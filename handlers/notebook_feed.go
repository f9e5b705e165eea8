package handlers

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"

	"mayfly/events"
	"mayfly/models"
	"mayfly/views"
	"mayfly/web"
)

// feeds are the notebooks that are followed here, each read once for all the
// streams that show it. A feed is of one notebook for one owner, whom each of its
// readings names.
type feeds struct {
	mu   sync.Mutex
	open map[feedKey]*feed
}

type feedKey struct {
	owner    models.UserID
	notebook models.NotebookID
}

// feed is one notebook as its streams are told of it. It has no goroutine: the
// stream that a hint wakes reads for all.
type feed struct {
	app      *App
	key      feedKey
	streams  atomic.Int32  // that have joined
	notebook *events.Watch // wakes one of the streams
	due      chan struct{} // holds a wake-up that whoever had it could not use

	mu      sync.Mutex // held by whoever reads
	reader  *notebookReader
	run     *events.Watch // of the run that goes on; nil when none does
	runID   models.RunID
	asked   int           // the number of the last question that was read out
	cursor  string        // what was read last; "" before anything was
	from    string        // what news leads on from
	news    web.Message   // nil: there is none, or every stream has it
	owing   int           // streams that have not taken news yet
	live    bool          // something on the page moves by itself
	changed chan struct{} // closed when it was read again
}

// join finds the notebook's feed, or begins one. leave is called once.
func (f *feeds) join(a *App, owner *models.User, id models.NotebookID) (joined *feed, leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := feedKey{owner.ID, id}
	joined = f.open[key]
	if joined == nil {
		joined = &feed{
			app: a, key: key, reader: a.notebookReader(owner, id), notebook: a.Hub.Watch(events.OfNotebook(id)),
			due: make(chan struct{}, 1), changed: make(chan struct{}),
		}
		if f.open == nil {
			f.open = map[feedKey]*feed{}
		}
		f.open[key] = joined
	}
	joined.streams.Add(1)
	return joined, func() { f.leave(joined) }
}

func (f *feeds) leave(left *feed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if left.streams.Add(-1) > 0 {
		return
	}
	f.forget(left)
	left.notebook.Close()
	if left.run != nil {
		left.run.Close()
	}
}

// forget lets nobody join it any more. f.mu is held.
func (f *feeds) forget(old *feed) {
	if f.open[old.key] == old {
		delete(f.open, old.key)
	}
}

func (f *feeds) over(old *feed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.forget(old)
}

// look reads the notebook for all its streams, on from what was read last; the
// first time, from what the stream has that asks. It does not where another has
// read meanwhile, if that is enough: unless is closed then, or nil. Where it fails
// the wake-up is another stream's.
func (f *feed) look(ctx context.Context, has string, unless <-chan struct{}) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-unless:
		return nil
	default:
	}
	from := f.cursor
	if from == "" {
		from = has
	}
	shown, err := f.reader.read(ctx, parseSeen(from))
	if err != nil {
		f.wakeAnother()
		return err
	}
	f.from, f.news, f.cursor, f.live = from, nil, shown.view.Cursor, shown.view.Live
	if !shown.change.Empty() {
		number := f.say(shown)
		if f.news, err = draw(ctx, shown); err != nil {
			f.cursor = from
			f.wakeAnother()
			return err
		}
		f.asked, f.owing = number, int(f.streams.Load())
	}
	if f.turn(&shown.view) {
		f.wakeAnother() // what it said before it was watched may be news
	}
	close(f.changed)
	f.changed = make(chan struct{})
	return nil
}

func (f *feed) wakeAnother() {
	select {
	case f.due <- struct{}{}:
	default:
	}
}

// turn watches the run that goes on now, and reports whether that is another.
func (f *feed) turn(v *views.NotebookView) bool {
	now := models.RunID(v.RunningRun())
	if now == f.runID {
		return false
	}
	if f.run != nil {
		f.run.Close()
		f.run = nil
	}
	if f.runID = now; now != "" {
		f.run = f.app.Hub.Watch(events.OfRun(now))
	}
	return now != ""
}

// say has a question read out that was not yet, and returns its number.
func (f *feed) say(shown *shownNotebook) (number int) {
	number, words := shown.view.Asks()
	if number != f.asked {
		shown.change.Say = words
	}
	return number
}

func draw(ctx context.Context, shown *shownNotebook) (web.Message, error) {
	var html bytes.Buffer
	if err := views.NotebookUpdate(shown.change).Render(ctx, &html); err != nil {
		return nil, err
	}
	return web.NewMessage(web.Event{ID: shown.view.Cursor, Data: html.String()}), nil
}

// told is what a stream is to be sent, and what it waits for after that.
type told struct {
	cursor        string      // what it has then
	news          web.Message // nil when it has that already
	live          bool
	changed, said <-chan struct{} // said is nil while nothing runs
}

// tell says what leads on from what a stream has. One that came later than the
// others, or could not keep up, is compared by itself.
func (f *feed) tell(ctx context.Context, has string) (t told, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t = told{cursor: f.cursor, live: f.live, changed: f.changed}
	if f.run != nil {
		t.said = f.run.C
	}
	switch {
	case has == f.cursor:
		return t, nil
	case has == f.from && f.news != nil:
		t.news = f.news
		if f.owing--; f.owing <= 0 {
			f.news = nil // nobody else needs it, and it may be large
		}
		return t, nil
	}
	shown, err := f.reader.read(ctx, parseSeen(has))
	if err != nil {
		return t, err
	}
	t.cursor, t.live = shown.view.Cursor, shown.view.Live
	if !shown.change.Empty() {
		f.say(shown)
		t.news, err = draw(ctx, shown)
	}
	return t, err
}
