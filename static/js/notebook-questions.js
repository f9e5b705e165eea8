// The focus where a run asks by input(): its box takes it when nobody is busy
// elsewhere, and gives it to the cell when the answer is on its way. That it asks
// is read out by the page itself.
export class Questions {
  known = new Set() // ids of the boxes that were met

  // page is { list, selected, select(cell) }. It must listen before the page's
  // keys do: ran is the cell that the last key or press ran and left.
  constructor(page) {
    this.page = page
    for (const box of this.boxes()) this.known.add(box.id)
    for (const type of ['keydown', 'pointerdown']) document.addEventListener(type, () => (this.ran = null), true)
    page.list.addEventListener('focusin', ({ target }) => (this.at = target.closest('.question')?.closest('.cell')))
  }

  boxes() {
    return [...this.page.list.querySelectorAll('.question')]
  }

  // look follows what swaps did.
  look() {
    const boxes = this.boxes()
    if (this.at && idle() && !this.at.querySelector('.question')) this.page.select(this.at)
    for (const box of boxes) if (!this.known.has(box.id) && this.free(box.closest('.cell'))) this.enter(box)
    this.known = new Set(boxes.map((box) => box.id))
  }

  // free says that a box in this cell may take the focus: nothing has it, or the
  // cell itself or one of its buttons; or the cell that was gone to by running.
  free(cell) {
    if (document.querySelector('dialog[open], details.menu[open]')) return false
    if (idle()) return true
    const { activeElement: active } = document
    if (active.matches('code-editor, input, textarea, select, iframe')) return false
    return cell.contains(active) || (this.ran === cell && active.matches('.cell'))
  }

  enter(box) {
    const field = box.querySelector('input[name=text]')
    field.focus({ preventScroll: true })
    field.scrollIntoView({ block: 'nearest' })
  }
}

const idle = () => document.activeElement === document.body || document.activeElement === null
