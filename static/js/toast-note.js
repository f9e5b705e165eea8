// <toast-note>: a message that goes by itself, unless it bears data-stay or
// somebody is at it with pointer or focus. One with an Undo counts down. One
// that comes after the page did and bears data-files tells the page that files
// changed.
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
    this.addEventListener('click', (event) => {
      if (event.target.closest('[data-close]')) this.remove()
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

customElements.define('toast-note', ToastNote)
