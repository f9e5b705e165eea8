// Forms: one press is one request, the pressed button shows that it is on its
// way, and Ctrl or Cmd with Enter runs.

// The Run button becomes Stop as soon as the run began: neither the second half
// of a double click nor a key held down may stop it.
let repeating = false
document.addEventListener('keydown', (event) => (repeating = event.repeat), true)
document.addEventListener('keyup', () => (repeating = false), true)

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[type=submit], button:not([type])')
  if (!button?.form) return
  if (event.detail > 1 || (event.detail === 0 && repeating)) {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
}, true)

// A form that waits for its answer is not sent again. One that htmx sends says
// so by its class; one that leaves the page is remembered until it is left.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post') return
  if (form.classList.contains('htmx-request') || 'sent' in form.dataset) {
    event.preventDefault()
    event.stopImmediatePropagation()
  }
}, true)

document.addEventListener('submit', (event) => {
  if (event.defaultPrevented || event.target.method !== 'post') return
  event.target.dataset.sent = ''
  event.submitter?.classList.add('busy')
})

// A page that comes back out of the browser's memory starts afresh.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent
  for (const button of document.querySelectorAll('.busy')) button.classList.remove('busy')
})

function buttonOf(ctx) {
  const source = ctx.sourceElement
  return ctx.request.submitter ?? (source?.matches?.('button') ? source : null)
}

document.addEventListener('htmx:before:request', (event) => buttonOf(event.detail.ctx)?.classList.add('busy'))
document.addEventListener('htmx:finally:request', (event) => buttonOf(event.detail.ctx)?.classList.remove('busy'))

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return
  const inside = event.target.closest?.('form')
  const run = (inside ?? (event.target === document.body ? document : null))?.querySelector('[data-run]')
  if (!run) return
  event.preventDefault()
  run.click()
})
