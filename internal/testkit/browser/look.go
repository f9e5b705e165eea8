package browser

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// How long a step may take before it counts as failed, and how long it rests
// between two looks. Two cores are shared with jails under the race detector.
const (
	patience = 45 * time.Second
	glance   = 20 * time.Millisecond
)

// Wait waits until the page's answer to a JavaScript expression is true.
func (tab *Tab) Wait(expression string) {
	tab.t.Helper()
	tab.wait("find that "+expression, func() (bool, string) {
		ok, err := evaluate[bool](tab.ctx, "!!("+expression+")")
		if err != nil {
			return false, err.Error()
		}
		return ok, "it is not so"
	})
}

// See waits until the page shows the text, whatever space lies within it: a
// long name is drawn in two parts.
func (tab *Tab) See(text string) {
	tab.t.Helper()
	tab.SeeIn("body", text)
}

// SeeIn waits until one of the selector's elements shows the text.
func (tab *Tab) SeeIn(selector, text string) {
	tab.t.Helper()
	tab.wait("see "+quote(text)+" in "+selector, func() (bool, string) {
		shown, err := tab.shown(selector)
		if err != nil {
			return false, err.Error()
		}
		for _, s := range shown {
			if strings.Contains(solid(s), solid(text)) {
				return true, ""
			}
		}
		return false, strings.Join(shown, "\n---\n")
	})
}

// Shows reports whether one of the selector's elements shows the text now.
func (tab *Tab) Shows(selector, text string) bool {
	tab.t.Helper()
	return slices.ContainsFunc(tab.Texts(selector), func(s string) bool { return strings.Contains(solid(s), solid(text)) })
}

// Gone waits until nothing the selector finds can be seen any more.
func (tab *Tab) Gone(selector string) {
	tab.t.Helper()
	tab.wait("see "+selector+" go", func() (bool, string) {
		shown, err := tab.shown(selector)
		if err != nil {
			return false, err.Error()
		}
		return len(shown) == 0, strings.Join(shown, "\n---\n")
	})
}

// Texts returns what each visible element of the selector shows now.
func (tab *Tab) Texts(selector string) []string {
	tab.t.Helper()
	var shown []string
	tab.wait("read "+selector, func() (ok bool, seen string) {
		var err error
		shown, err = tab.shown(selector)
		return err == nil, "no page"
	})
	return shown
}

func (tab *Tab) shown(selector string) ([]string, error) {
	return evaluate[[]string](tab.ctx, call(`(selector) => [...document.querySelectorAll(selector)]
		.filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => e.innerText)`, selector))
}

// At waits until the tab's path matches the pattern (path.Match: * is any part
// without a slash), and returns the path.
func (tab *Tab) At(pattern string) (path string) {
	tab.t.Helper()
	tab.wait("come to "+pattern, func() (bool, string) {
		var err error
		if path, err = evaluate[string](tab.ctx, "document.readyState == 'complete' ? location.pathname : ''"); err != nil {
			return false, err.Error()
		}
		match, err := filepath.Match(pattern, path)
		return match && err == nil, path
	})
	return path
}

// Ask evaluates a JavaScript expression, which may be a promise, in the page.
func Ask[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	value, err := evaluate[T](tab.ctx, expression)
	tab.must("ask the page for "+expression, err)
	return value
}

func evaluate[T any](ctx context.Context, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait looks again and again until the condition holds; else the test ends with
// what was seen last. A page that is just being replaced counts as not yet.
func (tab *Tab) wait(what string, condition func() (done bool, seen string)) {
	tab.t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		done, seen := condition()
		if done {
			return
		}
		if time.Now().After(deadline) {
			tab.t.Fatalf("could not %s: %s\n%s", what, cut(seen, 2000), tab.describe())
		}
		<-tick.C
	}
}

// describe says where a failed test was.
func (tab *Tab) describe() string {
	where, _ := evaluate[string](tab.ctx, "location.href + '\\n' + document.body.innerText")
	text := "the page was " + cut(where, 4000)
	if noise := tab.noise.unexpected(); len(noise) > 0 {
		text += "\nits console said:\n" + strings.Join(noise, "\n")
	}
	if dir := os.Getenv("MAYFLY_SHOTS"); dir != "" {
		tab.Shoot("failed-" + strings.ReplaceAll(tab.t.Name(), "/", "-"))
	}
	return text
}

// solid makes texts comparable however they are broken into lines and parts.
func solid(text string) string { return strings.Join(strings.Fields(text), "") }

func cut(text string, size int) string {
	if len(text) > size {
		return text[:size] + "…"
	}
	return text
}
