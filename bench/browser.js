// What a page measures of itself: put first into each page that the bench opens.
// Times are milliseconds since the page began.
(() => {
  const seen = { painted: 0, largest: 0, shift: 0, tasks: [], frames: [], moves: [], keys: [] }
  const watch = (type, act, more) => new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true, ...more })
  const script = (s) => `${s.invoker || s.invokerType} ${s.sourceURL.split('/').pop()} ${s.sourceFunctionName}`.trim()

  const named = (node) => (node?.id ? `#${node.id}` : `${node?.nodeName.toLowerCase()}.${node?.className ?? ''}`)
  const box = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')

  watch('paint', (e) => (seen.painted = e.startTime))
  watch('largest-contentful-paint', (e) => (seen.largest = e.startTime))
  watch('layout-shift', (e) => {
    if (e.hadRecentInput) return
    seen.shift += e.value
    for (const { node, previousRect, currentRect } of e.sources) seen.moves.push({ at: e.startTime, by: e.value, what: named(node), from: box(previousRect), to: box(currentRect) })
  })
  watch('longtask', (e) => seen.tasks.push({ at: e.startTime, took: e.duration }))
  watch('long-animation-frame', (e) => {
    const layout = e.styleAndLayoutStart ? e.startTime + e.duration - e.styleAndLayoutStart : 0
    const scripts = e.scripts.map((s) => ({ name: script(s), took: s.duration, forced: s.forcedStyleAndLayoutDuration }))
    seen.frames.push({ at: e.startTime, took: e.duration, layout, scripts })
  })
  watch('event', (e) => e.name === 'keydown' && seen.keys.push({ took: e.duration, work: e.processingEnd - e.processingStart, late: e.processingStart - e.startTime }), { durationThreshold: 16 })

  // painted answers once the frame that shows what was done until now is through.
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => resolve(performance.now())
    port2.postMessage(0)
  }))

  // typed collects how long each key took from being pressed to its frame.
  seen.typed = []
  let typing = false
  addEventListener('keydown', ({ timeStamp }) => typing && painted().then((at) => seen.typed.push(at - timeStamp)), true)

  // shown waits for a text in a place, from the press that brings it on. Of its
  // way it tells when: the request left, its answer was there, the stream told
  // last, the text stood in the page, and was painted; from the press on.
  const shown = (place, text) => new Promise((resolve) => {
    const legs = {}
    const done = new AbortController()
    const on = (name, act) => document.addEventListener(name, act, { signal: done.signal, capture: true })
    const press = (event) => (event.type !== 'keydown' || event.key === 'Enter') && (legs.pressed ??= event.timeStamp)
    on('keydown', press)
    on('click', press)
    on('htmx:before:request', () => (legs.sent ??= performance.now()))
    on('htmx:after:request', () => (legs.answered ??= performance.now()))
    on('htmx:sse:before:message', () => (legs.told = performance.now()))
    const watcher = new MutationObserver(async () => {
      if (!legs.pressed || document.querySelector(place)?.textContent.trim() !== text) return
      watcher.disconnect()
      done.abort()
      legs.shown = performance.now()
      legs.painted = await painted()
      resolve(Object.fromEntries(Object.entries(legs).map(([name, at]) => [name, at - legs.pressed])))
    })
    watcher.observe(document, { subtree: true, childList: true, characterData: true })
  })

  window.bench = {
    seen,
    shown,
    type(on) {
      typing = on
      seen.typed = []
      seen.keys = []
      return true
    },
    // middle is where an element is pressed, once it stands in the window.
    middle(selector) {
      const element = document.querySelector(selector)
      element.scrollIntoView({ block: 'center', behavior: 'instant' })
      const { left, top, width, height } = element.getBoundingClientRect()
      return { x: left + width / 2, y: top + Math.min(height, 400) / 2 }
    },
  }
})()
