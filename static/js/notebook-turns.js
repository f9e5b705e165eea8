// One thing after the other: keys are faster than the server, and what the
// second key means may depend on what the first one brought about.
import { announce } from './say.js'

const patience = 10_000 // milliseconds until a press counts as lost

export class Turns {
  constructor(page) {
    this.page = page
    this.last = Promise.resolve(true)
    this.values = null // what the next request says besides its form
    this.then = null // what is done with the next new cell
    page.addEventListener('htmx:config:request', (event) => this.config(event))
  }

  // press presses a cell's button, or one of the page's, when all earlier presses
  // are through. It tells whether the server did as asked. values go along with
  // the form; then says what is done with a cell that comes of it: 'edit',
  // 'select' or 'stay'.
  press(name, cell, how = {}) {
    this.last = this.last.then(() => this.now(name, cell, how)).catch(() => false)
    return this.last
  }

  async now(name, cell, { values = null, then }) {
    const place = typeof cell === 'function' ? cell() : cell
    const button = this.button(name, place)
    if (!button) return false
    if (!button.form) {
      button.click() // a link: it asks first, in a dialog
      return true
    }
    const done = this.answered(button)
    this.values = values
    button.click()
    if (then) this.then = then
    this.values = null
    const ok = await done
    await new Promise((resolve) => setTimeout(resolve)) // a new cell has been met by then
    return ok
  }

  button(name, cell) {
    const within = cell === undefined ? this.page : cell
    return within?.isConnected ? within.querySelector(`[data-do="${name}"]:not(:disabled)`) : null
  }

  // answered waits for the answer to what a button sends.
  answered(button) {
    return new Promise((resolve) => {
      const stop = new AbortController()
      const end = (ok) => {
        clearTimeout(timer)
        stop.abort()
        resolve(ok)
      }
      const timer = setTimeout(() => end(false), patience)
      document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
        if (ctx.sourceElement === button || ctx.request.submitter === button || ctx.sourceElement === button.form) end(ctx.response?.status < 400)
      }, { signal: stop.signal })
    })
  }

  // expect notes what becomes of the cell that a press brings.
  expect(name, cell) {
    const now = { 'insert-above': 'select', 'insert-below': 'select', 'add-code': 'edit', 'add-markdown': 'edit', duplicate: 'select' }[name]
    if (now) this.then = now
    if (name === 'delete' && cell) this.page.binned.push(cell.dataset.cell)
  }

  // born is told of a new cell in the list.
  born(cell) {
    const then = this.then
    this.then = null
    if (then === 'edit') this.page.edit(cell)
    if (then === 'select') this.page.select(cell)
  }

  // config adds to a request what only script knows, and holds it back while a
  // text that it is about is not saved yet.
  config(event) {
    const { ctx } = event.detail
    if (ctx.request.method !== 'POST') return
    for (const [name, value] of Object.entries(this.values ?? {})) ctx.request.body.set(name, value)
    const button = ctx.request.submitter ?? ctx.sourceElement
    const form = button.form ?? ctx.sourceElement.closest('form')
    const cell = form?.closest('.cell')
    const saver = cell && this.page.saving.of(cell)
    if (button.dataset.do === 'stop' || button.dataset.do === 'interrupt' || !form?.closest('notebook-page')) return
    if (this.torn(button.dataset.do, saver)) {
      event.preventDefault()
      return this.lost(button)
    }
    if (ctx.request.body.has('text') && ctx.request.body.has('version') && !saver?.going) return this.along(ctx, saver)
    if (this.passes === button || this.page.saving.calm) return
    event.preventDefault()
    this.again(button, this.values, () => button.click())
  }

  // along notes a text that a request itself takes to the server.
  along(ctx, saver) {
    const text = saver.mine
    ctx.request.body.set('version', saver.text.version)
    ctx.request.body.set('text', text)
    saver.along(text)
    const done = ({ detail }) => {
      if (detail.ctx !== ctx) return
      document.removeEventListener('htmx:finally:request', done)
      saver.arrived(text, ctx.response)
    }
    document.addEventListener('htmx:finally:request', done)
  }

  // torn says that a cell has two texts of which one must be chosen first.
  torn(name, saver) {
    const many = ['run-all', 'restart-run-all', 'run-above', 'run-below'].includes(name)
    const torn = many ? this.page.saving.torn[0] : saver?.text.conflict && ['run', 'duplicate'].includes(name) ? saver : null
    if (!torn) return false
    this.page.saving.bars.get(torn.text.id)?.focus()
    announce('Choose one of the two texts first.')
    return true
  }

  // lost has those who wait for a press hear that it came to nothing.
  lost(button) {
    document.dispatchEvent(new CustomEvent('htmx:finally:request', { detail: { ctx: { sourceElement: button, request: { submitter: button } } } }))
  }

  // again saves everything and then does what was held back.
  async again(button, values, act) {
    if (!(await this.page.saving.flush())) {
      announce('Not done: some text is not saved.')
      return this.lost(button)
    }
    this.passes = button
    this.values = values
    act()
    this.values = this.passes = null
  }

  // hold is for a form that leaves the page: what it is about must be saved.
  hold(event) {
    const form = event.target
    if (form.method !== 'post' || this.passes === form || this.page.saving.calm) return
    const button = event.submitter
    if (form.hasAttribute('hx-post') || button?.hasAttribute('hx-post')) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.again(form, null, () => form.requestSubmit(button))
  }

  // follow is for a link to what is made of the texts.
  follow(event, link) {
    if (this.passes === link || this.page.saving.calm) return
    event.preventDefault()
    this.again(link, null, () => link.click())
  }
}
