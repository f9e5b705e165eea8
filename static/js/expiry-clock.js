// <expiry-clock>: keeps a clock that the server drew moving, by the server's
// time. data-now is when the server read the row, data-expires when it goes. At
// zero it says "clock:expired" to what it stands in.
import { face } from './clock.js'
import { fullTime } from './times.js'
import { elapsed, join, leave } from './ticker.js'

class ExpiryClock extends HTMLElement {
  static observedAttributes = ['data-now', 'data-expires']

  connectedCallback() {
    this.read()
    join(this, 1000)
  }

  disconnectedCallback() {
    leave(this)
    clearTimeout(this.last)
  }

  attributeChangedCallback() {
    if (this.isConnected) this.read()
  }

  // read starts from what the server said, and only from something new: an
  // element that is moved within the page must not be set back.
  read() {
    const said = `${this.dataset.now} ${this.dataset.expires}`
    if (said !== this.said) {
      this.said = said
      this.left = Number(this.dataset.expires) - Number(this.dataset.now)
      this.since = elapsed()
    }
    this.tick()
  }

  tick() {
    const left = this.left - (elapsed() - this.since)
    const now = face(left)
    this.become(now.state)
    clearTimeout(this.last)
    if (left > 0 && left < 1000) this.last = setTimeout(() => this.tick(), left)
    this.write('.clock-time', now.time)
    this.write('.clock-word', now.word)
    const arc = this.querySelector('.ring-left')
    if (arc && arc.getAttribute('stroke-dasharray') !== now.dash) {
      arc.setAttribute('stroke-dasharray', now.dash)
      arc.setAttribute('stroke-dashoffset', now.offset)
    }
    const title = (now.state === 'expired' ? 'Went ' : 'Goes ') + fullTime(new Date(Number(this.dataset.expires)))
    if (this.title !== title) this.title = title
  }

  become(state) {
    const before = this.dataset.state
    if (before === state) return
    this.dataset.state = state
    if (state === 'expired') this.dispatchEvent(new CustomEvent('clock:expired', { bubbles: true }))
  }

  write(part, text) {
    const node = this.querySelector(part)
    if (node && node.textContent !== text) node.textContent = text
  }
}

customElements.define('expiry-clock', ExpiryClock)
