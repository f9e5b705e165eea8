// Which editors of a notebook are there: those near the window, and the one that
// somebody is in. They come in short slices, the nearest first, so that no key
// and no scroll waits for more than one of them. The texts of all others are
// coloured when nothing else is to be done.
import { quiet } from './quiet.js'

const margin = 800 // pixels above and below the window
const slice = 6 // milliseconds after which no further one is begun

export class Near {
  static of() {
    return (Near.one ??= new Near())
  }

  fresh = new Set() // nobody has looked where they are yet
  inside = new Set() // near the window, as was last seen
  soon = new Set() // to become editors
  late = new Set() // to become texts

  constructor() {
    this.watch = new IntersectionObserver((entries) => this.see(entries), { rootMargin: `${margin}px 0px` })
  }

  // join begins with a look of its own: the first word of the observer waits for
  // a frame, which a page in the background may not draw for long.
  join(editor) {
    this.watch.observe(editor)
    this.fresh.add(editor)
    this.next()
  }

  leave(editor) {
    this.watch.unobserve(editor)
    for (const set of [this.fresh, this.inside, this.soon, this.late]) set.delete(editor)
  }

  // see may still be told of one that has left.
  see(entries) {
    for (const { target, isIntersecting } of entries) if (target.isConnected) this.sort(target, isIntersecting)
    this.next()
  }

  sort(editor, near) {
    this.fresh.delete(editor)
    if (near) this.inside.add(editor)
    else this.inside.delete(editor)
    this.soon.delete(editor)
    this.late.delete(editor)
    ;(near ? this.soon : this.late).add(editor)
  }

  next() {
    if (this.fresh.size + this.soon.size > 0) this.turn ??= setTimeout(() => this.work())
    if (this.late.size > 0) this.pause ??= quiet((idle) => this.tidy(idle))
  }

  work() {
    this.turn = undefined
    this.look()
    const end = performance.now() + slice
    do this.settle(this.soon)
    while (this.soon.size > 0 && performance.now() < end)
    this.next()
  }

  // look measures all at once: between two changes each would lay the page out.
  look() {
    const places = [...this.fresh].map((editor) => [editor, away(editor)]).sort((a, b) => a[1] - b[1])
    for (const [editor, distance] of places) this.sort(editor, distance < margin)
  }

  tidy(idle) {
    this.pause = undefined
    const end = performance.now() + slice
    do this.settle(this.late)
    while (this.late.size > 0 && performance.now() < end && (idle.didTimeout || idle.timeRemaining() > 2))
    this.next()
  }

  // settle makes of one of a set what it should be now.
  settle(set) {
    const [editor] = set
    set.delete(editor)
    if (!editor?.isConnected) return
    if (this.inside.has(editor)) editor.show()
    else if (!editor.busy) editor.rest()
    else editor.addEventListener('focusout', () => this.left(editor), { once: true })
  }

  left(editor) {
    if (!editor.isConnected || this.inside.has(editor)) return
    this.late.add(editor)
    this.next()
  }
}

// away is how far an editor is from the window, by the box of its cell: what is in
// a far cell has not been laid out, and to ask for it would have that done.
function away(editor) {
  if (editor.closest('details:not([open])')) return Infinity
  const { top, bottom } = editor.closest('.cell').getBoundingClientRect()
  return Math.max(0, top - innerHeight, -bottom)
}
