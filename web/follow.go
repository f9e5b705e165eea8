package web

import (
	"bytes"
	"context"
	"time"

	"github.com/a-h/templ"

	"mayfly/views"
)

// Over is what a look returns when there is nothing more to follow.
const Over time.Duration = -1

// Follow looks at once, and again at each wake-up, until a look returns Over or
// an error, or ctx ends. A look returns how long the next one may wait for a
// wake-up; 0 is as long as it takes.
func Follow(ctx context.Context, wake <-chan struct{}, look func() (time.Duration, error)) error {
	for {
		most, err := look()
		if err != nil || most == Over {
			return err
		}
		if err := await(ctx, wake, most); err != nil {
			return err
		}
	}
}

func await(ctx context.Context, wake <-chan struct{}, most time.Duration) error {
	var late <-chan time.Time
	if most > 0 {
		timer := time.NewTimer(most)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wake:
	case <-late:
	}
	return nil
}

// SendView renders the view whole and sends it as an event without a name,
// which htmx swaps in.
func (e *Events) SendView(ctx context.Context, id string, view templ.Component) error {
	var html bytes.Buffer
	if err := view.Render(views.Bounded(ctx), &html); err != nil {
		return err
	}
	return e.Send(Event{ID: id, Data: html.String()})
}
