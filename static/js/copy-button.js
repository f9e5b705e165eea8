// <copy-button>: puts data-text on the clipboard. CSS shows its button once
// this element is defined, and draws the tick while it bears data-copied.
import { announce } from './say.js'

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', this)
  }

  async handleEvent(event) {
    if (!event.target.closest('button')) return
    if (!(await copy(this.dataset.text))) return
    const word = this.querySelector('[data-word]')
    this.before ??= word?.textContent
    this.dataset.copied = ''
    if (word) word.textContent = 'Copied'
    announce('Copied')
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      delete this.dataset.copied
      if (word) word.textContent = this.before
    }, 1600)
  }
}

// copy uses the old way too: the new one is only there on https and localhost.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.className = 'sr-only'
    document.body.append(field)
    field.select()
    const done = document.execCommand('copy')
    field.remove()
    return done
  }
}

customElements.define('copy-button', CopyButton)
