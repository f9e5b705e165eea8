// What script itself has to say: a toast to see, or a line to be read out.
import { icon } from './icons.js'

// announce has a sentence read out by a screen reader.
export function announce(sentence) {
  const line = document.getElementById('announcer')
  if (line) line.textContent = sentence
}

// warn puts a toast on the page that stays until it is closed, unless the same
// words stand there already. It returns the toast. way is what can be done about
// it: { words, act }.
export function warn(sentence, way) {
  const place = document.getElementById('toasts')
  if (!place) return null
  for (const there of place.querySelectorAll('.toast-text')) {
    if (there.textContent.trim() === sentence) return there.closest('toast-note')
  }
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
  toast.append(icon('alert'), words, ...(way ? [wayOut(way)] : []), button)
  place.append(toast)
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
