// Texts whose cell is gone: it was deleted elsewhere while somebody typed in it.
// Each is offered as a new cell, now and after a reload, until that is decided.
import { announce, over, warn } from './say.js'

const mostWords = 40 // characters of a text that name it

export class LoneTexts {
  waiting = new Map() // drafts, by the cell that is gone

  // page is { cells(), turns }; drafts keep the texts meanwhile; changed is told
  // of each that comes or goes.
  constructor(page, drafts, changed) {
    this.page = page
    this.drafts = drafts
    this.changed = changed
  }

  // offer shows a draft, { text, kind, place }, of a cell that is gone.
  offer(cell, draft) {
    this.waiting.set(cell, draft)
    const [line] = draft.text.trim().split('\n')
    const name = line.length > mostWords ? `${line.slice(0, mostWords)}…` : line
    warn(`Cell ${draft.place} was deleted before what you typed was saved. It is kept here: ${name || 'an empty text'}`, {
      cause: causeOf(cell),
      ways: [{ words: 'Put it back', act: () => this.putBack(cell) }, { words: 'Throw it away', act: () => this.drop(cell) }],
    })
    this.changed()
  }

  // putBack makes a new cell of it where the old one was.
  async putBack(cell) {
    const { text, kind, place } = this.waiting.get(cell)
    const values = { text, kind, place: Math.min(place, this.page.cells().length + 1) }
    const add = kind === 'code' ? 'add-code' : 'add-markdown'
    if (!(await this.page.turns.press(add, undefined, { values, then: 'edit' }))) return // the offer stands
    this.drop(cell)
    announce('Your text is in a new cell.')
  }

  // take is for a cell that has come back by itself, which gets its text again.
  take(cell) {
    const draft = this.waiting.get(cell)
    this.forget(cell)
    return draft
  }

  drop(cell) {
    const draft = this.waiting.get(cell)
    this.forget(cell)
    this.drafts.drop(cell, draft?.key)
    this.changed()
  }

  forget(cell) {
    this.waiting.delete(cell)
    over(causeOf(cell))
  }
}

const causeOf = (cell) => `text of ${cell}`
