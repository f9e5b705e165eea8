// <toast-note>: a message that goes by itself, unless it bears data-stay or
// somebody is at it with pointer or focus. One with an Undo counts down. One
// that comes after the page did and bears data-files tells the page that files
// changed. What is said twice stands there once, as the newest; Escape closes
// that.
const brief = 6
const withUndo = 10 // seconds, as long as Undo is promised

// Toasts that came with the page tell it nothing new.
let arrived = false
addEventListener('load', () => {
  arrived = true
})

class ToastNote extends HTMLElement {
  connectedCallback() {
    if (this.begun) return
    this.begun = true
    this.replace()
    this.addEventListener('focusin', (event) => (this.before ??= event.relatedTarget))
    this.addEventListener('click', (event) => {
      if (event.target.closest('[data-close]')) this.close()
    })
    this.addEventListener('htmx:finally:request', (event) => {
      if (event.detail.ctx.response?.status < 400) this.remove()
    })
    if (arrived && 'files' in this.dataset) {
      document.body.dispatchEvent(new CustomEvent('files-changed', { bubbles: true }))
    }
    if ('stay' in this.dataset) return
    this.count = this.querySelector('[data-count]')
    this.left = this.count ? withUndo : brief
    this.timer = setInterval(() => this.second(), 1000)
    this.show()
  }

  // replace takes the same words of before away; what can be undone is another
  // thing each time.
  replace() {
    for (const other of this.parentElement.querySelectorAll('toast-note')) {
      if (other !== this && wordsOf(other) === wordsOf(this) && !other.querySelector('form, .toast-action')) other.remove()
    }
  }

  // close gives the focus back to where it was.
  close() {
    const within = this.contains(document.activeElement)
    this.remove()
    if (within) (this.before?.isConnected ? this.before : document.getElementById('main'))?.focus({ preventScroll: true })
  }

  disconnectedCallback() {
    clearInterval(this.timer)
  }

  second() {
    if (document.hidden || this.matches(':hover') || this.contains(document.activeElement) || this.querySelector('.htmx-request')) return
    this.left--
    this.show()
    if (this.left <= 0) this.remove()
  }

  show() {
    if (this.count) this.count.textContent = ` ${this.left} s`
  }
}

// wordsOf leaves out the request's number, which is another each time.
function wordsOf(toast) {
  const words = toast.querySelector('.toast-text')?.cloneNode(true)
  words?.querySelector('.toast-request')?.remove()
  return words?.textContent.replace(/\s+/g, ' ').trim()
}

// Escape is first for what is open or edited.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
  if (document.querySelector('dialog[open]') || event.target.closest?.('code-editor')) return
  document.querySelector('#toasts > toast-note:last-of-type')?.close()
})

customElements.define('toast-note', ToastNote)
