// The palette: Ctrl or Cmd with K, on every page. It finds files and notebooks by
// their letters, goes to pages, and presses the buttons of this page.
import { icon } from './icons.js'
import { actions } from './palette-actions.js'
import { score, spans } from './palette-rank.js'

const pause = 90 // milliseconds between a key and the question to the server
const shown = 7 // rows of a group

class Palette {
  open() {
    if (document.querySelector('dialog[open]')) return
    this.gone() // one that was closed just now may not have heard of it
    this.back = deepFocus()
    const box = build()
    this.box = box
    document.body.append(this.box)
    this.field = this.box.querySelector('input')
    this.list = this.box.querySelector('[role=listbox]')
    this.field.addEventListener('input', () => this.typed())
    this.box.addEventListener('keydown', (event) => this.key(event))
    this.box.addEventListener('click', (event) => this.press(event))
    this.box.addEventListener('close', () => box === this.box && this.gone())
    this.local = actions()
    this.found = []
    this.at = null
    this.box.showModal()
    this.typed(0)
  }

  gone() {
    if (!this.box) return
    this.box.remove()
    this.box = null
    this.stop?.abort()
    clearTimeout(this.timer)
    const act = this.act
    this.act = null
    if (act) act()
    else this.back?.focus({ preventScroll: true })
  }

  typed(delay = pause) {
    this.at = null
    this.draw()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.ask(this.field.value.trim()), delay)
  }

  async ask(text) {
    this.stop?.abort()
    this.stop = new AbortController()
    try {
      const response = await fetch(`/find?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }, signal: this.stop.signal })
      if (!response.ok) return
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      this.found = [...page.querySelectorAll('.palette-row')].map((node) => document.importNode(node, true)).map(linked)
      this.draw()
    } catch {} // a later letter asked anew, or there is no network: the page's own rows serve
  }

  // draw shows what matches, best group first, and keeps what was chosen.
  draw() {
    const text = this.field.value.trim()
    const groups = new Map()
    for (const row of [...this.found, ...this.local]) {
      const points = score(row.name, text)
      if (points === null) continue
      if (!groups.has(row.group)) groups.set(row.group, [])
      groups.get(row.group).push({ row, points: points + (row.extra ?? 0) })
    }
    this.rows = []
    const parts = [...groups].map(([name, rows]) => ({ name, rows: rows.sort((a, b) => b.points - a.points).slice(0, shown) }))
    if (text) parts.sort((a, b) => b.rows[0].points - a.rows[0].points)
    this.list.replaceChildren(...parts.map(({ name, rows }, i) => this.group(name, rows.map(({ row }) => row), text, i)))
    this.box.querySelector('.palette-none').hidden = this.rows.length > 0
    this.choose(this.rows.includes(this.at) ? this.at : this.rows[0])
    this.box.querySelector('[role=status]').textContent = this.rows.length === 1 ? '1 result' : `${this.rows.length} results`
  }

  group(name, rows, text, i) {
    const node = document.createElement('div')
    node.role = 'group'
    const head = document.createElement('p')
    head.id = `palette-group-${i}`
    head.className = 'palette-head'
    head.textContent = name
    node.setAttribute('aria-labelledby', head.id)
    node.append(head)
    for (const row of rows) {
      row.node.id = `palette-${this.rows.length}`
      mark(row, text)
      node.append(row.node)
      this.rows.push(row)
    }
    return node
  }

  choose(row) {
    this.at?.node.setAttribute('aria-selected', 'false')
    this.at = row
    if (!row) return this.field.removeAttribute('aria-activedescendant')
    row.node.setAttribute('aria-selected', 'true')
    this.field.setAttribute('aria-activedescendant', row.node.id)
    row.node.scrollIntoView({ block: 'nearest' })
  }

  key(event) {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && this.rows.length > 0) {
      event.preventDefault()
      const { length } = this.rows
      this.choose(this.rows[(this.rows.indexOf(this.at) + step + length) % length])
    } else if (event.key === 'Enter') {
      event.preventDefault()
      if (this.at) this.go(this.at)
    } else if (isOpener(event)) {
      event.preventDefault()
      this.box.close()
    }
  }

  press(event) {
    if (event.target === this.box || event.target.closest('[data-close]')) return this.box.close()
    const row = this.rows.find(({ node }) => node.contains(event.target))
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return // a link opens beside
    event.preventDefault()
    this.go(row)
  }

  // go acts when the box is closed, so that what is pressed has the page again.
  go(row) {
    this.act = row.act
    this.box.close()
  }
}

// linked is a row that the server found.
function linked(node) {
  node.role = 'option'
  node.tabIndex = -1
  return { group: node.dataset.group, name: node.dataset.name, node, act: () => location.assign(node.href) }
}

// mark draws the letters of the name that were typed.
function mark({ node, name }, text) {
  const place = node.querySelector('.palette-name bdi')
  place.replaceChildren(...spans(name, text).map(({ part, hit }) => {
    if (!hit) return part
    const letters = document.createElement('b')
    letters.textContent = part
    return letters
  }))
}

function build() {
  const box = document.createElement('dialog')
  box.className = 'palette'
  box.setAttribute('aria-label', 'Find anything')
  box.innerHTML = `<div class="palette-field"><input type="text" role="combobox" aria-label="Find files, notebooks, pages and actions" aria-expanded="true" aria-autocomplete="list" aria-controls="palette-list" placeholder="Find anything" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="100"><button type="button" data-close tabindex="-1"><kbd>Esc</kbd></button></div>
<div id="palette-list" class="palette-list" role="listbox" aria-label="Found" tabindex="-1"></div><p class="palette-none" hidden>Nothing by that name. Files and notebooks are found by the letters of their names.</p>
<p class="palette-foot" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> move  <kbd>↵</kbd> open  <kbd>Esc</kbd> close</p><p class="sr-only" role="status"></p>`
  box.querySelector('.palette-field').prepend(icon('search'))
  return box
}

// deepFocus is what has the focus, inside a shadow root too.
function deepFocus() {
  let node = document.activeElement
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  return node
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform)
const isOpener = (event) => event.key.toLowerCase() === 'k' && (mac ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey

// Only who is signed in has anything to find.
if (document.querySelector('[data-palette]')) {
  const palette = new Palette()
  addEventListener('keydown', (event) => {
    if (!isOpener(event) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    event.stopImmediatePropagation()
    palette.open()
  }, true)
  document.addEventListener('click', (event) => event.target.closest?.('[data-palette]') && palette.open())
}
