// <local-time>: says a moment in the time of the browser. The server writes
// UTC, and writes it again whenever a piece of the page is morphed, so the
// element watches what stands in it.
import { fullTime, shapes } from './times.js'

class LocalTime extends HTMLElement {
  connectedCallback() {
    this.watch ??= new MutationObserver(() => this.say())
    this.watch.observe(this, { subtree: true, childList: true, characterData: true, attributeFilter: ['datetime'] })
    this.say()
  }

  disconnectedCallback() {
    this.watch.disconnect()
  }

  say() {
    const time = this.querySelector('time')
    const moment = new Date(time?.dateTime ?? '')
    if (Number.isNaN(moment.getTime())) return
    const shape = shapes[this.dataset.shape]
    if (shape && time.textContent !== shape(moment)) time.textContent = shape(moment)
    const title = fullTime(moment)
    if (time.title !== title) time.title = title
  }
}

customElements.define('local-time', LocalTime)
