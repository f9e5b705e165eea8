// Frames of outputs tell how high their document is; that is all that is heard
// of them. A morph of the page around them takes the height off, so it is kept.
const lowest = 24
const highest = 4000
const heights = new WeakMap()

function keep(frame) {
  const height = heights.get(frame)
  if (height !== undefined && frame.height !== height) frame.height = height
}

addEventListener('message', (event) => {
  const said = event.data
  if (typeof said !== 'object' || said === null || said.mayfly !== 'height' || !Number.isFinite(said.height)) return
  for (const frame of document.querySelectorAll('iframe.out-frame')) {
    if (frame.contentWindow !== event.source) continue
    heights.set(frame, String(Math.min(highest, Math.max(lowest, Math.ceil(said.height)))))
    frame.dataset.told = ''
    keep(frame)
  }
})

new MutationObserver((changes) => {
  for (const { target } of changes) if (target.matches('iframe.out-frame')) keep(target)
}).observe(document.documentElement, { subtree: true, attributeFilter: ['height'] })
