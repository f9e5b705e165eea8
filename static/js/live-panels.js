// <live-panels>: asks a page's panels anew ("live:tick") every few seconds
// while something runs or Python is warming up, and when the page is seen again after a while.
const moving = '#running:not([hidden]), #warming:not([hidden]), #run-list[data-live]'
const pace = 4000
const stale = 30000

class LivePanels extends HTMLElement {
  connectedCallback() {
    this.busy = 'busy' in this.dataset || document.querySelector(moving) !== null
    this.timer = setInterval(() => this.look(), pace)
    document.addEventListener('visibilitychange', this)
    this.addEventListener('htmx:before:swap', this)
    this.addEventListener('htmx:after:swap', this)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
    document.removeEventListener('visibilitychange', this)
  }

  handleEvent(event) {
    if (event.type === 'htmx:before:swap') {
      // Panels are morphed, not replaced: what has the focus keeps it.
      for (const task of event.detail.tasks) task.swapSpec.style = task.type === 'oob' ? 'outerMorph' : task.swapSpec.style
    } else if (event.type === 'htmx:after:swap') {
      this.busy = document.querySelector(moving) !== null
    } else if (document.hidden) {
      this.left = performance.now()
    } else if (performance.now() - this.left > stale) {
      this.tick()
    }
  }

  look() {
    if (this.busy && !document.hidden) this.tick()
  }

  tick() {
    this.dispatchEvent(new CustomEvent('live:tick'))
  }
}

customElements.define('live-panels', LivePanels)
