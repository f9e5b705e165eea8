// <run-timer>: counts on from the milliseconds that the server measured.
import { elapsed, join, leave } from './ticker.js'

class RunTimer extends HTMLElement {
  static observedAttributes = ['data-elapsed']

  connectedCallback() {
    this.read()
    join(this, 100)
  }

  disconnectedCallback() {
    leave(this)
  }

  attributeChangedCallback() {
    if (this.isConnected) this.read()
  }

  read() {
    if (this.dataset.elapsed !== this.said) {
      this.said = this.dataset.elapsed
      this.base = Number(this.said)
      this.since = elapsed()
    }
    this.tick()
  }

  tick() {
    const seconds = (this.base + elapsed() - this.since) / 1000
    this.textContent = `${seconds.toFixed(1)} s`
  }
}

customElements.define('run-timer', RunTimer)
