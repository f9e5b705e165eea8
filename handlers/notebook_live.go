package handlers

import (
	"context"
	"net/http"
	"time"

	"mayfly/web"
)

// notebookEvents streams what changes on a notebook's page, from any tab and any
// machine, until nothing on it moves by itself any more.
func (a *App) notebookEvents(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.Store.Kernel(r.Context(), web.Owner(r), notebookID(r)); err != nil {
		return err
	}
	owner, id := web.CurrentUser(r), notebookID(r)
	header := r.Header.Get(seenHeader)
	return web.Stream(w, r, func(ctx context.Context, stream *web.Events) error {
		has := stream.Cursor()
		if !parseSeen(has).known {
			has = header
		}
		if !parseSeen(has).known {
			return stream.Send(web.Event{Name: "reload", Data: "1"})
		}
		feed, leave := a.feeds.join(a, owner, id)
		defer leave()
		return feed.follow(ctx, stream, has)
	})
}

// follow sends what leads on from what the page has, and waits for more.
func (f *feed) follow(ctx context.Context, stream *web.Events, has string) error {
	if err := f.begin(ctx, has); err != nil {
		return err
	}
	for {
		t, err := f.tell(ctx, has)
		if err != nil {
			return err
		}
		if t.news != nil {
			if err := stream.SendMessage(t.news); err != nil {
				return err
			}
		}
		has = t.cursor
		if !t.live {
			f.app.feeds.over(f)
			return stream.Send(web.Event{Name: "done", Data: "1"})
		}
		t.news = nil
		if err := f.wait(ctx, t, has); err != nil {
			return err
		}
	}
}

// begin reads the notebook where no stream has yet.
func (f *feed) begin(ctx context.Context, has string) error {
	f.mu.Lock()
	known := f.cursor != ""
	f.mu.Unlock()
	if known {
		return nil
	}
	return f.look(ctx, has, nil)
}

// wait returns when the notebook was read again: by another stream, or by this one,
// when it is the one that a hint wakes. The notebook is looked at now and then
// without one: a kernel's clock runs out, and places in the queue change with other
// people's runs.
func (f *feed) wait(ctx context.Context, t told, has string) error {
	late := time.NewTimer(notebookLook)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.changed:
		return nil
	case <-f.notebook.C:
	case <-t.said:
	case <-f.due:
	case <-late.C:
		return f.look(ctx, has, t.changed)
	}
	return f.look(ctx, has, nil)
}

// notebookLook is how often a notebook is looked at without a hint.
const notebookLook = 30 * time.Second
