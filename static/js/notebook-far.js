// Cells that are far from the window rest (data-far): they are neither laid out
// nor painted until they come near. That begins when the page has loaded, since
// a browser looks at each form and field of it then.
const margin = 1000 // pixels above and below the window: more than editors have

export class Far {
  constructor(cells) {
    this.watch = new IntersectionObserver((entries) => this.see(entries), { rootMargin: `${margin}px 0px` })
    const begin = () => {
      for (const cell of cells()) this.watch.observe(cell)
    }
    if (document.readyState === 'complete') begin()
    else addEventListener('load', () => setTimeout(begin), { once: true })
  }

  // follow is for a cell that came later.
  follow(cell) {
    if (document.readyState === 'complete') this.watch.observe(cell)
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) target.toggleAttribute('data-far', !isIntersecting)
  }
}
