// A draft: what was typed and not run yet, kept in the browser for each page
// and person, so that a lost session, network or tab loses nothing of it.
const prefix = 'mayfly:draft:'
const keep = 7 * 24 * 3600 * 1000

export class Draft {
  constructor(form) {
    this.form = form
    // The account's id as the frame shows it: two people on one browser do
    // not see each other's drafts.
    const person = document.querySelector('.menu-note .mono')?.textContent.trim() ?? ''
    this.key = prefix + person + ':' + location.pathname + location.search
    this.leave = () => this.save()
    this.sent = (event) => {
      if (event.target === form && event.detail.ctx.response.status < 400) this.clear(event.detail.ctx)
    }
    addEventListener('pagehide', this.leave)
    form?.addEventListener('htmx:after:request', this.sent)
  }

  stop() {
    this.save()
    removeEventListener('pagehide', this.leave)
    this.form?.removeEventListener('htmx:after:request', this.sent)
  }

  // text is the draft, or what the server put into the page.
  text(served) {
    this.served = served
    try {
      const kept = JSON.parse(localStorage.getItem(this.key))
      if (kept && Date.now() - kept.at < keep) return kept.text
    } catch {} // unreadable or not allowed: there is no draft
    return served
  }

  // note hears of each key; text() is what stands there when it is asked for.
  note(text) {
    this.pending = text
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), 300)
  }

  save() {
    clearTimeout(this.timer)
    if (this.pending === undefined) return
    try {
      const text = this.pending()
      if (text === this.served) localStorage.removeItem(this.key)
      else localStorage.setItem(this.key, JSON.stringify({ text, at: Date.now() }))
    } catch {} // full or not allowed: the page still has it
  }

  // clear forgets what was sent, unless more was typed meanwhile.
  clear(ctx) {
    const sent = ctx.request.body?.get?.('code')
    const same = sent?.replaceAll('\r\n', '\n') === this.form.elements.code.value
    if (!same) return
    clearTimeout(this.timer)
    this.pending = undefined
    try {
      localStorage.removeItem(this.key)
    } catch {} // not allowed: there was none
  }
}

// Drafts that nobody came back for go.
try {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix)) continue
    const kept = JSON.parse(localStorage.getItem(key))
    if (!kept || Date.now() - kept.at >= keep) localStorage.removeItem(key)
  }
} catch {} // not allowed: there are none
