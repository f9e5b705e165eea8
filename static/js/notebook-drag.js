// Moving a cell by its handle, with a mouse, a pen or a finger. A line shows where
// it would come to lie; near the window's edges the page scrolls.
const far = 4 // pixels before a press becomes a move
const edge = 72 // pixels from the window's edge
const fast = 18 // pixels of scrolling in each frame, at most

export class Drag {
  // page is { list, cells(), moveTo(cell, place) }.
  constructor(page) {
    this.page = page
    page.list.addEventListener('pointerdown', (event) => this.press(event))
  }

  press(event) {
    const handle = event.target.closest('[data-handle]')
    if (!handle || event.button !== 0) return
    event.preventDefault()
    this.cell = handle.closest('.cell')
    this.from = event.clientY
    this.stop = new AbortController()
    const listen = (type, act) => handle.addEventListener(type, act, { signal: this.stop.signal })
    handle.setPointerCapture(event.pointerId)
    listen('pointermove', (move) => this.move(move.clientY))
    listen('pointerup', () => this.drop())
    listen('pointercancel', () => this.end())
    addEventListener('keydown', (key) => key.key === 'Escape' && this.end(), { signal: this.stop.signal, capture: true })
  }

  move(y) {
    if (!this.line && Math.abs(y - this.from) < far) return
    if (!this.line) this.lift()
    this.at = y
    this.place()
  }

  lift() {
    this.line = document.createElement('div')
    this.line.className = 'drop-line'
    this.page.list.append(this.line)
    this.cell.dataset.dragged = ''
    const roll = () => {
      if (!this.line) return
      const over = this.at < edge ? this.at - edge : Math.max(0, this.at - innerHeight + edge)
      if (over) {
        scrollBy(0, Math.max(-fast, Math.min(fast, over / 4)))
        this.place()
      }
      requestAnimationFrame(roll)
    }
    requestAnimationFrame(roll)
  }

  // place finds the gap next to the pointer and draws the line there.
  place() {
    const cells = this.page.cells()
    const own = cells.indexOf(this.cell)
    let gap = cells.findIndex((cell) => {
      const box = cell.getBoundingClientRect()
      return this.at < box.top + box.height / 2
    })
    if (gap < 0) gap = cells.length
    this.to = gap > own ? gap - 1 : gap
    const before = cells[gap]?.getBoundingClientRect().top
    const after = cells[gap - 1]?.getBoundingClientRect().bottom
    const y = before === undefined ? after + 12 : after === undefined ? before - 12 : (before + after) / 2
    this.line.hidden = this.to === own
    this.line.style.top = `${y - this.page.list.getBoundingClientRect().top}px`
  }

  drop() {
    const { cell, to } = this
    const own = this.page.cells().indexOf(cell)
    const moved = this.line && to !== undefined && to !== own
    this.end()
    if (moved) this.page.moveTo(cell, to + 1)
  }

  end() {
    this.stop.abort()
    this.line?.remove()
    delete this.cell.dataset.dragged
    this.line = this.to = undefined
  }
}
