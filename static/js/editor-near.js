// Which editors of a notebook are there: those near the window, and the one that
// somebody is in. They come one after the other, so that no key and no scroll
// waits for more than one of them.
const margin = 800 // pixels above and below the window

export class Near {
  static of() {
    return (Near.one ??= new Near())
  }

  waiting = new Set()
  inside = new Set()
  unseen = new Set() // nothing was heard of them yet

  constructor() {
    this.watch = new IntersectionObserver((entries) => this.see(entries), { rootMargin: `${margin}px 0px` })
  }

  // join begins with a look of its own: the first word of the observer waits for
  // a frame, which a page in the background may not draw for long.
  join(editor) {
    this.watch.observe(editor)
    this.unseen.add(editor)
    this.later(editor)
  }

  leave(editor) {
    this.watch.unobserve(editor)
    this.waiting.delete(editor)
    this.inside.delete(editor)
    this.unseen.delete(editor)
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      this.unseen.delete(target)
      if (isIntersecting) this.inside.add(target)
      else this.inside.delete(target)
      this.waiting.add(target)
    }
    this.next()
  }

  next() {
    if (this.timer || this.waiting.size === 0) return
    this.timer = setTimeout(() => {
      this.timer = 0
      const [editor] = this.waiting
      this.waiting.delete(editor)
      this.settle(editor)
      this.next()
    })
  }

  settle(editor) {
    if (!editor.isConnected) return
    if (this.unseen.has(editor) ? near(editor) : this.inside.has(editor)) editor.show()
    else if (!editor.busy) editor.rest()
    else editor.addEventListener('focusout', () => this.later(editor), { once: true })
  }

  later(editor) {
    this.waiting.add(editor)
    this.next()
  }
}

function near(editor) {
  const { top, bottom, height } = editor.getBoundingClientRect()
  return height > 0 && bottom > -margin && top < innerHeight + margin
}
