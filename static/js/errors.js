// Requests that failed. The server says what went wrong in a toast of its own;
// here is said what it could not: that it was not reached, or that something
// between it and us answered. What a page asks by itself fails in silence.
import { warn } from './say.js'

// byItself says that nobody pressed anything for this request.
function byItself(ctx) {
  return ctx.sourceElement.matches('[hx-sse\\:connect], live-panels, notebook-page, .file-list')
}

document.addEventListener('htmx:response:error', (event) => {
  const { ctx } = event.detail
  if (byItself(ctx)) {
    ctx.text = '' // no toast either: the next try is soon
    ctx.hx = {}
    return
  }
  if (ctx.text.includes('<hx-partial')) return
  ctx.swap = 'none'
  ctx.hx = {}
  warn(`Mayfly did not answer as it should (${ctx.response.status}). What you typed is still here. Try again in a moment.`)
})

document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail
  if (!ctx || byItself(ctx)) return
  warn('Mayfly cannot be reached. What you typed is still here. Try again in a moment.')
})
