// Saving of a whole notebook: a saver for each cell, one line that says how it
// stands, and the trouble that is told once for all of them.
import { icon } from './icons.js'
import { announce, away, over, signedOut, signIn, warn } from './say.js'
import { ConflictBar } from './cell-conflict.js'
import { CellDrafts } from './cell-drafts.js'
import { LoneTexts } from './cell-lone.js'
import { CellSaver } from './cell-saver.js'
import { plain } from './plain.js'

// What is said when a text cannot be saved, by why that is.
const troubles = {
  lost: 'Not saved: Mayfly cannot be reached. Your draft is safe in this browser.',
  'signed-out': 'Not saved: you are signed out. Your draft is safe in this browser.',
  refused: 'Not saved: the server does not take this text. A cell holds 1 MB at most.',
  gone: 'Not saved: this cell or its notebook was deleted. Your draft is safe in this browser.',
}
const noRoom = 'Not saved, and this browser has no room for a draft. Keep this tab open until it says Saved.'
const saving = 'saving' // the cause of a toast
const looks = {
  saved: { sign: 'check', words: 'Saved' },
  saving: { sign: 'turning', words: 'Saving…' },
  failed: { sign: 'alert', words: 'Not saved' },
}
const soonest = 1000
const latest = 30_000
const unload = 60_000 // bytes that a browser still sends when a page is left

export class Saving {
  savers = new Map()
  bars = new Map()
  troubled = new Set()

  constructor(page) {
    this.page = page
    const person = document.querySelector('.menu-note .mono')?.textContent.trim() ?? ''
    this.drafts = new CellDrafts(person, page.dataset.notebook)
    this.lone = new LoneTexts(page, this.drafts, () => this.changed())
    document.addEventListener('server:reached', () => this.again())
  }

  // of is the saver of a cell.
  of(cell) {
    const id = cell.dataset.cell
    const there = this.savers.get(id)
    if (there?.cell === cell) return there
    const editor = cell.querySelector('code-editor')
    if (!editor) return null
    const saver = new CellSaver(this, cell, editor)
    this.savers.set(id, saver)
    const draft = this.lone.take(id)
    if (draft) setTimeout(() => saver.bringBack(draft))
    return saver
  }

  // gone is told of a cell that left the page. What was typed in it and is not
  // saved is offered as a new one.
  gone(cell) {
    const saver = this.savers.get(cell.dataset.cell)
    if (saver?.cell !== cell) return
    this.agreed(saver)
    this.savers.delete(saver.text.id)
    saver.stop()
    this.fine(saver)
    if (saver.dirty) this.lone.offer(saver.text.id, saver.typed)
  }

  knows(cell) {
    return this.savers.get(cell.dataset.cell)?.cell === cell
  }

  // calm says that the server has everything that is not waiting for a choice.
  get calm() {
    return this.all().every((saver) => saver.text.conflict || (!saver.dirty && !saver.going))
  }

  // torn are the cells that have two texts.
  get torn() {
    return this.all().filter((saver) => saver.text.conflict)
  }

  all() {
    return [...this.savers.values()].filter((saver) => saver.cell.isConnected)
  }

  // restore brings drafts back: over the text they were typed over, or beside
  // another one for somebody to choose.
  async restore() {
    const drafts = await this.drafts.all()
    let back = 0
    for (const [cell, draft] of drafts) {
      const saver = this.savers.get(cell)
      if (!saver && draft.notebook === this.page.dataset.notebook) this.lone.offer(cell, draft)
      if (!saver) continue
      if (draft.key !== this.drafts.key(cell)) this.drafts.drop(cell, draft.key)
      if (draft.text === saver.text.base) {
        this.drafts.drop(cell)
        continue
      }
      if (saver.dirty) continue // somebody types already
      back++
      saver.bringBack(draft)
    }
    if (back > 0) announce(back === 1 ? 'A text that was not saved is back.' : `${back} texts that were not saved are back.`)
  }

  // theirs looks for a text that the server says a cell has now.
  theirs(cell) {
    const saver = this.of(cell)
    const said = cell.querySelector('template.cell-theirs[data-version]') ?? cell.querySelector('template.cell-theirs')
    const version = Number(said?.dataset.version ?? cell.dataset.version)
    if (!saver || version <= saver.text.version) return
    if (said) saver.meet(version, plain(said.content.textContent).replace(/^\n/, ''))
    else saver.told(version)
    if (said?.dataset.version) said.remove() // it came alone, and has been read
  }

  // conflict shows both texts in the cell.
  conflict(saver) {
    const { id, conflict } = saver.text
    let bar = this.bars.get(id)
    if (!bar) {
      bar = new ConflictBar(saver.editor, (choice) => this.choose(saver, choice))
      this.bars.set(id, bar)
      announce('This cell was changed in another tab. Both texts are kept: choose one.')
    }
    bar.show(saver.mine, conflict.text)
  }

  async choose(saver, choice) {
    const { mine } = saver
    const theirs = saver.text.conflict.text
    if (choice === 'both' && !(await this.page.insertBelow(saver.cell, mine))) return
    await saver.decide(choice === 'mine' ? mine : theirs)
    announce({ mine: 'Your text is kept.', theirs: 'The other text is taken.', both: 'Your text is in a new cell below.' }[choice])
    this.page.select(saver.cell)
  }

  agreed(saver) {
    this.bars.get(saver.text.id)?.remove()
    this.bars.delete(saver.text.id)
  }

  // flush saves everything. false: something is not saved.
  async flush() {
    await Promise.all(this.all().map((saver) => saver.save()))
    return this.all().every((saver) => saver.text.conflict || !saver.dirty)
  }

  // typing is changed for a key, which does not wait for a look at every cell.
  typing(saver) {
    if (this.troubled.size === 0 && !saver.text.conflict) this.tell('saving')
    else this.changed()
  }

  // changed says in one word how it stands.
  changed() {
    const all = this.all()
    const waits = all.some((saver) => saver.dirty || saver.going)
    const failed = this.troubled.size > 0 || all.some((saver) => saver.text.conflict)
    const lone = this.lone.waiting.size > 0
    this.tell(lone || (waits && failed) ? 'failed' : waits ? 'saving' : 'saved')
  }

  tell(state) {
    const line = document.getElementById('save-state')
    if (!line || line.dataset.state === state) return
    line.dataset.state = state
    line.ariaLive = 'off' // at every pause it would be read out
    const { sign, words } = looks[state]
    line.replaceChildren(icon(sign), words)
  }

  fine(saver) {
    this.troubled.delete(saver)
    if (saver !== this.savers.get(saver.text.id)) this.lone.forget(saver.text.id) // it was saved before its cell went
    if (this.troubled.size > 0) return
    this.pace = soonest
    over(saving)
  }

  // fault tells why a text is not saved, and tries again where that may help.
  fault(saver, { kind, words, wait, told: elsewhere }) {
    if (saver !== this.savers.get(saver.text.id)) return // its cell is gone, and its text is offered
    this.troubled.add(saver)
    const told = saver.kept === false ? noRoom : kind === 'refused' && words ? `Not saved: ${words}` : troubles[kind]
    if (elsewhere) return over(saving) // the answer has come with its own words, and is newer
    if (kind === 'refused' || kind === 'gone') {
      warn(told, { cause: saving })
      if (kind === 'gone') this.page.dispatchEvent(new CustomEvent('notebook:ask'))
      return
    }
    const out = kind === 'signed-out'
    const way = out ? { words: 'Sign in', act: () => this.signIn() } : { words: 'Try again', act: () => this.again() }
    warn(told, { cause: out ? signedOut : away, ways: [way] })
    this.pace = Math.min(latest, (this.pace ?? soonest) * 2)
    clearTimeout(this.retry)
    this.retry = setTimeout(() => this.again(), wait || this.pace)
  }

  again() {
    clearTimeout(this.retry)
    for (const saver of this.all()) if (saver.dirty) saver.save()
  }

  // signIn leaves for the way in, which leads back to this very cell.
  signIn() {
    signIn(this.page.selected ? `#${this.page.selected.id}` : '')
  }

  // leave is for when the page is hidden or goes: afterwards nothing may run.
  leave() {
    let left = unload
    for (const saver of this.all()) left = saver.leave(left)
  }

  // unsafe says that leaving would lose something.
  get unsafe() {
    return this.all().some((saver) => saver.dirty && saver.kept === false)
  }
}
