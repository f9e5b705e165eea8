// Saves cells: at every pause, and on leaving. A text that is not saved yet is
// kept as a draft first. What goes wrong is told by the page's Saver (its owner):
// fault(reason) and fine().
import { plain } from './plain.js'
import { quiet } from './quiet.js'
import { CellText } from './cell-text.js'
import { reached } from './say.js'

const pause = 800 // milliseconds without a key
const longest = 5000 // milliseconds of typing without a pause
const draftPause = 250

export class CellSaver {
  // page is { drafts, changed(), fault(saver, reason), theirs(saver), conflict(saver) }.
  constructor(page, cell, editor) {
    this.page = page
    this.cell = cell
    this.editor = editor
    const field = editor.querySelector('textarea')
    this.place = 0 // among the cells, from 1; the page tells it
    this.text = new CellText(cell.dataset.cell, Number(cell.dataset.version), plain(field.defaultValue))
  }

  get mine() {
    return this.editor.value ?? this.editor.querySelector('textarea').value
  }

  get dirty() {
    return this.mine !== this.text.base
  }

  // typed is what a draft keeps.
  get typed() {
    return { version: this.text.version, text: this.mine, kind: this.cell.dataset.kind, place: this.place }
  }

  // stop is for a cell that is gone: what is not saved stays a draft.
  stop() {
    clearTimeout(this.timer)
    this.draft()
  }

  // note hears of every change that somebody makes here. No text is read yet: it
  // may be a megabyte, and the key is to be painted first.
  note() {
    clearTimeout(this.drafting)
    this.drafting = setTimeout(() => quiet(() => this.draft()), draftPause)
    this.begun ??= performance.now()
    this.soon(Math.min(pause, Math.max(0, this.begun + longest - performance.now())))
    this.page.typing(this)
  }

  soon(delay) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => quiet(() => this.save()), delay)
  }

  // draft keeps what is not saved, or forgets what is.
  draft() {
    clearTimeout(this.drafting)
    if (!this.dirty) {
      this.kept = true
      this.page.drafts.drop(this.text.id)
      return
    }
    const kept = this.page.drafts.keep(this.text.id, this.typed)
    this.kept = kept === true
    if (kept !== true) kept.then((done) => (this.kept = done))
  }

  // save sends the text if it is another than the server's. It ends when the
  // server has what stands here, or when that did not work.
  async save() {
    clearTimeout(this.timer)
    while (this.going) await this.going
    if (this.text.conflict || !this.dirty || !this.cell.isConnected) return this.saved()
    this.begun = undefined
    this.going = this.send(this.mine)
    this.page.changed()
    try {
      await this.going
    } finally {
      this.going = null
      this.page.changed()
    }
  }

  async send(text) {
    const { id, version } = this.text
    this.text.sent = [...this.text.sent, text].slice(-20)
    let response
    try {
      response = await post(id, version, text)
    } catch {
      this.draft()
      return this.page.fault(this, { kind: 'lost' })
    }
    reached(response.status)
    if (response.ok) {
      this.text.settle(Number(response.headers.get('Mayfly-Version')) || version, text)
      this.cell.dispatchEvent(new CustomEvent('cell:saved', { bubbles: true }))
      this.settled()
    } else {
      this.draft()
      await this.refused(response)
    }
  }

  // along notes a text that another request takes to the server; arrived hears
  // how that went.
  along(text) {
    clearTimeout(this.timer)
    this.draft()
    this.text.sent = [...this.text.sent, text].slice(-20)
    this.carried = text
  }

  arrived(text, response) {
    const known = [response?.headers.get('Mayfly-Version'), this.shown?.value, this.cell.dataset.version].map(Number)
    const version = Math.max(...known.filter(Number.isFinite))
    if (response?.status < 400 && version >= this.text.version) this.text.settle(version, text)
    else if ([400, 413, 422].includes(response?.status)) this.page.fault(this, { kind: 'refused', told: true })
    else if (!(response?.status < 400)) this.soon(0) // which finds out why
    this.carried = undefined
    this.settled()
  }

  // shown is the field that says in a form which version its text was.
  get shown() {
    return this.editor.querySelector('[name=version]')
  }

  // settled is for after anything that told what the server has.
  settled() {
    if (this.shown) this.shown.value = this.text.version
    this.saved()
    if (this.dirty && !this.text.conflict) this.soon(pause)
  }

  // told hears of a newer version without its text: that of the text that went
  // along with another request. Else it asks, by saving over the old version.
  told(version) {
    const text = this.carried
    this.carried = undefined
    if (version <= this.text.version) return
    if (text === undefined) return this.send(this.mine)
    this.text.settle(version, text)
    this.settled()
  }

  async refused(response) {
    const said = await response.json().catch(() => ({}))
    if (response.status === 409 && typeof said.text === 'string') {
      this.meet(said.version, plain(said.text))
      return
    }
    const wait = Number(response.headers.get('Retry-After')) * 1000
    const kind = { 401: 'signed-out', 403: 'signed-out', 404: 'gone', 413: 'refused', 422: 'refused', 400: 'refused' }[response.status] ?? 'lost'
    this.page.fault(this, { kind, words: said.detail ?? said.message, wait })
  }

  // bringBack puts a draft there: what was typed over the text that the server
  // still has is typed again, else there are two texts.
  bringBack({ version, text }) {
    if (version === this.text.version) {
      this.editor.value = text
      return
    }
    const theirs = { version: this.text.version, text: this.text.base }
    this.editor.take(text)
    this.text.conflict = theirs
    this.draft()
    this.page.conflict(this)
    this.page.changed()
  }

  saved() {
    if (!this.dirty) {
      this.draft()
      this.page.fine(this)
    }
    this.page.changed()
  }

  // meet compares what the server is known to have with what stands here.
  meet(version, theirs) {
    const before = this.text.conflict
    const what = this.text.meet(version, theirs, this.mine)
    if (what === 'theirs') this.editor.take(theirs)
    if (what === 'conflict') {
      this.draft()
      this.cell.dispatchEvent(new CustomEvent('cell:conflict', { bubbles: true }))
      this.page.conflict(this)
    } else if (before && !this.text.conflict) {
      this.page.agreed(this)
    }
    if (what !== 'old') this.settled()
  }

  // decide ends a conflict: the text that stays here goes over the other one.
  decide(mine) {
    const { version, text } = this.text.conflict
    this.text.settle(version, text)
    if (mine !== this.mine) this.editor.take(mine)
    this.page.agreed(this)
    return this.save()
  }

  // leave sends what it can while the page goes. left is how many bytes the
  // browser still takes; it returns what is left then.
  leave(left) {
    if (!this.dirty) return left
    this.draft()
    if (this.text.conflict) return left
    if (this.mine.length > left) return left
    const size = new URLSearchParams({ text: this.mine }).toString().length + 200
    if (size > left) return left
    this.text.sent = [...this.text.sent, this.mine]
    post(this.text.id, this.text.version, this.mine, true).catch(() => {})
    return left - size
  }
}

function post(id, version, text, keepalive = false) {
  return fetch(`/cells/${id}/text`, {
    method: 'POST',
    body: new URLSearchParams({ version, text }),
    headers: { Accept: 'application/json' },
    redirect: 'error',
    keepalive,
  })
}
