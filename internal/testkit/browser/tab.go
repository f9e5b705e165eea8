package browser

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Tab is one page of one person. It belongs to the test's own goroutine.
type Tab struct {
	t      testing.TB
	ctx    context.Context
	base   string // scheme and host that paths are on
	screen Screen
	noise  *noise
}

// Screen is how the person looks at the page. The zero value is a desktop in
// light colours with scripting on.
type Screen struct {
	Phone       bool // 390 px wide instead of 1280
	Dark        bool
	NoScript    bool
	StillMotion bool // prefers-reduced-motion
}

// Open opens a tab for a new person, who is nobody yet. Paths are on base. The
// tab closes with the test, and fails it for noise.
func Open(t testing.TB, base string, screen Screen) *Tab {
	t.Helper()
	c := launch()
	if c.fault != nil {
		t.Fatal(c.fault)
	}
	return open(t, c.ctx, base, screen, chromedp.WithNewBrowserContext())
}

// Twin opens another tab of the same person.
func (tab *Tab) Twin() *Tab {
	tab.t.Helper()
	return open(tab.t, tab.ctx, tab.base, tab.screen)
}

func open(t testing.TB, parent context.Context, base string, screen Screen, opts ...chromedp.ContextOption) *Tab {
	t.Helper()
	tab := &Tab{t: t, base: base, noise: &noise{}}
	ctx, end := chromedp.NewContext(parent, append(opts, chromedp.WithListener(tab.noise.hear))...)
	tab.ctx = ctx
	t.Cleanup(func() {
		tab.reportNoise()
		end()
	})
	tab.must("open a tab", chromedp.Do(ctx, chromedp.Func(tab.acceptDownloads)))
	tab.Look(screen)
	return tab
}

// Look changes the screen under the page that is open. NoScript counts from the
// next page on.
func (tab *Tab) Look(screen Screen) {
	tab.t.Helper()
	tab.screen = screen
	tab.must("change the screen", chromedp.Do(tab.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		return screen.apply(ctx, t)
	}), tab.viewport(screen.height())))
}

func (s Screen) apply(ctx context.Context, t *chromedp.Target) error {
	scheme, motion := "light", "no-preference"
	if s.Dark {
		scheme = "dark"
	}
	if s.StillMotion {
		motion = "reduce"
	}
	if _, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion},
	}}); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: s.NoScript})
	return err
}

func (s Screen) height() int64 {
	if s.Phone {
		return 844
	}
	return 800
}

func (tab *Tab) viewport(height int64) chromedp.Action[chromedp.Void] {
	if tab.screen.Phone {
		return chromedp.EmulateViewport(390, height, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	return chromedp.EmulateViewport(1280, height)
}

// must ends the test when the browser itself failed.
func (tab *Tab) must(what string, err error) {
	tab.t.Helper()
	if err != nil {
		tab.t.Fatalf("%s: %v", what, err)
	}
}
