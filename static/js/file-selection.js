// <file-selection>: counts and sums the ticked rows, ticks all, and with Shift
// a stretch. The bar itself is shown by CSS, and rows may come and go.
import { plural, size } from './words.js'

class FileSelection extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => this.press(event))
    this.addEventListener('change', (event) => this.change(event))
    this.addEventListener('reset', () => setTimeout(() => this.sum()))
    this.addEventListener('clock:expired', (event) => this.expire(event.target.closest('tr')))
    this.watch ??= new MutationObserver(() => this.sum())
    this.watch.observe(this, { subtree: true, childList: true })
    this.sum()
  }

  disconnectedCallback() {
    this.watch.disconnect()
  }

  boxes() {
    return [...this.querySelectorAll('td input[name=id]:not(:disabled)')]
  }

  // press notes Shift, which the change event does not tell.
  press(event) {
    this.shift = event.shiftKey
  }

  change(event) {
    const box = event.target
    if (box.matches('[data-all]')) {
      for (const each of this.boxes()) each.checked = box.checked
    } else if (this.shift && this.last) {
      this.stretch(box)
    }
    this.last = box
    this.sum()
  }

  // expire takes the tick from a row whose file is gone.
  expire(row) {
    const box = row.querySelector('input[name=id]')
    box.checked = false
    box.disabled = true
    this.sum()
  }

  stretch(box) {
    const boxes = this.boxes()
    const ends = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b)
    if (ends[0] < 0) return
    for (const each of boxes.slice(ends[0], ends[1] + 1)) each.checked = box.checked
  }

  sum() {
    const boxes = this.boxes()
    const ticked = boxes.filter((box) => box.checked)
    const all = this.querySelector('[data-all]')
    if (all) {
      all.checked = ticked.length > 0 && ticked.length === boxes.length
      all.indeterminate = ticked.length > 0 && ticked.length < boxes.length
    }
    const bytes = ticked.reduce((total, box) => total + Number(box.dataset.size), 0)
    this.write('[data-count]', `${ticked.length} selected`)
    this.write('[data-bytes]', size(bytes))
    this.querySelector('.selection')?.setAttribute('aria-label', `With ${plural(ticked.length, 'selected file')}`)
  }

  // write leaves equal text alone, or the observer would never rest.
  write(part, text) {
    const node = this.querySelector(part)
    if (node && node.textContent !== text) node.textContent = text
  }
}

customElements.define('file-selection', FileSelection)
