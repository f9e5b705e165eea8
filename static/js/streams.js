// Event streams of runs. htmx keeps an open stream going and closes it while
// the page is hidden; here a stream that could not be opened is asked for
// again ("live:retry"), and one that never will be is given up.
import { away, over, reached, signedOut, signIn, warn } from './say.js'

const streams = '[hx-sse\\:connect]'
const lost = 'The live view is lost. The run goes on, and this page catches up by itself.'
const absent = 'The live view is lost: Mayfly cannot be reached. This page catches up by itself.'
const live = 'live view' // the cause of a toast
const tries = new WeakMap()
const given = new WeakMap() // what they were answered

const isStream = (node) => node instanceof Element && node.matches(streams)

// hopeless says that asking again gives the same answer.
const hopeless = (status) => status >= 400 && status < 500 && status !== 408 && status !== 429

function fail(stream, status, wait) {
  const count = (tries.get(stream) ?? 0) + 1
  tries.set(stream, count)
  if (hopeless(status)) {
    given.set(stream, status)
    if (status === 401) warn('You are signed out. What you typed is still here.', { cause: signedOut, ways: [{ words: 'Sign in', act: () => signIn() }] })
    else warn('This run cannot be followed any more. Reload the page.')
    return false
  }
  if (count === 3) warn(status ? lost : absent, { cause: status ? live : away })
  return wait ?? Math.min(15000, 500 * 2 ** count)
}

function again(stream, delay) {
  if (delay === false) return
  setTimeout(() => {
    if (!stream.isConnected || given.has(stream)) return
    if (document.hidden) {
      document.addEventListener('visibilitychange', () => again(stream, 0), { once: true })
      return
    }
    stream.dispatchEvent(new CustomEvent('live:retry'))
  }, delay)
}

// The first request of a stream failed: htmx does not try again by itself.
document.addEventListener('htmx:response:error', (event) => {
  const { ctx } = event.detail
  if (!isStream(ctx.sourceElement)) return
  const seconds = Number(ctx.response.headers.get('Retry-After'))
  again(ctx.sourceElement, fail(ctx.sourceElement, ctx.response.status, seconds ? seconds * 1000 : undefined))
})

document.addEventListener('htmx:error', (event) => {
  const stream = event.detail.ctx?.sourceElement
  if (isStream(stream)) again(stream, fail(stream, 0))
})

// A stream that was open failed: htmx tries again, unless it is told not to.
document.addEventListener('htmx:sse:error', (event) => {
  if (isStream(event.target)) fail(event.target, event.detail.status ?? 0)
})

document.addEventListener('htmx:sse:before:connection', (event) => {
  if (given.has(event.target)) event.preventDefault()
})

document.addEventListener('htmx:sse:after:connection', (event) => {
  tries.delete(event.target)
  over(live)
  reached(200)
})

// Somebody who was signed out is in again, perhaps by another tab.
document.addEventListener('server:reached', () => {
  for (const stream of document.querySelectorAll(streams)) {
    if (given.get(stream) !== 401) continue
    given.delete(stream)
    again(stream, 0)
  }
})

document.addEventListener('htmx:sse:close', (event) => {
  if (event.detail.reason === 'ended' && isStream(event.target)) again(event.target, 1000)
})
