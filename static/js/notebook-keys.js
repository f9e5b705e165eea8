// The keys of a notebook, as in Jupyter. In edit mode only those with Shift,
// Ctrl or Alt are the page's; in command mode a letter is a command, unless
// single keys are off (data-shortcuts). What is typed into a field is never taken.
const pair = 800 // milliseconds between d and d

export class Keys {
  constructor(page) {
    this.page = page
    document.addEventListener('keydown', (event) => this.early(event), true)
    document.addEventListener('keydown', (event) => this.late(event))
    const list = page.querySelector('[data-keys]')
    list?.addEventListener('click', ({ target }) => (target === list || target.closest('[data-close]')) && list.close())
  }

  // early is before the editor hears of it.
  early(event) {
    if (event.isComposing) return
    const act = this.shared(event)
    if (!act || document.querySelector('dialog[open]')) return // in this order: most keys are letters
    event.preventDefault()
    event.stopPropagation()
    if (!event.repeat || act === this.up || act === this.down) act()
  }

  // shared are the keys of both modes.
  shared(event) {
    const { key, shiftKey, altKey } = event
    const mod = event.ctrlKey || event.metaKey
    if (!this.within(event)) return null
    if (key === 'Enter') {
      if (shiftKey && !mod && !altKey) return () => this.page.runOn()
      if (mod && !shiftKey && !altKey) return () => this.run()
      if (altKey && !shiftKey && !mod) return () => this.page.runInsert()
    }
    if (event.ctrlKey && shiftKey && key === 'ArrowUp') return this.up
    if (event.ctrlKey && shiftKey && key === 'ArrowDown') return this.down
    if (mod && !shiftKey && !altKey && key.toLowerCase() === 's') return () => this.page.saving.flush()
    return null
  }

  up = () => this.page.moveBy(-1)
  down = () => this.page.moveBy(1)

  // run leaves the editor, as running where one stands does in Jupyter.
  run() {
    this.page.run()
    this.page.select(this.page.selected)
  }

  // within says that a key is the notebook's: it was pressed in a cell's editor
  // or outside of every field.
  within(event) {
    const place = event.composedPath()[0]
    if (place.closest?.('.cm-panel')) return false // the editor's own search
    if (event.target.closest?.('code-editor')) return this.page.contains(event.target)
    return !isField(place) && (event.target === document.body || this.page.contains(event.target))
  }

  // late is what the editor left.
  late(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (!this.page.selected) return
    if (event.target.closest?.('code-editor')) {
      if (event.key === 'Escape') this.leave(event)
      return
    }
    if (!this.within(event) || document.querySelector('dialog[open]')) return
    const act = this.command(event)
    if (!act) return
    event.preventDefault()
    act()
  }

  leave(event) {
    if (event.target.closest('.cell-conflict')) return
    event.preventDefault()
    this.page.select(this.page.selected)
  }

  command(event) {
    const { page } = this
    const bare = event.target === document.body || event.target.matches('.cell') // else arrows and Enter are the element's
    const plain = bare && { Enter: () => page.edit(page.selected), ArrowUp: () => page.step(-1), ArrowDown: () => page.step(1) }[event.key]
    if (plain) return event.shiftKey ? null : plain
    if (page.dataset.shortcuts === 'off' || event.key.length !== 1) return null
    if (event.key === '?') return () => page.querySelector('[data-keys]')?.showModal()
    return event.shiftKey ? null : this.letter(event)
  }

  letter(event) {
    const { page } = this
    const press = (name) => () => page.turns.press(name, () => page.selected)
    const letters = {
      a: press('insert-above'),
      b: press('insert-below'),
      d: () => this.twice(press('delete')),
      j: () => page.step(1),
      k: () => page.step(-1),
      m: press('to-markdown'),
      y: press('to-code'),
      z: () => page.undo(),
    }
    const held = event.repeat && !'jk'.includes(event.key)
    return held ? null : letters[event.key]
  }

  // twice does it at the second press.
  twice(act) {
    const now = performance.now()
    const second = now - this.first < pair
    this.first = second ? undefined : now
    if (second) act()
  }
}

const fields = 'input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])'
const isField = (node) => node instanceof Element && node.closest(fields) !== null
