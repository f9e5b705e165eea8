package browser

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser of this test process.
type chromium struct {
	ctx   context.Context
	fault error
}

var (
	launched atomic.Bool
	// launch starts it when the first tab is opened; a package variable,
	// because a test process has no other owner.
	launch = sync.OnceValue(start)
)

func start() chromium {
	launched.Store(true)
	ctx, _ := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.DisableGPU,
		// Text must look the same on every machine that takes pictures.
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "en-GB"),
	))
	if err := chromedp.Do(ctx); err != nil {
		return chromium{fault: fmt.Errorf("no Chromium for tests (make setup-test installs it): %w", err)}
	}
	return chromium{ctx: ctx}
}

// Close ends the Chromium of this process, if one was started. TestMain calls
// it after the tests; without it Chromium ends with the process but leaves its
// profile folder.
func Close() error {
	if !launched.Load() {
		return nil
	}
	c := launch()
	if c.fault != nil {
		return nil // the tests said so already
	}
	return chromedp.Cancel(c.ctx)
}
