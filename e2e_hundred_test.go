package main

import (
	"fmt"
	"net/url"
	"testing"

	"mayfly/internal/testkit/browser"
)

// watching has a page keep what the browser measures of it.
const watching = `window.seen = { shift: 0, blocked: 0, paint: 0, keys: [] }
const watch = (type, act, more) => new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true, ...more })
watch('layout-shift', (e) => { if (!e.hadRecentInput) seen.shift += e.value })
watch('longtask', (e) => { seen.blocked += Math.max(0, e.duration - 50) })
watch('largest-contentful-paint', (e) => { seen.paint = e.startTime })
watch('event', (e) => { if (e.name === 'keydown' || e.name === 'keypress') seen.keys.push(e.duration) }, { durationThreshold: 16 })`

// measured is what watching saw, in milliseconds.
type measured struct {
	Shift, Blocked, Paint float64
	Keys                  []float64 // of keys that took 16 ms or more until they were painted
}

func (m measured) slowest() (most float64) {
	for _, k := range m.Keys {
		most = max(most, k)
	}
	return most
}

// TestAHundredCellsStayQuick: of a long notebook only what is near the window is
// an editor; the rest is text of the same height, so that nothing moves, and keys
// are painted at once. The bounds are generous: other tests run beside this one.
// -v tells the figures.
func TestAHundredCellsStayQuick(t *testing.T) {
	t.Parallel()
	mira := signedIn(t, withLocal.get(t), "Mira")
	path := mira.post("/notebooks", url.Values{"name": {"Long"}}).header.Get("Location")
	for i := 1; i < 100; i++ {
		mira.post(path+"/cells", url.Values{"text": {fmt.Sprintf("import pandas as pd\n\ndef step_%d(rows):\n    \"\"\"Of one step.\"\"\"\n    return [r * %d for r in rows if r]  # all of them\n", i, i)}})
	}
	tab := mira.browse(browser.Screen{StillMotion: true})
	tab.First(watching)
	for name, at := range map[string]string{"Home": "/", "Files": "/files"} {
		tab.Go(at)
		tab.Wait("document.readyState == 'complete'")
		t.Logf("%s: %+v", name, browser.Ask[measured](tab, "new Promise((r) => setTimeout(() => r(seen), 500))"))
	}
	tab.Go(path)
	tab.Wait("document.querySelectorAll('#cells > li').length == 100 && document.querySelector('#cells > li:last-child code-editor').shadowRoot?.querySelector('.still span')")
	heights := browser.Ask[[]int](tab, "[2, 90].map((n) => document.querySelectorAll('code-editor')[n].offsetHeight)")
	if editors := browser.Ask[int](tab, "[...document.querySelectorAll('code-editor')].filter((e) => e.view).length"); editors == 0 || editors > 40 || heights[0] != heights[1] {
		t.Errorf("%d cells are editors; one is %d px high, a text %d", editors, heights[0], heights[1])
	}
	tab.Wait("document.querySelector('#cells > li:last-child').matches('[data-far]') && !document.querySelector('#cells > li').matches('[data-far]')")
	if wired := browser.Ask[int](tab, "document.querySelectorAll('#cells [data-htmx-powered]').length"); wired != 0 {
		t.Errorf("%d buttons of cells that nobody pressed are wired up", wired)
	}
	opened := browser.Ask[measured](tab, "seen")
	tab.Click(cell(3, ".cell-editor"))
	browser.Ask[bool](tab, "(seen.keys = [], true)")
	tab.Keys("the_quick_brown = fox_jumps + over_the_lazy")
	typed := browser.Ask[measured](tab, "new Promise((r) => setTimeout(() => r(seen), 300))")
	t.Logf("notebook of 100 cells: %+v; 43 keys, the slowest %g ms, %d of 16 ms or more", opened, typed.slowest(), len(typed.Keys))
	if opened.Shift > 0.1 || opened.Paint > 10_000 || typed.slowest() > 500 {
		t.Errorf("it moves or is slow: %+v, keys %v", opened, typed.Keys)
	}
	if lazy := browser.Ask[[]bool](tab, readLate); !lazy[0] || !lazy[1] || !lazy[2] {
		t.Errorf("a key leaves the field as it is: %t; a form that is sent has the text: %t; who asks has it: %t", lazy[0], lazy[1], lazy[2])
	}
	saved(tab)
	tab.Reload()
	tab.Wait("document.querySelectorAll('code-editor')[2].value?.includes('the_quick_brown')")
}

// readLate changes a text and says what of it is written where, in one go.
const readLate = `(() => {
	const editor = document.querySelectorAll('code-editor')[2]
	const before = editor.value
	editor.view.dispatch({ changes: { from: 0, insert: '# first' } })
	const field = editor.field.value
	return [field === before, new FormData(editor.field.form).get('text').startsWith('# first'), editor.value.startsWith('# first')]
})()`

// turn tells a page what a browser tells it when its tab comes to the front or
// goes behind another.
func turn(tab *browser.Tab, hidden bool) {
	browser.Ask[bool](tab, fmt.Sprintf(`(() => {
		Object.defineProperty(document, 'hidden', { configurable: true, get: () => %t })
		Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => %[1]t ? 'hidden' : 'visible' })
		return document.dispatchEvent(new Event('visibilitychange'))
	})()`, hidden))
}

// ticks waits until the output of the running cell grows.
func ticks(tab *browser.Tab) {
	count := "document.querySelector('#cells > li .outputs').innerText.length"
	tab.SeeIn(cell(1, ".outputs"), "tick")
	tab.Wait(fmt.Sprintf("%s > %d", count, browser.Ask[int](tab, count)))
}

// TestNineTabsHoldOneStreamSEC20: of many tabs with a running cell only the one
// that is shown holds a stream, so that a ninth loads and follows; and one that is
// shown again catches up.
func TestNineTabsHoldOneStreamSEC20(t *testing.T) {
	t.Parallel()
	first := signedIn(t, withLocal.get(t), "Mira").browse(browser.Screen{StillMotion: true})
	newNotebook(first, loop)
	path := first.At("/notebooks/*")
	first.Keys(enter, browser.Ctrl)
	ticks(first)
	last := first
	for range 8 {
		turn(last, true)
		last = last.Twin()
		last.Go(path)
		last.SeeIn(cell(1, ".outputs"), "tick")
	}
	ticks(last)
	turn(last, true)
	turn(first, false)
	ticks(first)
	first.Click("[data-do=interrupt]")
	first.SeeIn(cell(1, ".cell-strip"), "interrupted")
}
