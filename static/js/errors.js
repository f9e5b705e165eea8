// Requests that failed. The server says what went wrong in a toast of its own;
// here is said what it could not: that it was not reached, or that something
// between it and us answered. What a page asks by itself fails in silence. What
// was said goes when its cause has gone: when the server is reached again, or
// the same request works.
import { away, over, reached, signedOut, warn } from './say.js'

const soonest = 2000 // milliseconds until a server that was not reached is tried
const latest = 30_000

// byItself says that nobody pressed anything for this request.
function byItself(ctx) {
  return ctx.sourceElement.matches('[hx-sse\\:connect], live-panels, notebook-page, .file-list')
}

const asked = ({ request }) => `${request.method} ${request.action}`

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
  absent(`Mayfly did not answer as it should (${ctx.response.status}). What you typed is still here. Try again in a moment.`)
})

document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail
  if (!ctx || byItself(ctx)) return
  absent('Mayfly cannot be reached. What you typed is still here. Try again in a moment.')
})

// The server's own toast is about the request that it answered.
document.addEventListener('htmx:finally:request', (event) => {
  const { ctx } = event.detail
  if (!ctx.response) return
  reached(ctx.response.status)
  if (ctx.response.status < 400) return over(asked(ctx))
  if (byItself(ctx) || !ctx.text?.includes('<toast-note')) return
  const told = document.querySelector('#toasts > toast-note[data-stay]:last-of-type:not([data-cause])')
  if (told) told.dataset.cause = ctx.response.status === 401 ? signedOut : asked(ctx)
})

let timer = 0

// absent says that the server is not there, and tries until it is: nothing else
// may ask it for long.
function absent(sentence) {
  warn(sentence, { cause: away })
  clearTimeout(timer)
  timer = setTimeout(() => look(soonest), soonest)
}

async function look(pace) {
  if (!document.querySelector(`#toasts > [data-cause="${away}"]`)) return
  if (!document.hidden) {
    const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => null)
    if (answer?.ok) return reached()
  }
  const next = Math.min(latest, pace * 2)
  timer = setTimeout(() => look(next), next)
}
