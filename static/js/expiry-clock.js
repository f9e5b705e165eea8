// <expiry-clock>: keeps a clock that the server drew moving, by the server's
// time. data-now is when the server read the row, data-expires when it goes.
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
    const now = face(this.left - (elapsed() - this.since))
    if (this.dataset.state !== now.state) this.dataset.state = now.state
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

  write(part, text) {
    const node = this.querySelector(part)
    if (node && node.textContent !== text) node.textContent = text
  }
}

customElements.define('expiry-clock', ExpiryClock)
