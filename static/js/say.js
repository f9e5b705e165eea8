// What script itself has to say: a toast to see, or a line to be read out.
import { icon } from './icons.js'

// announce has a sentence read out by a screen reader.
export function announce(sentence) {
  const line = document.getElementById('announcer')
  if (line) line.textContent = sentence
}

// warn puts a toast on the page that stays until it is closed, or until its cause
// is over. One cause has one toast: the newest, or the one that says what can be
// done. ways are that: [{ words, act }]. It returns the toast.
export function warn(sentence, { ways = [], cause = sentence } = {}) {
  const place = document.getElementById('toasts')
  if (!place) return null
  const there = caused(cause)
  const better = there.find((toast) => toast.querySelector('.toast-action') && ways.length === 0)
  const same = better ?? there.find((toast) => toast.querySelector('.toast-text').textContent === sentence)
  if (same) {
    if (!same.contains(document.activeElement)) place.append(same) // it comes anew
    return same
  }
  const toast = drawn(sentence, ways)
  toast.dataset.cause = cause
  for (const old of there) old.remove()
  place.append(toast)
  return toast
}

// over takes away what was said of a cause that is gone, and tells whether
// anything was.
export function over(cause) {
  const gone = caused(cause)
  for (const toast of gone) toast.remove()
  return gone.length > 0
}

// The causes that more than one module knows.
export const away = 'away' // the server is not reached
export const signedOut = 'signed out'

// reached is told that the server answered, and how (0: it was not asked who
// somebody is). What was said of its absence goes, and whoever waits for it hears
// "server:reached".
export function reached(status = 0) {
  const back = status < 500 && over(away)
  const known = status >= 200 && status < 400 && over(signedOut)
  if (back || known) document.dispatchEvent(new CustomEvent('server:reached'))
}

// signIn leaves for the way in, which leads back here.
export function signIn(hash = '') {
  location.assign(`/?return=${encodeURIComponent(location.pathname + hash)}`)
}

const caused = (cause) => [...document.querySelectorAll('#toasts > toast-note')].filter((toast) => toast.dataset.cause === cause)

function drawn(sentence, ways) {
  const toast = document.createElement('toast-note')
  toast.className = 'toast'
  toast.dataset.stay = ''
  const words = document.createElement('p')
  words.className = 'toast-text'
  words.textContent = sentence
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'toast-close'
  button.dataset.close = ''
  button.setAttribute('aria-label', 'Close this message')
  button.append(icon('close'))
  toast.append(icon('alert'), words, ...ways.map(wayOut), button)
  return toast
}

function wayOut({ words, act }) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'toast-action'
  button.textContent = words
  button.addEventListener('click', act)
  return button
}
