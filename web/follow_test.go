package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"
)

func TestFollowLooksOnceForEachWakeUpUntilItIsOver(t *testing.T) {
	t.Parallel()
	wake := make(chan struct{}, 1)
	looks := 0
	err := Follow(t.Context(), wake, func() (time.Duration, error) {
		if looks++; looks == 3 {
			return Over, nil
		}
		wake <- struct{}{}
		return 0, nil
	})
	if err != nil || looks != 3 {
		t.Errorf("%d looks, %v", looks, err)
	}
}

func TestFollowEndsWithAnErrorAndWithItsContext(t *testing.T) {
	t.Parallel()
	fault := errors.New("the row is gone")
	if err := Follow(t.Context(), nil, func() (time.Duration, error) { return 0, fault }); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := Follow(ctx, nil, func() (time.Duration, error) { cancel(); return time.Hour, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after the visitor left: %v", err)
	}
}

func TestFollowLooksAgainWithoutAHintWhenALookAsksForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start, looks := time.Now(), 0
		err := Follow(t.Context(), make(chan struct{}), func() (time.Duration, error) {
			if looks++; looks == 3 {
				return Over, nil
			}
			return 5 * time.Second, nil
		})
		if err != nil || time.Since(start) != 10*time.Second {
			t.Errorf("three looks took %s, %v", time.Since(start), err)
		}
	})
}

func TestAViewIsSentWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	events := recorderEvents(w)
	if err := events.SendView(t.Context(), "running-1", templ.Raw("<p>\n</p>")); err != nil {
		t.Fatal(err)
	}
	if got, want := w.Body.String(), "id: running-1\ndata: <p>\ndata: </p>\n\n"; got != want {
		t.Errorf("got %q", got)
	}
	failing := templ.Join(templ.Raw("half"), templ.Raw("", errors.New("no")))
	if err := events.SendView(t.Context(), "x", failing); err == nil || w.Body.Len() != len("id: running-1\ndata: <p>\ndata: </p>\n\n") {
		t.Errorf("%v, sent %q", err, w.Body)
	}
}
