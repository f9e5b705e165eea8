package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed browser.js
var browserJS string

// tab is the one page of a Chromium, with the window of a laptop. The browser's own
// window is no smaller: what lies beyond it is never presented, and no key timed.
type tab struct {
	ctx   context.Context
	trace []json.RawMessage
	done  chan struct{} // the trace has all come
}

// openTab starts a Chromium whose user bears a session.
func openTab(ctx context.Context, url string, session *http.Cookie) (*tab, error) {
	t := &tab{done: make(chan struct{}, 1)}
	t.ctx, _ = chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.DisableGPU, chromedp.Flag("window-size", "1280,900")), chromedp.WithListener(t.hear))
	err := chromedp.Do(t.ctx, chromedp.EmulateViewport(1280, 800))
	if err == nil {
		_, err = chromedp.Call(t.ctx, network.SetCookie, network.SetCookieParams{Name: session.Name, Value: session.Value, URL: url, HTTPOnly: new(true)})
	}
	if err == nil {
		_, err = chromedp.Call(t.ctx, document.AddScriptToEvaluateOnNewDocument, document.AddScriptToEvaluateOnNewDocumentParams{Source: browserJS})
	}
	if err == nil {
		_, err = chromedp.Call(t.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("no Chromium (make setup-test installs it): %w", err), t.close())
	}
	return t, nil
}

func (t *tab) close() error { return chromedp.Cancel(t.ctx) }

// open loads a page, of which the browser has kept nothing when fresh.
func (t *tab) open(url string, fresh bool) error {
	if err := chromedp.Do(t.ctx, chromedp.Navigate("about:blank")); err != nil {
		return err
	}
	if fresh {
		if _, err := chromedp.Call(t.ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
			return err
		}
	}
	answer, err := chromedp.Run(t.ctx, chromedp.NavigateResponse(url))
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("%s: %d", url, answer.Status)
	}
	return err
}

// ask evaluates an expression of the page, which may be a promise.
func ask[T any](t *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until looks every few milliseconds whether an expression is true.
func (t *tab) until(expression string) error {
	for late := time.Now().Add(time.Minute); time.Now().Before(late); time.Sleep(20 * time.Millisecond) {
		if yes, err := ask[bool](t, "!!("+expression+")"); err != nil || yes {
			return err
		}
	}
	return errors.New("it never came about: " + expression)
}

// click presses the middle of an element.
func (t *tab) click(selector string) error {
	at, err := ask[struct{ X, Y float64 }](t, fmt.Sprintf("new Promise((r) => { bench.middle(%q); setTimeout(() => r(bench.middle(%[1]q)), 300) })", selector))
	if err != nil {
		return err
	}
	return chromedp.Do(t.ctx, chromedp.MouseClickXY(at.X, at.Y))
}

// key presses and lets go one key; "\r" is Enter.
func (t *tab) key(letter rune, held ...chromedp.Modifier) error {
	return chromedp.Do(t.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, event := range kb.Encode(letter) {
			chromedp.KeyModifiers(held...)(event)
			if event.Type == kb.KeyDown {
				event.Type = input.DispatchKeyEventTypeRawKeyDown
			}
			if event.Type == kb.KeyChar && len(held) > 0 {
				continue
			}
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *event); err != nil {
				return err
			}
		}
		return nil
	}))
}

// spent is the processor time of the page's main thread so far, in seconds by the
// names that the browser has for it.
func (t *tab) spent() (map[string]float64, error) {
	answer, err := chromedp.Call(t.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	spent := map[string]float64{}
	for _, m := range answer.Metrics {
		spent[m.Name] = m.Value
	}
	return spent, nil
}

// traced does something and writes down what the browser did meanwhile, for the
// performance panel of its developer tools. An empty path writes nothing.
func (t *tab) traced(path string, act func() error) error {
	if path == "" {
		return act()
	}
	config := &tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline", "v8.execute", "loading", "blink.user_timing", "disabled-by-default-devtools.timeline", "disabled-by-default-v8.cpu_profiler"}}
	t.trace = nil
	if _, err := chromedp.Call(t.ctx, tracing.Start, tracing.StartParams{TransferMode: tracing.StartTransferModeReportEvents, TraceConfig: config}); err != nil {
		return err
	}
	fault := act()
	if _, err := chromedp.Call(t.ctx, tracing.End, cdp.Empty{}); err != nil {
		return errors.Join(fault, err)
	}
	<-t.done
	all, err := json.Marshal(map[string]any{"traceEvents": t.trace})
	if err == nil {
		err = os.WriteFile(path, all, 0o644)
	}
	return errors.Join(fault, err)
}

// hear runs in the loop that reads the browser's messages.
func (t *tab) hear(event any) {
	switch e := event.(type) {
	case *tracing.EventDataCollected:
		for _, v := range e.Value {
			t.trace = append(t.trace, json.RawMessage(v))
		}
	case *tracing.EventTracingComplete:
		t.done <- struct{}{}
	}
}
