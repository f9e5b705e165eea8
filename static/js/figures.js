// What stands under a figure: forms in an output, where htmx looks at nothing. What
// a run said holds no form; these are ours.
import htmx from './htmx.js'

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (!form.matches('form[data-figure]') || event.defaultPrevented) return
  event.preventDefault()
  const source = document.getElementById('notebook') ?? document.body
  const details = form.closest('details')
  await htmx.ajax('POST', form.action, { source, values: Object.fromEntries(new FormData(form)), swap: 'none' })
  details?.removeAttribute('open')
})
