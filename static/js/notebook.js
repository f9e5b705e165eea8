// What a notebook's page loads besides app.js and editor.js. Everything here
// presses the buttons that the page has anyway, so there is one way to the
// server, and it works without any of this.
import { announce } from './say.js'
import { Drag } from './notebook-drag.js'
import { Far } from './notebook-far.js'
import { Keys } from './notebook-keys.js'
import { Names } from './notebook-names.js'
import { Questions } from './notebook-questions.js'
import { Saving } from './notebook-saving.js'
import { Turns } from './notebook-turns.js'

// NotebookPage knows which cell is selected, and what a new one means. One cell
// bears data-selected; somebody who is in its editor edits, else commands.
class NotebookPage extends HTMLElement {
  connectedCallback() {
    if (this.saving) return
    this.list = this.querySelector('#cells')
    this.saving = new Saving(this)
    this.turns = new Turns(this)
    this.names = new Names(`/notebooks/${this.dataset.notebook}`, () => this.texts())
    this.binned = []
    this.questions = new Questions(this)
    new Keys(this)
    new Drag(this)
    this.listen()
    this.far = new Far(() => this.cells())
    this.cells().forEach((cell, i) => this.meet(cell, i))
    this.watch = new MutationObserver((changes) => this.see(changes))
    this.watch.observe(this.list, { childList: true, subtree: true, attributeFilter: ['data-version', 'data-kind', 'data-error-line', 'aria-label', 'hidden'] })
    this.mark(this.remembered())
    if (location.hash && this.selected?.id === location.hash.slice(1)) this.select(this.selected)
    this.saving.restore()
    this.saving.changed()
    customElements.whenDefined('code-editor').then(() => this.greet())
  }

  // greet: who has just made a notebook types at once.
  greet() {
    const [first, ...rest] = this.cells()
    if (rest.length > 0 || document.activeElement !== document.body) return
    if (first?.querySelector('textarea').value === '') this.edit(first)
  }

  listen() {
    this.addEventListener('input', (event) => this.typed(event.target.closest('code-editor')))
    this.addEventListener('focusin', (event) => this.mark(event.target.closest('.cell')))
    this.addEventListener('editor:leave', (event) => this.pass(event))
    this.addEventListener('submit', (event) => this.turns.hold(event), true)
    this.addEventListener('keydown', (event) => this.named(event))
    this.addEventListener('click', (event) => this.pressed(event), true)
    this.addEventListener('dblclick', (event) => event.target.closest('.cell-prose') && this.edit(event.target.closest('.cell')))
    addEventListener('pagehide', () => this.saving.leave())
    addEventListener('online', () => this.saving.again())
    addEventListener('beforeunload', (event) => this.saving.unsafe && event.preventDefault())
    document.addEventListener('visibilitychange', () => (document.hidden ? this.saving.leave() : this.saving.again()))
  }

  cells() {
    return [...this.list.children].filter((node) => node.matches('.cell:not([hidden])'))
  }

  texts() {
    return this.cells().filter((cell) => cell.dataset.kind === 'code').map((cell) => this.saving.of(cell)?.mine ?? '')
  }

  // meet gives a cell that is new here what it needs.
  meet(cell, at = this.cells().indexOf(cell)) {
    const saver = this.saving.of(cell)
    if (!saver) return
    saver.editor.helper = this.names
    this.far.follow(cell)
    this.dress(cell, at)
  }

  // dress has the editor follow what the server says of its cell.
  dress(cell, at) {
    const editor = cell.querySelector('code-editor')
    const code = cell.dataset.kind === 'code'
    const field = editor.querySelector('textarea')
    field.placeholder = code ? 'Python' : 'Markdown'
    editor.become?.(code ? 'python' : 'markdown', `${code ? 'Code' : 'Text'} of cell ${at + 1}`)
    editor.wrong = Number(cell.dataset.errorLine ?? 0)
    this.saving.of(cell).place = at + 1
  }

  // see follows what swaps did to the list.
  see(changes) {
    const touched = new Set()
    const [added, taken] = [[], []]
    for (const { target, type, addedNodes, removedNodes } of changes) {
      if (target === this.list) {
        added.push(...cellsIn(addedNodes))
        taken.push(...cellsIn(removedNodes))
      }
      const cell = target.closest?.('.cell')
      if (cell && (type === 'attributes' ? target === cell : [...addedNodes].some((node) => node.matches?.('template')))) touched.add(cell)
    }
    const born = added.filter((cell) => cell.isConnected && !this.saving.knows(cell))
    for (const cell of new Set([...added, ...touched])) if (cell.isConnected && !cell.hidden) this.meet(cell)
    for (const cell of touched) if (cell.isConnected && !cell.hidden) this.saving.theirs(cell)
    for (const cell of [...taken, ...touched]) if (!cell.isConnected || cell.hidden) this.saving.gone(cell)
    this.keep()
    this.questions.look()
    if (born.length > 0) setTimeout(() => this.turns.born(born.at(-1))) // it comes at the end and is put in its place then
  }

  // keep has a cell selected when the one that was is gone, and the focus in it
  // when that took it away. A cell that goes is hidden first.
  keep() {
    const { selected } = this
    if (!selected) return
    if (!selected.isConnected || selected.hidden) {
      const focused = document.activeElement === document.body || selected.contains(document.activeElement)
      const cells = this.cells()
      const twin = document.getElementById(selected.id)
      this.mark(twin ?? cells[Math.max(0, Math.min(this.at, cells.length - 1))])
      if (focused && this.selected !== selected) this.selected.focus({ preventScroll: true })
    }
    this.at = this.cells().indexOf(this.selected)
  }

  typed(editor) {
    const cell = editor?.closest('.cell')
    if (!cell) return
    const saver = this.saving.of(cell)
    saver.note()
    if (saver.text.conflict) this.saving.conflict(saver)
    cell.dispatchEvent(new CustomEvent('cell:dirty', { bubbles: true }))
  }

  // named leaves the field of the name when that is done; the browser sends it.
  named(event) {
    if (event.key !== 'Enter' || event.isComposing || event.target.id !== 'notebook-name') return
    setTimeout(() => this.select(this.selected))
  }

  // mark makes a cell the selected one.
  mark(cell) {
    if (!cell || cell === this.selected) return
    if (this.selected) delete this.selected.dataset.selected
    this.selected = cell
    this.at = this.cells().indexOf(cell)
    cell.dataset.selected = ''
    try {
      sessionStorage.setItem(this.memory, cell.id)
    } catch {} // not allowed: the first one is selected next time
  }

  get memory() {
    return `mayfly:selected:${this.dataset.notebook}`
  }

  remembered() {
    const named = (id) => this.cells().find((cell) => id && cell.id === id)
    let last
    try {
      last = sessionStorage.getItem(this.memory)
    } catch {} // not allowed
    return named(location.hash.slice(1)) ?? named(last) ?? this.cells()[0]
  }

  // select is command mode: the cell itself has the focus.
  select(cell) {
    if (!cell) return
    this.mark(cell)
    this.fold(cell)
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest' })
  }

  // step selects a neighbour.
  step(way) {
    this.select(this.cells()[this.cells().indexOf(this.selected) + way] ?? this.selected)
  }

  // edit is edit mode: the caret is in the text, at its end or its beginning.
  edit(cell, way) {
    if (!cell) return
    this.mark(cell)
    const source = cell.querySelector('details.cell-source')
    if (source) source.open = true
    const editor = cell.querySelector('code-editor')
    if (way && editor.enter) editor.enter(way)
    else editor.focus()
    cell.querySelector('.cell-box')?.scrollIntoView({ block: 'nearest' })
  }

  // fold puts the source of a text away, unless there is nothing else to see.
  fold(cell) {
    const source = cell.querySelector('details.cell-source[open]')
    if (source && this.saving.of(cell).mine.trim() !== '' && !this.saving.of(cell).text.conflict) source.open = false
  }

  // pass takes an arrow that goes past the text into the next cell.
  pass(event) {
    const cells = this.cells()
    const next = cells[cells.indexOf(event.target.closest('.cell')) + event.detail]
    if (!next) return
    event.preventDefault()
    if (next.dataset.kind === 'code') this.edit(next, event.detail)
    else this.select(next)
  }

  // pressed notes what a press will bring.
  pressed(event) {
    const button = event.target.closest('[data-do]')
    const cell = button?.closest('.cell')
    if (cell && event.isTrusted) this.mark(cell)
    if (button) this.turns.expect(button.dataset.do, cell)
    const away = event.target.closest('a[href*="/export/"]')
    if (away) this.turns.follow(event, away)
  }

  // run runs the selected cell, and puts the text of one away.
  async run() {
    const cell = this.selected
    const text = cell.dataset.kind !== 'code'
    if (text && !cell.querySelector('details.cell-source')?.open) return true
    const done = await this.turns.press('run', cell)
    if (text && done) this.fold(cell)
    return done
  }

  // runOn runs the selected cell and goes to the next, or to a new one.
  runOn() {
    if (!this.selected) return
    const cells = this.cells()
    const next = cells[cells.indexOf(this.selected) + 1]
    this.questions.ran = this.selected
    const done = this.run()
    if (next) this.select(next)
    else done.then((ok) => ok && this.turns.press('insert-below', cells.at(-1), { then: 'edit' }))
  }

  async runInsert() {
    const cell = this.selected
    if (await this.run()) this.turns.press('insert-below', cell, { then: 'edit' })
  }

  // insertBelow puts a text into a new cell of the same kind. false: it did not
  // work.
  insertBelow(cell, text) {
    return this.turns.press('insert-below', cell, { values: { text, kind: cell.dataset.kind }, then: 'stay' })
  }

  // moveTo puts a cell at a place from 1.
  async moveTo(cell, place) {
    const from = this.cells().indexOf(cell) + 1
    const button = ['up', 'down'].find((name) => cell.querySelector(`[data-do=${name}]:not(:disabled)`))
    if (!button || !(await this.turns.press(button, cell, { values: { place } }))) return
    this.tellMoved(cell, from)
  }

  async moveBy(way) {
    const cell = this.selected
    const from = this.cells().indexOf(cell) + 1
    if (await this.turns.press(way < 0 ? 'up' : 'down', cell)) this.tellMoved(cell, from)
    cell.scrollIntoView({ block: 'nearest' })
  }

  // undo brings the cell back that was deleted last.
  async undo() {
    const id = this.binned.pop()
    if (!id) return
    this.turns.then = 'select'
    const offered = document.querySelector(`#toasts form[action="/cells/${id}/restore"] button`)
    if (offered) offered.click()
    else await htmx.ajax('POST', `/cells/${id}/restore`, { source: this, swap: 'none' })
  }

  tellMoved(cell, from) {
    const cells = this.cells()
    const to = cells.indexOf(cell) + 1
    if (to > 0 && to !== from) announce(`Cell ${from} moved to ${to} of ${cells.length}.`)
  }
}

const cellsIn = (nodes) => [...nodes].filter((node) => node.matches?.('.cell'))

customElements.define('notebook-page', NotebookPage)
