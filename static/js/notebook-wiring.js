// The forms of a cell are wired up to htmx when they are first pressed: a long
// notebook has a thousand buttons, of which few ever are. Until then htmx passes
// them over (data-hx-ignore). The server goes on to say so in what it sends; a
// morph is not to undo what was done here.
import htmx from './htmx.js'

const unwired = ':is(.cell-run, .cell-tools > form)[data-hx-ignore]'

htmx.config.morphIgnore.push('data-hx-ignore')

function wire(event) {
  const form = event.target.closest?.(unwired)
  if (!form) return
  form.removeAttribute('data-hx-ignore')
  htmx.process(form)
}

// Before anybody else hears of it: what is wired now hears of this very press.
for (const type of ['click', 'submit']) addEventListener(type, wire, true)
